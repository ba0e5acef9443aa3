from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from synth_magic import Cohort, CohortSpec
from synth_magic.notebook.history import History
from synth_magic.notebook.pages.view import View
from synth_magic.notebook.panel.notice import Notice
from synth_magic.notebook.panel.saving import Saving
from synth_magic.notebook.panel.scene import Scene
from synth_magic.spec import Variable
from tests.notebook.pages.elements import EVIL, Elements, is_harmless


def scene(cohort: Cohort, name: str = "diabetics", source: str = "") -> Scene:
    history = History()
    version = history.keep(history.make(cohort, "described", source=source))
    return Scene(name, View.of(cohort, cohort.frame()), version, history)


@pytest.fixture
def saving(cohort: Cohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Saving:
    monkeypatch.chdir(tmp_path)
    row = Saving(Notice())
    row.show(scene(cohort))
    return row


def said(row: Saving) -> str:
    return Elements(row._notice.text.value).text


def names() -> list[str]:
    return sorted(path.name for path in Path.cwd().iterdir())


def test_a_csv_is_named_after_the_variable_with_its_record_beside_it(
    saving: Saving, cohort: Cohort
) -> None:
    saving.csv.click()
    assert names() == ["diabetics.csv", "diabetics.csv.synthetic.json"]
    assert pd.read_csv("diabetics.csv").age.tolist() == cohort.frame().age.tolist()
    assert json.loads(Path("diabetics.csv.synthetic.json").read_text())["as_drawn"] is True
    assert said(saving) == (
        "Saved diabetics.csv (50 patients) and, beside it, diabetics.csv.synthetic.json, "
        f"in {Path.cwd()}."
    )


def test_no_file_is_written_over(saving: Saving) -> None:
    Path("diabetics.csv").write_text("mine")
    saving.csv.click()
    saving.csv.click()
    assert Path("diabetics.csv").read_text() == "mine"
    assert {"diabetics-2.csv", "diabetics-3.csv"} < set(names())


def test_parquet_holds_the_same_patients(saving: Saving, cohort: Cohort) -> None:
    saving.parquet.click()
    again = pd.read_parquet("diabetics.parquet")
    assert Cohort.of(again) == cohort
    assert again.age.tolist() == cohort.frame().age.tolist()


def test_without_pyarrow_the_remedy_is_said(
    saving: Saving, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(*_: object, **__: object) -> None:
        raise ImportError("Unable to find a usable engine")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", absent)
    saving.parquet.click()
    assert "pip install 'synth_magic[parquet]'" in said(saving)
    assert names() == []


def test_the_specification_is_read_again(saving: Saving, cohort: Cohort) -> None:
    saving.specification.click()
    assert CohortSpec.read("diabetics.cohort.json") == cohort.spec
    assert "Saved the specification, diabetics.cohort.json" in said(saving)


def test_patients_without_a_name_are_patients(saving: Saving, cohort: Cohort) -> None:
    saving.show(scene(cohort, name=""))
    saving.csv.click()
    assert "patients.csv" in names()


def test_what_the_panel_shows_is_saved_and_that_is_said_if_the_variable_differs(
    cohort: Cohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    row = Saving(Notice(), lambda: "You have changed diabetics since it was drawn.")
    row.show(scene(cohort))
    row.csv.click()
    assert said(row).endswith(
        "You have changed diabetics since it was drawn. What the panel shows was saved."
    )


def test_a_folder_that_cannot_be_written_is_said(
    saving: Saving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "replace", _refuse)
    saving.csv.click()
    assert "permission denied" in said(saving)
    assert names() == []


def _refuse(*_: Any) -> None:
    raise PermissionError(13, "Permission denied")


def test_the_code_is_shown_in_a_box_with_a_button_that_copies_it(
    saving: Saving, cohort: Cohort
) -> None:
    assert saving.code.layout.display == "none"
    saving.copy.click()
    assert saving.code.layout.display != "none"
    page = Elements(saving.code.value)
    assert cohort.as_code() in page.text
    handlers = [attrs["onclick"] or "" for _, attrs in page.elements if "onclick" in attrs]
    assert ["navigator.clipboard" in handler for handler in handlers] == [True]
    saving.copy.click()
    assert saving.code.layout.display == "none"


def test_the_magics_line_stands_above_the_code_where_there_is_one(
    saving: Saving, cohort: Cohort
) -> None:
    saving.show(scene(cohort, source="%%synthpatients diabetics"))
    saving.copy.click()
    assert "%%synthpatients diabetics --rows 50 --seed 0" in saving.code.value
    saving.show(scene(replace(cohort, seed=7), source="%%synthpatients diabetics"))
    assert "--rows 50 --seed 7" in saving.code.value
    assert "seed=7)" in saving.code.value


def test_names_cannot_leave_the_box(saving: Saving, cohort: Cohort) -> None:
    label = f"</textarea>{EVIL}"
    age = cohort.spec.variable("age")
    evil = CohortSpec(label, label, (Variable(label, "integer", age.marginal, label),))
    saving.show(scene(Cohort(evil, 0, 5, cohort.origin), source=label))
    saving.copy.click()
    assert is_harmless(saving.code.value)
    assert saving.code.value.count("</textarea>") == 1
