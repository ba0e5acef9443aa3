from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from synth_magic import PatientFrame, generate
from synth_magic.errors import DescriptionError, RowsError, SettingError

TEXT = "Adults aged 40-85, 56% male. HbA1c around 7.4% (SD 1.3)."
OPTIONS = (
    "the options are --rows, --seed, --refine, --engine, --model, --effort, --max-tokens, "
    "--token-budget, --recordings, --base-url, --timeout, --method, --rows-per-request, "
    "--requests-at-once, --database, --without, --fresh, --example, --against, --target, "
    "--keys, --sensitive, --codes, --leave-out, --splits, --dry-run, --large, --quiet"
)
NO_ENGINE = (
    "--engine must be 'auto', 'claude', 'recorded' or 'offline', not 'ofline' (did you mean "
    "'offline'?)"
)


def run(shell: InteractiveShell, line: str, body: str = TEXT) -> PatientFrame | None:
    return shell.run_cell_magic("synthpatients", line, body)


def test_a_cell_binds_its_name_and_returns_the_patients(shell: InteractiveShell) -> None:
    returned = run(shell, "diabetics --rows 20 --seed 3")
    assert returned is shell.user_ns["diabetics"]
    assert isinstance(returned, PatientFrame)
    assert returned.equals(generate(TEXT, rows=20, seed=3))


def test_without_a_name_the_patients_are_returned_only(shell: InteractiveShell) -> None:
    before = set(shell.user_ns)
    returned = run(shell, "--rows 20")
    assert returned is not None
    assert len(returned) == 20
    assert set(shell.user_ns) == before


def test_a_quiet_cell_binds_and_shows_nothing(shell: InteractiveShell) -> None:
    with capture_output() as shown:
        result = shell.run_cell(f"%%synthpatients diabetics --quiet\n{TEXT}")
    assert result.result is None
    assert (shown.stdout, shown.stderr, shown.outputs) == ("", "", [])
    assert len(shell.user_ns["diabetics"]) == 100


def test_quotes_round_an_options_text_are_ours_to_strip(shell: InteractiveShell) -> None:
    frame = run(shell, """'diabetics' --engine "offline" --rows '20'""")
    assert frame is shell.user_ns["diabetics"]


def test_dollars_and_braces_are_literal(shell: InteractiveShell) -> None:
    shell.user_ns["name"] = "other"
    with pytest.raises(UsageError, match=r"'\{name\}' cannot name a variable"):
        run(shell, "{name}")
    frame = run(shell, "diabetics", TEXT + " They pay {name} or $name.")
    assert frame is not None
    assert "{name} or $name" in frame.cohort.origin.description


