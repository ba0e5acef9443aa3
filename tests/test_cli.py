"""The command line, in process and as users run it."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import synth_magic as sm
from synth_magic.cli import main
from tests.sampling.builders import AGE, SEX, cohort

PROSE = "Adults with heart failure, 56% male, mean age 67 (SD 9)."
SPEC = cohort(SEX, AGE)


@pytest.fixture
def spec_file(tmp_path: Path) -> Path:
    SPEC.write(tmp_path / "spec.json")
    return tmp_path / "spec.json"


def test_sample_prints_a_csv_and_says_on_the_other_stream_what_it_is(
    spec_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sample", str(spec_file), "--rows", "12", "--seed", "5"]) == 0
    printed = capsys.readouterr()
    patients = pd.read_csv(io.StringIO(printed.out))
    assert patients.age.tolist() == sm.sample(SPEC, rows=12, seed=5).age.tolist()
    assert "12 synthetic patients" in printed.err


def test_sample_writes_files(
    spec_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "patients.csv"
    assert main(["sample", str(spec_file), "--out", str(out)]) == 0
    assert len(pd.read_csv(out)) == 100
    printed = capsys.readouterr().out
    assert str(out) in printed
    assert "patients.csv.synthetic.json" in printed


def test_generate_takes_a_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", PROSE, "--rows", "30"]) == 0
    printed = capsys.readouterr()
    patients = pd.read_csv(io.StringIO(printed.out))
    assert len(patients) == 30
    assert "age" in patients
    assert "30 synthetic patients. " in printed.err


def test_generate_takes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cohort.txt").write_text(PROSE, encoding="utf-8")
    assert main(["generate", "--file", str(tmp_path / "cohort.txt"), "--rows", "3"]) == 0
    from_file = capsys.readouterr().out
    main(["generate", PROSE, "--rows", "3"])
    assert capsys.readouterr().out == from_file


def test_generate_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(PROSE))
    assert main(["generate", "-", "--rows", "2"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["generate", PROSE, "--engine", "ofline"], "did you mean 'offline'"),
        (["generate", PROSE, "--rows", "0"], "rows must be a whole number of at least 1, not 0"),
        (["generate", PROSE, "--rows", "-3"], "not -3"),
        (["generate", PROSE, "--rows", "1000000000"], "--large"),
        (["generate", PROSE, "--seed", "-1"], "seed must be a whole number"),
        (["generate", "--file", "nowhere.txt"], "cannot read 'nowhere.txt': no such file"),
        (["sample", "nowhere.json"], "cannot read 'nowhere.json'"),
        (
            ["generate", PROSE, "--rows", "5", "--out", "patients.xlsx"],
            "ending in .csv or .parquet",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err
    assert printed.err.startswith("synthpatients: ")
    assert len(printed.err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_an_empty_description_shows_what_could_be_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["generate", ""]) == 1
    assert "the description is empty" in capsys.readouterr().err


def test_a_bad_specification_lists_its_violations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "spec.json").write_text('{"title": "x", "variables": 3}')
    assert main(["sample", str(tmp_path / "spec.json")]) == 1
    assert "variables" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [[], ["generate"], ["unknown"], ["sample"], ["generate", "x", "--rows", "ten"],
     ["generate", "text", "--file", "x"]],
)  # fmt: skip
def test_what_is_no_command_is_the_usage_and_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "usage: synthpatients" in capsys.readouterr().err


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "synth_magic", *arguments], check=False, capture_output=True,
        text=True,
    )  # fmt: skip


def test_the_module_is_the_command(spec_file: Path) -> None:
    good = run("sample", str(spec_file), "--rows", "3")
    assert (good.returncode, len(good.stdout.splitlines())) == (0, 4)
    bad = run("sample", str(spec_file), "--rows", "0")
    assert (bad.returncode, bad.stdout) == (1, "")
    assert "Traceback" not in bad.stderr
    assert run("--version").stdout == f"synthpatients {sm.__version__}\n"


def test_a_reader_that_stops_early_is_no_traceback(spec_file: Path) -> None:
    """`synthpatients … | head -1`"""
    command = [sys.executable, "-m", "synth_magic", "sample", str(spec_file), "--rows", "200000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        complaint = process.stderr.read().decode()
    assert "Traceback" not in complaint
