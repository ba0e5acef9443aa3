"""Patients that a model wrote: kept as they are, through attrs, files and code; others are drawn.

The model is a function that writes what the prompt asks for; nothing goes over a network.
"""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import synth_magic as sm
from synth_magic import files
from synth_magic.cli import main
from synth_magic.engines.answer import Origin
from synth_magic.engines.rows.form import Form
from synth_magic.engines.rows.learnt import learnt
from synth_magic.engines.rows.method import Method
from synth_magic.engines.rows.prompt import request
from synth_magic.engines.rows.reading import read
from synth_magic.engines.rows.written import Written
from synth_magic.errors import SamplingError
from synth_magic.frame import Cohort, PatientFrame
from synth_magic.spec.edits import edit
from tests.engines.rows.builders import COLUMNS, REGISTER, answer, patients, question

ROWS = 30
ORIGIN = Origin("claude", "A model wrote these 30 patients.")
ODD = """Patients; 30% lack a dose, 20% lack a day, 10% lack a region.

| variable | type | codes |
|---|---|---|
| region | categorical | north; south; east/west; {rows} |
| site | categorical | 10; 20; 30 |
| flag | integer | |
| dose | integer | |
| day | date | |
"""


def cohort_of(text: str, rows: int = ROWS, change: dict[str, Any] | None = None) -> Cohort:
    asked = question(rows, text)
    form = Form.of(asked.description)
    prompt = request(form, Method(rows), 0, rows).messages[0].text
    found = read(answer([one | (change or {}) for one in patients(prompt)]), form.columns)
    written = Written.of((column.name for column in form.columns), found.accepted)
    assert len(written.rows) == rows
    return Cohort(learnt(written, form, asked.description)[0], 0, rows, ORIGIN, written)


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return cohort_of(REGISTER)


@pytest.fixture
def frame(cohort: Cohort) -> PatientFrame:
    return cohort.frame()


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))


def test_the_frame_holds_the_patients_as_they_were_written(cohort: Cohort) -> None:
    frame = cohort.frame()
    assert cohort.written is not None
    assert list(frame.columns) == COLUMNS
    for place, name in enumerate(COLUMNS):
        written = [row[place] for row in cohort.written.rows]
        shown = frame[name]
        if name == "sex":
            assert shown.tolist() == [int(code) for code in written]
        elif name == "first_visit":
            assert shown.dt.strftime("%Y-%m-%d").tolist() == written
        else:
            assert shown.tolist() == written
    assert shown.dtype == "datetime64[s]"


@pytest.mark.parametrize("gaps", [False, True], ids=["whole", "with gaps"])
@pytest.mark.parametrize("text", [REGISTER, ODD], ids=["register", "odd"])
def test_types_are_those_of_a_sampled_frame(text: str, gaps: bool) -> None:
    cohort = cohort_of(text)
    assert cohort.written is not None
    if gaps:
        lacking = {"creatinine", "region", "dose", "day"}
        columns = cohort.written.columns
        rows = tuple(
            tuple(None if n < 9 and c in lacking else v for c, v in zip(columns, row, strict=True))
            for n, row in enumerate(cohort.written.rows)
        )
        form = Form.of(question(ROWS, text).description)
        written = Written(columns, rows)
        spec = learnt(written, form, question(ROWS, text).description)[0]
        cohort = replace(cohort, spec=spec, written=written)
    frame, drawn = cohort.frame(), cohort.resample(400)
    assert frame.isna().any().any() == gaps
    for name in frame:
        assert frame[name].dtype == drawn[name].dtype


def test_numbers_that_are_all_alike_or_only_two_stay_numbers() -> None:
    frame = cohort_of(ODD, change={"flag": 1, "dose": 2}).frame()
    assert frame["flag"].tolist() == [1] * ROWS
    assert frame["flag"].dtype == "int64"


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_however_few_there_are_others_can_be_drawn(rows: int) -> None:
    cohort = cohort_of(REGISTER, rows)
    assert len(cohort.frame()) == rows
    assert len(cohort.resample(50)) == 50


def test_the_cohort_comes_back_from_attrs(frame: PatientFrame, cohort: Cohort) -> None:
    held = json.loads(frame.attrs["synth_magic"])
    again = Cohort.from_dict(held)
    assert again == cohort
    same(again.frame(), frame)
    same(sm.Cohort.of(frame.copy()).frame(), frame)
    assert "written" not in sm.sample(cohort.spec, rows=5).cohort.to_dict()


def test_a_pickle_carries_them(frame: PatientFrame) -> None:
    again = pickle.loads(pickle.dumps(frame))
    assert Cohort.of(again) == frame.cohort


def test_the_code_makes_the_same_patients(cohort: Cohort) -> None:
    for one in (cohort, cohort_of(ODD)):
        names: dict[str, Any] = {}
        exec(one.as_code(), names)
        same(names["patients"], one.frame())
        assert names["patients"].cohort == one