@pytest.mark.parametrize(
    ("line", "error", "message"),
    [
        (
            "d --rowz 5",
            UsageError,
            f"unknown option --rowz (did you mean '--rows'?); {OPTIONS}",
        ),
        (
            "d --see=5",
            UsageError,
            f"unknown option --see=5 (did you mean '--seed'?); {OPTIONS}",
        ),
        ("d e", UsageError, "one NAME is enough: 'd' is followed by 'e'"),
        ("d --rows", UsageError, "argument --rows: expected one argument"),
        ("d --rows ten", SettingError, "--rows must be a whole number, not 'ten'"),
        ("d --rows 0", RowsError, "rows must be a whole number of at least 1, not 0"),
        ("d --rows -5", RowsError, "rows must be a whole number of at least 1, not -5"),
        ("d --seed 1.5", SettingError, "--seed must be a whole number, not '1.5'"),
        (
            "d --seed -1",
            SettingError,
            "seed must be a whole number from 0 to 2^63 - 1, not -1",
        ),
        (
            "d --engine ofline",
            SettingError,
            NO_ENGINE,
        ),
        (
            "status",
            UsageError,
            "'status' is a sub-command (%synthpatients status): choose another NAME",
        ),
        (
            "2d",
            UsageError,
            "'2d' cannot name a variable: write letters, digits and underscores",
        ),
        (
            "lambda",
            UsageError,
            "'lambda' cannot name a variable: write letters, digits and underscores",
        ),
    ],
)
def test_a_wrong_line_says_what_is_right(
    shell: InteractiveShell, line: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as raised:
        run(shell, line)
    assert str(raised.value) == message


def test_ten_million_rows_are_refused_with_their_size_and_the_remedy(
    shell: InteractiveShell,
) -> None:
    with pytest.raises(RowsError, match=r"GB of memory; allow it with .*--large in a cell"):
        run(shell, "d --rows 100000000")


def test_a_failed_cell_leaves_the_variable_as_it_was_and_says_so(
    shell: InteractiveShell,
) -> None:
    earlier = run(shell, "diabetics --rows 20")
    with pytest.raises(RowsError) as raised:
        run(shell, "diabetics --rows 0")
    assert str(raised.value) == (
        "rows must be a whole number of at least 1, not 0\ndiabetics is as it was before."
    )
    assert shell.user_ns["diabetics"] is earlier


def test_a_failed_cell_fails_in_one_line_without_a_traceback(shell: InteractiveShell) -> None:
    with capture_output() as shown:
        result = shell.run_cell("%%synthpatients d --seed x\nAdults")
    assert isinstance(result.error_in_exec, SettingError)
    assert shown.stdout.strip() == "SettingError: --seed must be a whole number, not 'x'"


def test_an_empty_body_is_answered_with_an_example(shell: InteractiveShell) -> None:
    with pytest.raises(DescriptionError, match="for example:\n\nAdults with"):
        run(shell, "d", " \n\n")


@pytest.mark.parametrize("word", ["diabetics", "diabetics --rows 5"])
def test_the_line_magic_shows_how_a_cell_is_written(shell: InteractiveShell, word: str) -> None:
    with pytest.raises(UsageError, match=r"(?s)two percent signs.*%%synthpatients diabetics"):
        shell.run_line_magic("synthpatients", word)


def test_a_subcommand_has_near_names(shell: InteractiveShell) -> None:
    with pytest.raises(UsageError, match=r"did you mean 'status'\?"):
        shell.run_line_magic("synthpatients", "statsu")


def test_a_key_on_the_line_is_refused_and_not_repeated(shell: InteractiveShell) -> None:
    with pytest.raises(UsageError, match="clear this cell, and replace that key") as raised:
        shell.run_line_magic("synthpatients", "login sk-test-secret")
    assert "secret" not in str(raised.value)
    with pytest.raises(UsageError, match="a quote on the line is not closed") as raised:
        shell.run_line_magic("synthpatients", "login 'sk-test-secret")
    assert "secret" not in str(raised.value)


def said(shell: InteractiveShell, line: str) -> str:
    with capture_output() as shown:
        shell.run_line_magic("synthpatients", line)
    return "".join(output.data["text/plain"] for output in shown.outputs)


def test_status_lists_what_was_made_here(shell: InteractiveShell) -> None:
    run(shell, "diabetics --rows 20 --seed 3")
    run(shell, "controls --rows 1")
    shell.user_ns["controls"] = 5
    status = said(shell, "status")
    assert f"pandas {pd.__version__}" in status
    assert "diabetics: 20 patients, seed 3, version 1 of 1\n    Made offline" in status
    assert (
        "controls: 1 patient, seed 0, version 1 of 1 (the name stands for something else by now)"
        in status
    )


def test_status_says_who_would_be_asked(
    shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = said(shell, "status")
    assert "engine: auto\nmodel: claude-opus-5-5, effort high\n" in default
    assert "credentials: none found (%synthpatients login)\n" in default
    assert " of 500,000 taken in this session\nrecordings: .synthpatients" in default
    for setting in ("effort = ''", "recordings = ''", "token_budget = 9000", "engine = 'claude'"):
        shell.run_line_magic("config", f"SynthPatients.{setting}")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-secret")
    status = said(shell, "status")
    assert "engine: claude\nmodel: claude-opus-5-5\ncredentials: found\n" in status
    assert " of 9,000 taken in this session\nrecordings: none" in status
    assert "secret" not in status
    shell.run_line_magic("config", "SynthPatients.base_url = 'http://127.0.0.1:11434'")
    assert "credentials: found, or not needed by your own server" in said(shell, "status")


@pytest.mark.parametrize("line", ["", "help"])
def test_help_is_written_for_users(shell: InteractiveShell, line: str) -> None:
    text = said(shell, line)
    assert "%%synthpatients [NAME] [--rows N]" in text
    assert "Adults with type 2 diabetes" in text
    assert "%synthpatients status" in text


def test_help_writes_an_option_as_it_is_typed(shell: InteractiveShell) -> None:
    assert "--refine WORDS" in said(shell, "help")
    assert "<[" not in said(shell, "help")
    assert "--refine WORDS" in (shell.find_line_magic("synthpatients").__doc__ or "")


@pytest.mark.parametrize(
    "words",
    [
        "--refine",
        "history diabetics",
        "diff diabetics 1 3",
        "restore diabetics 1",
        "spec diabetics 1 old.json",
        "prompt diabetics",
        "--fresh starts from scratch",
    ],
)
def test_help_shows_how_versions_are_made_and_seen(shell: InteractiveShell, words: str) -> None:
    assert words in said(shell, "help")
    assert words in shell.object_inspect_text("%%synthpatients")


def test_settings_fill_in_for_options_and_options_win(shell: InteractiveShell) -> None:
    shell.run_line_magic("config", "SynthPatients.rows = 7")
    shell.run_line_magic("config", "SynthPatients.seed = 2")
    run(shell, "a")
    assert len(shell.user_ns["a"]) == 7
    assert shell.user_ns["a"].cohort.seed == 2
    run(shell, "b --rows 9 --seed 0")
    assert len(shell.user_ns["b"]) == 9
    assert shell.user_ns["b"].cohort.seed == 0


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("rows = 'many'", "%config SynthPatients.rows must be a whole number, not 'many'"),
        ("seed = 1.5", "%config SynthPatients.seed must be a whole number, not 1.5"),
        ("engine = 5", "%config SynthPatients.engine must be text, not 5"),
        ("max_tokens = True", "%config SynthPatients.max_tokens must be a whole number, not True"),
        ("timeout = 0", "%config SynthPatients.timeout must be a number of seconds above 0, not 0"),
    ],
)
def test_a_bad_setting_is_refused_when_it_is_used_and_reloading_works(
    shell: InteractiveShell, setting: str, message: str
) -> None:
    shell.run_line_magic("config", f"SynthPatients.{setting}")
    for _ in range(2):
        with pytest.raises(SettingError) as raised:
            run(shell, "d")
        assert str(raised.value) == message
        shell.run_line_magic("reload_ext", "synth_magic")


