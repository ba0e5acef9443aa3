"""Frames to files: whole or not at all, with a sidecar that says what made them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import synth_magic as sm
from synth_magic.errors import FileError, SettingError
from synth_magic.files import free, read, read_patients, write
from synth_magic.frame import Cohort
from tests.sampling.builders import AGE, CRP, SEX, STAGE, cohort, yes_no

SPEC = cohort(SEX, AGE, STAGE, CRP, yes_no("<b>died</b>", 0.2, missing=0.3))


@pytest.fixture
def patients() -> sm.PatientFrame:
    return sm.sample(SPEC, rows=40, seed=3)


def test_a_csv_holds_the_patients(patients: sm.PatientFrame, tmp_path: Path) -> None:
    path, _ = write(patients, tmp_path / "patients.csv")
    again = pd.read_csv(path)
    assert list(again) == list(patients)
    assert again.age.tolist() == patients.age.tolist()
    assert again.crp.tolist() == patients.crp.tolist()
    assert again["<b>died</b>"].isna().equals(patients["<b>died</b>"].isna())


def test_a_parquet_file_holds_the_patients_and_their_cohort(
    patients: sm.PatientFrame, tmp_path: Path
) -> None:
    path, _ = write(patients, tmp_path / "patients.parquet")
    again = pd.read_parquet(path)
    pd.testing.assert_frame_equal(again, pd.DataFrame(patients))
    assert Cohort.of(again) == patients.cohort


@pytest.mark.parametrize("name", ["patients.csv", "patients.parquet"])
def test_the_sidecar_says_what_made_them(
    patients: sm.PatientFrame, tmp_path: Path, name: str
) -> None:
    path, sidecar = write(patients, tmp_path / name)
    assert sidecar.name == f"{name}.synthetic.json"
    made = json.loads(sidecar.read_text(encoding="utf-8"))
    assert made["synthetic"] is True
    assert (made["seed"], made["rows"], made["version"]) == (3, 40, sm.__version__)
    assert made["origin"]["engine"] == "specification"
    assert sm.CohortSpec.from_dict(made["spec"]) == patients.cohort.spec
    assert sorted(tmp_path.iterdir()) == sorted([path, sidecar])


class DiskFullError(OSError):
    strerror = "No space left on device"


def test_a_failure_leaves_the_old_file_and_no_half_one(
    patients: sm.PatientFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sidecar = write(patients, tmp_path / "patients.csv")
    before = path.read_bytes(), sidecar.read_bytes()

    def half(frame: pd.DataFrame, target: Path, **_: object) -> None:
        Path(target).write_text("age\n6")
        raise DiskFullError

    monkeypatch.setattr(pd.DataFrame, "to_csv", half)
    with pytest.raises(FileError, match=r"cannot write.*no space left"):
        write(sm.sample(SPEC, rows=10), path)
    assert (path.read_bytes(), sidecar.read_bytes()) == before
    assert sorted(tmp_path.iterdir()) == sorted([path, sidecar])


def test_an_interruption_leaves_the_old_file_too(
    patients: sm.PatientFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sidecar = write(patients, tmp_path / "patients.csv")
    before = path.read_bytes()

    def interrupted(frame: pd.DataFrame, target: Path, **_: object) -> None:
        Path(target).write_text("age\n6")
        raise KeyboardInterrupt

    monkeypatch.setattr(pd.DataFrame, "to_csv", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(patients, path)
    assert path.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == sorted([path, sidecar])


def test_a_failing_sidecar_leaves_both_old_files(
    patients: sm.PatientFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New patients beside the old sidecar would be taken for what they are not."""
    path, sidecar = write(patients, tmp_path / "patients.csv")
    before = path.read_bytes(), sidecar.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise DiskFullError

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(FileError):
        write(sm.sample(SPEC, rows=10), path)
    monkeypatch.undo()
    assert (path.read_bytes(), sidecar.read_bytes()) == before


def test_a_folder_that_is_not_there(patients: sm.PatientFrame, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"cannot write .*nowhere.patients\.csv"):
        write(patients, tmp_path / "nowhere" / "patients.csv")