def test_others_are_drawn_from_what_was_learnt_and_the_origin_says_so(cohort: Cohort) -> None:
    for drawn in (
        cohort.resample(),
        cohort.resample(80, 5),
        cohort.edited(edit("age", "p50", 40)).frame(),
        cohort.respecified(replace(cohort.spec, title="Others")).frame(),
    ):
        assert drawn.cohort.written is None
        assert drawn.cohort.origin.summary.startswith(
            "Drawn from a specification learnt from patients that a model wrote. A model wrote"
        )
        assert list(drawn.columns) == COLUMNS
    again = cohort.resample().cohort.resample()
    assert again.cohort.origin.summary.count("Drawn from") == 1


def test_what_was_learnt_keeps_what_is_stated(cohort: Cohort) -> None:
    drawn = cohort.resample(3000)
    assert drawn["age"].mean() == pytest.approx(63, abs=1)
    assert drawn["age"].std() == pytest.approx(12, abs=1)
    assert drawn["creatinine"].isna().mean() == pytest.approx(0.2, abs=0.03)
    spec = cohort.spec
    assert {fact.variable for fact in spec.facts} == {"age", "creatinine"}
    assert "learnt from 30 patients that the model wrote" in spec.variable("stage").basis
    assert spec.variable("stage").provenance == "model"
    assert spec.variable("creatinine").unit == "umol/L"


def test_stated_figures_that_leave_no_room_are_said() -> None:
    form = Form.of(question(2).description)
    alike = {"age": 30, "sex": "0", "creatinine": None, "stage": "end", "visits": 3}
    rows = [alike | {"first_visit": "2019-01-01"}] * 2
    written = Written.of(COLUMNS, rows)
    spec, remarks = learnt(written, form, question(2).description)
    assert [variable.name for variable in spec.variables if not variable.hidden] == [
        name for name in COLUMNS if name != "creatinine"
    ]
    assert remarks[0].startswith("What was learnt from these patients: creatinine is left out")


def test_checks_are_of_the_patients_who_were_written(cohort: Cohort) -> None:
    facts = cohort.facts().set_index("figure")
    assert facts.loc["mean", "achieved"] == pytest.approx(cohort.frame()["age"].mean())


def test_a_file_and_its_record_give_them_back(
    frame: PatientFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, sidecar = files.write(frame, tmp_path / "patients.csv")
    record = files.read(sidecar)
    assert json.loads(sidecar.read_text())["as_drawn"] is True
    assert Cohort.of(files.read_patients(path)).written == frame.cohort.written
    same(sm.sample(record.spec, ROWS, origin=record.origin, written=record.written), frame)
    assert main(["sample", str(sidecar)]) == 0
    printed = capsys.readouterr()
    assert printed.out == path.read_text()
    assert "Drawn again from its record. A model wrote these 30 patients." in printed.err


@pytest.mark.parametrize("option", [["--rows", "40"], ["--seed", "3"]])
def test_of_a_record_others_are_drawn_and_it_is_said(
    frame: PatientFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: list[str]
) -> None:
    path, sidecar = files.write(frame, tmp_path / "patients.csv")
    assert main(["sample", str(sidecar), *option]) == 0
    printed = capsys.readouterr()
    assert printed.out != path.read_text()
    assert "Drawn from a specification learnt from patients that a model wrote" in printed.err


STRANGE: dict[str, Any] = {
    "another code": {"rows": [[50, "7", 1.0, "late", 1, "2019-01-01"]]},
    "a number beyond reach": {"rows": [[10**400, "1", 1.0, "late", 1, "2019-01-01"]]},
    "an endless number": {"rows": [[float("inf"), "1", 1.0, "late", 1, "2019-01-01"]]},
    "a number that is immense": {"rows": [[1e300, "1", 1.0, "late", 1, "2019-01-01"]]},
    "a list": {"rows": [[[1], "1", 1.0, "late", 1, "2019-01-01"]]},
    "a list for a code": {"rows": [[50, ["1"], 1.0, "late", 1, "2019-01-01"]]},
    "no number": {"rows": [["old", "1", 1.0, "late", 1, "2019-01-01"]]},
    "no date": {"rows": [[50, "1", 1.0, "late", 1, "soon"]]},
    "too short": {"rows": [[50, "1"]]},
    "other columns": {"columns": ["a", "b", "c", "d", "e", "f"]},
}


@pytest.mark.parametrize("change", STRANGE.values(), ids=STRANGE)
def test_a_record_that_was_tampered_with_is_refused_in_one_line(
    cohort: Cohort, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any]
) -> None:
    document = cohort.to_dict()
    document["written"] |= change
    document["rows"] = len(document["written"]["rows"])
    with pytest.raises(SamplingError, match="kept with a specification that is not theirs"):
        Cohort.from_dict(document).frame()
    (tmp_path / "it.json").write_text(json.dumps(document))
    assert main(["sample", str(tmp_path / "it.json")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
