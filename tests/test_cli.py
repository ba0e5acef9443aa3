"""The command line, in process and as users run it."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pandas as pd
import pytest

import synth_magic as sm
from synth_magic.cli import main
from tests.engines.claude.builders import TABLE, answer
from tests.messages_api import MessagesApi, Says
from tests.messages_api.steps import Body, Wire
from tests.sampling.builders import AGE, SEX, cohort

PROSE = "Adults with heart failure, 56% male, mean age 67 (SD 9)."
SPEC = cohort(SEX, AGE)
GOOD = Says(json.dumps(answer()))

pytestmark = pytest.mark.usefixtures("no_credentials")


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


def test_catalogue_shows_a_page_and_what_fits_some_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["catalogue", "systolic_bp"]) == 0
    assert capsys.readouterr().out.startswith("Systolic blood pressure (variable systolic_bp)\n")
    assert main(["catalogue", "blood", "pressure"]) == 0
    assert "fit “blood pressure”" in capsys.readouterr().out
    assert main(["catalogue", "?!"]) == 1
    assert "write the words to look for" in capsys.readouterr().err


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


@pytest.fixture
def asking(messages_api: MessagesApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A command that asks the local server, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return ["generate", TABLE, "--rows", "20", "--base-url", messages_api.url]


def test_generate_asks_with_its_settings_and_examples(
    asking: list[str], messages_api: MessagesApi, capsys: pytest.CaptureFixture[str]
) -> None:
    messages_api.script(GOOD)
    Path("ann.json").write_text('[{"age": 61, "sex": null}]', encoding="utf-8")
    settings = ["--model", "mine", "--effort", "low", "--max-tokens", "9_000"]
    assert main([*asking, *settings, "--example", "ann.json", "--recordings", "answers"]) == 0
    printed = capsys.readouterr()
    assert len(pd.read_csv(io.StringIO(printed.out))) == 20
    assert "mine wrote the specification on " in printed.err
    assert "Asking" not in printed.err
    body = messages_api.requests[0].body
    assert (body["model"], body["max_tokens"]) == ("mine", 9000)
    assert '{\\"age\\": 61, \\"sex\\": null}' in json.dumps(body["messages"])
    assert len(list(Path("answers").iterdir())) == 1


def test_a_recorded_answer_is_replayed_unless_it_is_asked_afresh(
    asking: list[str], messages_api: MessagesApi, capsys: pytest.CaptureFixture[str]
) -> None:
    messages_api.script(GOOD, GOOD)
    for extra in ([], [], ["--fresh"]):
        assert main([*asking, *extra]) == 0
    assert len(messages_api.requests) == 2
    assert capsys.readouterr().err.count("Replayed from the recorded answer") == 1


def test_a_dry_run_prints_the_request_and_sends_nothing(
    asking: list[str], messages_api: MessagesApi, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*asking, "--dry-run"]) == 0
    assert "claude-opus-5-5 would be asked" in capsys.readouterr().out
    assert messages_api.requests == []
    assert list(Path().iterdir()) == []


def test_a_terminal_shows_progress_and_wipes_it(
    asking: list[str], messages_api: MessagesApi
) -> None:
    pty = pytest.importorskip("pty")
    messages_api.script(GOOD)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "synth_magic", *asking, "--out", "patients.csv"]
    subprocess.run(command, stderr=theirs, stdout=subprocess.PIPE, check=True)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "\rAsking claude-opus-5-5: waiting. Ctrl-C stops it." in shown
    assert "\rAsking claude-opus-5-5: writing" in shown
    assert "\n" not in shown.rpartition("Ctrl-C")[0]


@pytest.fixture
def compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A command that compares two files, in their folder."""
    monkeypatch.chdir(tmp_path)
    sm.write(sm.sample(SPEC, rows=80, seed=1), "made.csv")
    sm.sample(SPEC, rows=90, seed=2).to_csv("real.csv", index=False)
    return ["evaluate", "made.csv", "real.csv", "--splits", "1"]


def test_evaluate_prints_a_table_and_writes_the_report(
    compared: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    roles = ["--target", "sex", "--keys", "age", "--sensitive", "sex"]
    assert main([*compared, *roles, "--html", "report.html", "--json", "report.json"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("80 synthetic patients beside 90 real ones: 2 columns, one split")
    assert "\n  Boosted-tree AUC " in printed.out
    assert printed.out.endswith("written: report.html\nwritten: report.json\n")
    assert printed.err == ""
    assert "</html>" in Path("report.html").read_text(encoding="utf-8")
    setup = json.loads(Path("report.json").read_text(encoding="utf-8"))["setup"]
    assert (setup["target"], setup["keys"], setup["sensitive"]) == ("sex", ["age"], ["sex"])
    assert setup["made_by"] == "Sampled from a specification; no engine was asked."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--html", "report.json"], "report.json: write to a name ending in .html"),
        (["--json", "report.jsn"], "ending in .json (did you mean '.json'?)"),
        (["--holdout", "none.csv"], "cannot read 'none.csv': no such file or directory"),
        (["--target", "sexe"], "(did you mean 'sex'?)"),
        (["--splits", "0"], "splits must be"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_line(
    compared: list[str], arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*compared, *arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err
    assert printed.err.startswith("synthpatients: ")
    assert len(printed.err.splitlines()) == 1


class Silence:
    """No answer at all; `begun` once the server has the request."""

    def __init__(self) -> None:
        self.begun = Event()

    def answer(self, wire: Wire, _: Body) -> None:
        self.begun.set()
        wire.wait()


def test_ctrl_c_stops_it_without_a_traceback(asking: list[str], messages_api: MessagesApi) -> None:
    messages_api.script(silence := Silence())
    command = [sys.executable, "-m", "synth_magic", *asking]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert silence.begun.wait(60)
        process.send_signal(signal.SIGINT)
        output, complaint = process.communicate()
    assert (process.returncode, output) == (130, b"")
    assert complaint.decode() == "synthpatients: the call was stopped\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["generate", PROSE, "--engine", "ofline"], "did you mean 'offline'"),
        (["generate", PROSE, "--max-tokens", "many"], "--max-tokens must be a whole number"),
        (["generate", PROSE, "--engine", "claude"], "there is no key for the Anthropic API"),
        (["generate", PROSE, "--engine", "recorded"], "no answer to this description is recorded"),
        (["generate", PROSE, "--example", "nowhere.json"], "cannot read 'nowhere.json': no such"),
        (["generate", PROSE, "--example", __file__], "it is no JSON: "),
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


def test_a_file_in_the_place_of_a_text_is_an_error_that_tells_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gout.txt").write_text(PROSE, encoding="utf-8")
    assert main(["generate", "gout.txt"]) == 1
    assert "write --file gout.txt" in capsys.readouterr().err


def test_what_is_drawn_again_says_what_made_it_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    assert main(["generate", PROSE, "--rows", "20", "--out", str(first)]) == 0
    assert main(["sample", f"{first}.synthetic.json", "--out", str(second)]) == 0
    assert first.read_bytes() == second.read_bytes()
    origin = json.loads(Path(f"{second}.synthetic.json").read_text())["origin"]
    assert origin["engine"] == "offline"
    assert origin["summary"].startswith("Drawn again from its record. Made offline")


def test_a_recorded_answer_is_no_specification(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "answer.json"
    path.write_text('{"format": 1, "exchanges": []}', encoding="utf-8")
    assert main(["sample", str(path)]) == 1
    assert "is a recorded answer" in capsys.readouterr().err
