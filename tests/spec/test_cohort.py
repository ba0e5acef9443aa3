from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from synth_magic.errors import FileError, SettingError, SpecificationError
from synth_magic.spec import By, Cell, CohortSpec, Formula, MeanSD, Variable
from tests.spec.builders import AGE, SEX, cohort
from tests.strategies import cohort_specs


@given(cohort_specs(with_facts=True))
def test_a_round_trip_through_json_is_the_identity(spec: CohortSpec) -> None:
    assert CohortSpec.from_json(spec.to_json()) == spec


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just(1e300)
)


def leaves(part: Any) -> Iterator[tuple[Any, str | int]]:
    """Every place in a document that holds no object and no list."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(value, dict | list):
            yield from leaves(value)
        else:
            yield part, key


@given(st.data(), cohort_specs(with_facts=True))
def test_a_damaged_document_is_refused_in_words_or_still_means_something(
    data: st.DataObject, spec: CohortSpec
) -> None:
    document = spec.to_dict()
    others = [part[key] for part, key in leaves(document)]
    for _ in range(3):
        part, key = data.draw(st.sampled_from(list(leaves(document))))
        part[key] = data.draw(ANYTHING | st.sampled_from(others))
    try:
        damaged = CohortSpec.from_dict(document)
    except SpecificationError as refused:
        event(f"{len(refused.violations)} violations")
    else:
        assert CohortSpec.from_json(damaged.to_json()) == damaged
        assert str(spec.diff(damaged))


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(2**60), 2**60))
def test_every_finite_number_survives_json(mean: float, high: int) -> None:
    written = json.loads(cohort(Variable("x", "continuous", MeanSD(mean, 1, None, high))).to_json())
    assert written["variables"][-1]["marginal"]["mean"] == mean
    assert written["variables"][-1]["marginal"]["high"] == high


def test_json_is_readable() -> None:
    lines = cohort().to_json().splitlines()
    assert lines[1] == '  "title": "clinic",'
    assert '      "unit": "mmHg",' in lines
    assert any(
        line.endswith('{"kind": "mean_sd", "mean": 130, "sd": 20, "low": 70, "high": 250},')
        for line in lines
    )
    assert max(map(len, lines)) <= 120


def test_numbers_that_json_does_not_know_are_not_written() -> None:
    endless = Variable("x", "continuous", MeanSD(float("inf"), float("nan")))
    with pytest.raises(SpecificationError, match="finite"):
        cohort(endless).to_json()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: this is no JSON"),
        ('{"title": "a",\n "title" "b"}', "line 2, column 10"),
        ('{"title": "a", "title": "b"}', "'title' stands twice in one object"),
        ('{"title": NaN}', "NaN is no number that JSON knows"),
        ('{"title": -Infinity}', "-Infinity is no number that JSON knows"),
        (f'{{"title": {"9" * 5000}}}', "this is no JSON"),
        ("[" * 100_000, "this is no JSON"),
        ("[]", "the specification: a list stands where an object belongs"),
        ("null", "the specification: null stands where an object belongs"),
        ("{}", "`title`, `population`, `variables`"),
    ],
)
def test_text_that_is_no_specification_is_refused(text: str, message: str) -> None:
    with pytest.raises(SpecificationError) as caught:
        CohortSpec.from_json(text)
    assert message in str(caught.value)


def test_meaning_is_checked_when_json_is_read() -> None:
    text = cohort().to_json().replace('"sd": 20', '"sd": -20')
    with pytest.raises(SpecificationError, match="the SD is -20"):
        CohortSpec.from_json(text)


def test_what_was_built_with_wrong_types_is_told_in_words() -> None:
    spec = cohort(Variable("x", "numeric", MeanSD("1", 2)))
    with pytest.raises(SpecificationError) as caught:
        spec.validate()
    assert len(caught.value.violations) == 2


def test_a_variable_is_found_by_name_or_the_nearest_is_named() -> None:
    assert cohort().variable("age") is AGE
    with pytest.raises(SettingError, match=r"no variable 'Agee' \(did you mean 'age'\?\)"):
        cohort().variable("Agee")


def test_a_file_holds_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "clinic é.json"
    spec = dataclasses.replace(cohort(), title="Klinik «Süd» 心")
    spec.write(path)
    spec.write(str(path))
    assert CohortSpec.read(path) == spec
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_from_an_editor_that_marks_utf_8_is_read(tmp_path: Path) -> None:
    path = tmp_path / "spec.json"
    path.write_text(cohort().to_json(), encoding="utf-8-sig")
    assert CohortSpec.read(path) == cohort()


def test_a_specification_that_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "spec.json"
    cohort().write(path)
    with pytest.raises(SpecificationError):
        cohort(Variable("x", "continuous", MeanSD(float("nan"), 1))).write(path)
    assert CohortSpec.read(path) == cohort()
    assert list(tmp_path.iterdir()) == [path]


def test_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileError, match=r"binary\.json': it is no UTF-8 text"):
        CohortSpec.read(binary)
    with pytest.raises(FileError, match=r"absent\.json': no such file"):
        CohortSpec.read(tmp_path / "absent.json")
    with pytest.raises(FileError, match="is a directory"):
        CohortSpec.read(tmp_path)
    with pytest.raises(FileError, match="no such file or directory"):
        cohort().write(tmp_path / "absent" / "spec.json")
    with pytest.raises(FileError, match="is a directory"):
        cohort().write(tmp_path)
    assert list(tmp_path.iterdir()) == [binary]


def test_the_codes_of_a_variable_are_those_of_its_marginal() -> None:
    by_age = By(("age",), (Cell(("<65",), SEX.marginal), Cell((">=65",), SEX.marginal)))
    grown_up = Formula("'yes' if age >= 18 else 'no'", ("no", "yes"))
    assert SEX.codes == ("female", "male")
    assert Variable("sex", "binary", by_age).codes == ("female", "male")
    assert Variable("adult", "binary", grown_up).codes == ("no", "yes")
    assert AGE.codes == ()


def test_specifications_load_without_heavy_libraries() -> None:
    code = "import sys, synth_magic.spec; print(*sys.modules)"
    run = [sys.executable, "-c", code]
    loaded = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
    assert not {"jsonschema", "numpy", "pandas", "scipy"} & set(loaded)