def test_pyproject_counts_where_nothing_else_is_said(
    shell: InteractiveShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.synth_magic]\neffort = 'low'\ntimeout = 5")
    monkeypatch.chdir(tmp_path)
    shell.run_line_magic("config", "SynthPatients.timeout = 'soon'")
    with pytest.raises(SettingError, match=r"%config SynthPatients.timeout must be a number of"):
        run(shell, "d")
    assert run(shell, "d --timeout 7") is not None
    shell.run_line_magic("config", "SynthPatients.timeout = None")
    assert "effort low" in said(shell, "status")


def test_names_in_double_braces_are_put_in(shell: InteractiveShell) -> None:
    shell.user_ns |= {"disease": "type 2 diabetes", "old": 85}
    frame = run(shell, "d", r"Adults with {{disease}} aged 40-{{old}}, 56% male, \{{x}}.")
    assert frame is not None
    said = r"Adults with type 2 diabetes aged 40-85, 56% male, {{x}}."
    assert frame.cohort.origin.description == said
    with pytest.raises(SettingError, match=r"no variable 'diseas' \(did you mean 'disease'\?\)"):
        run(shell, "d", "Adults with {{diseas}}.")


def test_a_frame_put_in_gives_its_columns(shell: InteractiveShell) -> None:
    shell.user_ns["trial"] = pd.DataFrame({"age": [61], "centre": ["Bodø"]})
    frame = run(shell, "d --rows 20", "Adults aged 40-85. {{trial}}")
    assert frame is not None
    assert list(frame.columns) == ["age", "centre"]
    assert "Bodø" not in frame.cohort.origin.description


def test_an_example_is_a_variable_of_the_users(shell: InteractiveShell) -> None:
    shell.user_ns["ann"] = {"age": 61}
    assert run(shell, "d --example ann") is not None
    with pytest.raises(SettingError, match=r"--example: there is no variable 'an' \(did you mean"):
        run(shell, "d --example an")
    shell.user_ns["ann"] = 61
    with pytest.raises(SettingError, match=r"example must be one patient .* not int"):
        run(shell, "d --example ann")


def test_a_description_that_states_a_number_of_patients_needs_no_option(
    shell: InteractiveShell,
) -> None:
    frame = run(shell, "d", "250 adults aged 40-85, 56% male.")
    assert frame is not None
    assert len(frame) == 250


def test_unloading_takes_everything_back(shell: InteractiveShell) -> None:
    frame = run(shell, "diabetics --rows 20")
    shell.run_line_magic("unload_ext", "synth_magic")
    assert shell.find_cell_magic("synthpatients") is None
    assert shell.find_line_magic("synthpatients") is None
    assert not [c for c in shell.configurables if type(c).__name__ == "SynthPatients"]
    assert shell.user_ns["diabetics"] is frame
    with capture_output() as shown:
        shell.run_cell("diabetics")
    assert "synthetic" not in shown.stdout


def test_a_terminal_shows_what_pandas_shows_and_a_summary(shell: InteractiveShell) -> None:
    with capture_output(display=False) as shown:
        shell.run_cell(f"%%synthpatients diabetics --rows 3\n{TEXT}")
    patients = pd.DataFrame(shell.user_ns["diabetics"])
    assert repr(patients) in shown.stdout
    assert "3 synthetic patients, no real person among them. Made offline" in shown.stdout
    assert "stated facts reached." in shown.stdout