@pytest.mark.parametrize("name", ["patients.xlsx", "patients", "patients.cvs"])
def test_other_endings_are_refused(patients: sm.PatientFrame, tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingError, match=r"write to a name ending in \.csv or \.parquet"):
        write(patients, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_misspelt_ending_is_guessed(patients: sm.PatientFrame, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"did you mean '\.csv'"):
        write(patients, tmp_path / "patients.cvs")


def test_capital_endings_are_known(patients: sm.PatientFrame, tmp_path: Path) -> None:
    path, _ = write(patients, tmp_path / "PATIENTS.CSV")
    assert len(pd.read_csv(path)) == 40


def test_without_pyarrow_the_remedy_is_said(
    patients: sm.PatientFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(*_: object, **__: object) -> None:
        raise ImportError("Unable to find a usable engine")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", absent)
    with pytest.raises(FileError, match=r"pip install 'synth_magic\[parquet\]'"):
        write(patients, tmp_path / "patients.parquet")


def test_the_record_beside_a_file_draws_the_same_patients_again(tmp_path: Path) -> None:
    patients = sm.generate("40% female. Age 61 (SD 12).", rows=30, seed=4)
    _, record = sm.write(patients, tmp_path / "p.csv")
    made = read(record)
    spec, rows, seed, origin = made.spec, made.rows, made.seed, made.origin
    assert (rows, seed) == (30, 4)
    again = sm.sample(spec, rows, seed, origin=origin)
    pd.testing.assert_frame_equal(again, patients)
    made = patients.cohort.origin
    assert again.cohort.origin.summary == f"Drawn again from its record. {made.summary}"
    assert again.cohort.origin.description == made.description


def test_a_filtered_frame_is_written_as_changed(tmp_path: Path) -> None:
    patients = sm.generate("40% female. Age 61 (SD 12).", rows=30)
    _, drawn = sm.write(patients, tmp_path / "drawn.csv")
    _, changed = sm.write(patients[patients.age > 60], tmp_path / "changed.csv")
    assert json.loads(drawn.read_text(encoding="utf-8"))["as_drawn"] is True
    assert json.loads(changed.read_text(encoding="utf-8"))["as_drawn"] is False


def test_a_free_name_is_next_to_those_that_are_taken(tmp_path: Path) -> None:
    wanted = tmp_path / "patients.cohort.json"
    assert free(wanted) == wanted
    wanted.touch()
    assert free(wanted) == tmp_path / "patients-2.cohort.json"
    (tmp_path / "patients-2.cohort.json").symlink_to(tmp_path / "nowhere")
    assert free(wanted) == tmp_path / "patients-3.cohort.json"


def test_a_record_that_was_left_alone_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "patients.csv.synthetic.json").touch()
    assert free(tmp_path / "patients.csv") == tmp_path / "patients-2.csv"


@pytest.mark.parametrize("name", ["patients.csv", "patients.parquet"])
def test_patients_that_are_read_carry_their_cohort(
    name: str, patients: sm.PatientFrame, tmp_path: Path
) -> None:
    data, beside = write(patients, tmp_path / name)
    again = read_patients(data)
    assert again["age"].tolist() == patients["age"].tolist()
    assert Cohort.of(again) == patients.cohort
    beside.unlink()
    assert read_patients(data).attrs == {}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("p.csv", b"", "cannot read '{}': it is no CSV: No columns to parse from file"),
        ("p.csv", b"a\n\xff\xfe", "cannot read '{}': it is no UTF-8 text"),
        ("p.csv", None, "cannot read '{}': no such file or directory"),
        ("p.parquet", b"age,sex", "cannot read '{}': it is no Parquet file"),
        ("p.parquet", None, "cannot read '{}': no such file or directory"),
    ],
)
def test_what_holds_no_patients_is_an_error(
    name: str, content: bytes | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileError) as error:
        read_patients(path)
    assert str(error.value) == message.format(path)


def test_patients_are_read_from_files_of_two_kinds() -> None:
    with pytest.raises(SettingError) as error:
        read_patients("https://example.org/patients.csw")
    assert str(error.value) == (
        "patients.csw: read from a name ending in .csv or .parquet (did you mean '.csv'?)"
    )


@pytest.mark.parametrize(("separator", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_separators_than_commas_are_told(tmp_path: Path, separator: str, name: str) -> None:
    path = tmp_path / "real.csv"
    path.write_text(f"age{separator}sex\n50{separator}female\n")
    with pytest.raises(FileError, match=f"{name} part its columns; write commas"):
        read_patients(path)
