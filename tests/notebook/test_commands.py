"""The tweak loop in a real shell: versions by cells, by refinements, and by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from synth_magic import PatientFrame, generate, refine
from synth_magic.errors import DescriptionError, EngineError, RowsError, SettingError
from synth_magic.notebook.binding import Binding
from synth_magic.spec.edits import edit
from tests.notebook.commands.conftest import EVIL, older

TEXT = "Adults aged 40-85, 56% male. HbA1c around 7.4% (SD 1.3)."
OTHER = TEXT.replace("56%", "70%")


@pytest.fixture
def shell(shell: InteractiveShell) -> InteractiveShell:
    """A shell without a model, with 50 patients `d`."""
    shell.run_line_magic("config", "SynthPatients.engine = 'offline'")
    cell(shell, "d --rows 50 --seed 3")
    return shell


def cell(shell: InteractiveShell, line: str, body: str = TEXT) -> str:
    """Run a cell that must go well; return the words that it shows above the patients."""
    with capture_output() as shown:
        shell.run_cell(f"%%synthpatients {line}\n{body}").raise_error()
    return "\n".join(output.data["text/plain"] for output in shown.outputs[:-1])


def line(shell: InteractiveShell, words: str) -> str:
    """Run a line that must go well; return what it shows."""
    with capture_output() as shown:
        result = shell.run_line_magic("synthpatients", words)
    assert result is None
    return "".join(output.data["text/plain"] for output in shown.outputs)


def binding(shell: InteractiveShell, name: str = "d") -> Binding:
    found: Binding = shell.magics_manager.registry["SynthPatients"].bindings[name]
    return found


def by_hand(shell: InteractiveShell) -> None:
    """Change `d` as the panel does."""
    one = binding(shell)
    one.change(older(one.cohort, 71), "edited", "age: mean 71")


# --- versions by cells -----------------------------------------------------------------------


def test_each_text_is_a_version_and_the_same_text_is_the_same_version(
    shell: InteractiveShell,
) -> None:
    for body in (TEXT, OTHER, TEXT, OTHER, OTHER):
        cell(shell, "d --rows 20", body)
    assert [version.how for version in binding(shell).history] == ["described"] * 2
    assert binding(shell).version.number == 2
    assert binding(shell).version.before is binding(shell).history[1]


def test_other_rows_and_seeds_are_the_same_version(shell: InteractiveShell) -> None:
    cell(shell, "d --rows 20 --seed 8")
    assert len(binding(shell).history) == 1


def test_another_text_keeps_what_was_stated_by_hand(shell: InteractiveShell) -> None:
    one = binding(shell)
    one.change(one.cohort.edited(edit("age", "mean", 71)), "edited", "age: mean 71")
    cell(shell, "d", OTHER)
    assert one.version.before is one.history[2]
    assert shell.user_ns["d"]["age"].mean() == pytest.approx(71, abs=4)


@pytest.mark.parametrize("change", ["by hand", "in words"])
def test_the_same_text_says_where_changes_are_and_how_to_restore_them(
    shell: InteractiveShell, change: str
) -> None:
    if change == "by hand":
        by_hand(shell)
        words = "edited, age: mean 71"
    else:
        shell.run_line_magic("synthpatients", 'd --refine "70% male"')
        words = "refined, 70% male"
    changed = shell.user_ns["d"]
    assert cell(shell, "d --rows 50 --seed 3") == (
        f"This is version 1 of d. Your changes are in version 2: {words}. To go back to them: "
        "%synthpatients restore d 2"
    )
    assert binding(shell).version.number == 1
    assert shell.run_line_magic("synthpatients", "restore d 2").equals(changed)
    assert binding(shell).version.number == 2


def test_nothing_is_said_where_no_change_is_left_behind(shell: InteractiveShell) -> None:
    assert not cell(shell, "d")
    assert not cell(shell, "d", OTHER)
    assert not cell(shell, "d")
    by_hand(shell)
    with capture_output() as shown:
        shell.run_cell(f"%%synthpatients d --quiet\n{TEXT}")
    assert not shown.outputs


# --- refinements -----------------------------------------------------------------------------


def test_a_refinement_is_a_version_with_the_rows_and_the_seed_of_before(
    shell: InteractiveShell,
) -> None:
    earlier = shell.user_ns["d"]
    refined = shell.run_line_magic("synthpatients", 'd --refine "mean age 71, 70% male"')
    assert refined is shell.user_ns["d"]
    assert isinstance(refined, PatientFrame)
    assert refined.equals(refine(earlier, "mean age 71, 70% male", engine="offline"))
    assert (refined.cohort.rows, refined.cohort.seed) == (50, 3)
    version = binding(shell).version
    assert version.title == "2: refined, mean age 71, 70% male"
    assert version.before is binding(shell).history[1]


def test_a_refinement_goes_on_from_the_present_version(shell: InteractiveShell) -> None:
    for words in ("mean age 71", "70% male"):
        shell.run_line_magic("synthpatients", f'd --refine "{words}"')
    spec = shell.user_ns["d"].cohort.spec
    assert spec.variable("age") == binding(shell).history[2].cohort.spec.variable("age")
    assert binding(shell).version.before is binding(shell).history[2]


def test_the_words_may_stand_below_the_line(shell: InteractiveShell) -> None:
    cell(shell, "d --refine --rows 20 --seed 8", "mean age 71,\n70% male")
    assert binding(shell).version.words == "mean age 71, 70% male"
    assert (len(shell.user_ns["d"]), shell.user_ns["d"].cohort.seed) == (20, 8)


def test_names_are_put_into_the_words(shell: InteractiveShell) -> None:
    shell.user_ns["men"] = 70
    shell.run_line_magic("synthpatients", 'd --refine "{{men}}% male"')
    assert binding(shell).version.words == "70% male"


def test_settings_of_the_session_do_not_resize_a_refinement(shell: InteractiveShell) -> None:
    shell.run_line_magic("config", "SynthPatients.rows = 7")
    shell.run_line_magic("config", "SynthPatients.seed = 2")
    refined = shell.run_line_magic("synthpatients", 'd --refine "70% male"')
    assert (refined.cohort.rows, refined.cohort.seed) == (50, 3)


def test_a_quiet_refinement_binds_and_shows_nothing(shell: InteractiveShell) -> None:
    assert not line(shell, 'd --refine "70% male" --quiet')
    assert binding(shell).version.number == 2


def test_a_dry_run_of_a_refinement_changes_nothing(shell: InteractiveShell) -> None:
    earlier = shell.user_ns["d"]
    shown = line(shell, 'd --refine "seventy percent men" --dry-run')
    assert shown.startswith("Nothing was asked. The offline engine would answer")
    assert "seventy percent men" in shown
    assert "HbA1c around 7.4% (SD 1.3)" in shown
    assert shell.user_ns["d"] is earlier
    assert len(binding(shell).history) == 1


def test_patients_drawn_in_python_can_be_refined(shell: InteractiveShell) -> None:
    shell.user_ns["mine"] = generate(TEXT, rows=20, engine="offline")
    shell.run_line_magic("synthpatients", 'mine --refine "70% male"')
    assert [v.how for v in binding(shell, "mine").history] == ["drawn in Python", "refined"]


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        ('d --refine "make them ten years older"', EngineError, "understands figures only"),
        ('d --refine ""', DescriptionError, "there are no words that say what to change"),
        ('d --refine "70% male" --rows 0', RowsError, "must be a whole number of at least 1"),
        ('d --refine "70% male" --seed x', SettingError, "--seed must be a whole number, not 'x'"),
        ('d --refine "{{men}}% male"', SettingError, "there is no variable 'men'"),
        ('d --refine "70% male" --engine x', SettingError, "--engine must be 'auto'"),
    ],
)
def test_a_refinement_that_fails_leaves_everything_as_it_was(
    shell: InteractiveShell, words: str, error: type[Exception], message: str
) -> None:
    earlier = shell.user_ns["d"]
    with pytest.raises(error, match=message) as raised:
        shell.run_line_magic("synthpatients", words)
    assert str(raised.value).endswith("\nd is as it was before.")
    assert shell.user_ns["d"] is earlier
    assert binding(shell).holds(earlier)
    assert len(binding(shell).history) == 1


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        ('--refine "70% male"', UsageError, "write the NAME .*; the names are d"),
        ('dd --refine "70% male"', SettingError, r"did you mean 'd'\?\); the names are d"),
        ('d --refine "70% male" --example d', UsageError, "takes no --example"),
        ('d --refin "70% male"', UsageError, r"--refin \(did you mean '--refine'\?\)"),
        ("d --refine 70% male", UsageError, "put quotes round the words"),
    ],
)
def test_a_wrong_line_says_what_is_right(
    shell: InteractiveShell, words: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        shell.run_line_magic("synthpatients", words)


def test_a_name_keeps_the_settings_of_its_last_cell(shell: InteractiveShell) -> None:
    assert binding(shell).settings == {"engine": "offline"}
    cell(shell, "d --effort low --timeout 7")
    assert binding(shell).settings == {"engine": "offline", "effort": "low", "timeout": 7.0}
    shell.run_line_magic("config", "SynthPatients.engine = 'recorded'")
    shell.run_line_magic("config", "SynthPatients.effort = 'high'")
    assert binding(shell).settings == {"engine": "recorded", "effort": "low", "timeout": 7.0}
    shell.run_line_magic("config", "SynthPatients.engine = 'offline'")
    shell.run_line_magic("config", "SynthPatients.effort = None")
    shell.run_line_magic("synthpatients", 'd --refine "70% male" --model some-model')
    assert binding(shell).settings == {"engine": "offline", "model": "some-model"}


def test_patients_drawn_in_python_have_the_settings_of_the_session(
    shell: InteractiveShell,
) -> None:
    shell.user_ns["mine"] = generate(TEXT, rows=20, engine="offline")
    shell.run_line_magic("config", "SynthPatients.effort = 'low'")
    assert binding(shell, "mine").settings == {"engine": "offline", "effort": "low"}
    shell.run_line_magic("config", "SynthPatients.effort = 'some'")
    with pytest.raises(SettingError, match=r"%config SynthPatients.effort must be"):
        binding(shell, "mine").settings  # noqa: B018 - reading it looks at the setting


# --- sub-commands ----------------------------------------------------------------------------


def test_versions_are_listed_compared_and_restored(shell: InteractiveShell) -> None:
    first = shell.user_ns["d"]
    cell(shell, "d", OTHER)
    assert line(shell, "history d").startswith("d: version 2 of 2\n")
    assert "share of male 0.56 -> 0.7" in line(shell, "diff d")
    assert line(shell, "diff d") == line(shell, "diff d 1 2")
    restored = shell.run_line_magic("synthpatients", "restore d 1")
    assert restored is shell.user_ns["d"]
    assert restored.equals(first)
    assert len(binding(shell).history) == 2


def test_a_specification_is_written_where_it_is_said(
    shell: InteractiveShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert '"title": "Adults aged 40-85, 56% male"' in line(shell, "spec d")
    assert line(shell, 'spec d 1 "my first.json"').startswith("Version 1 is written to my first")
    assert Path("my first.json").read_text(encoding="utf-8") == line(shell, "spec d")


def test_prompts_are_shown(shell: InteractiveShell) -> None:
    assert line(shell, "prompt").startswith("You are a clinical epidemiologist")
    assert line(shell, "prompt d").startswith("No request of version 1 of d is recorded.")


@pytest.mark.parametrize(
    ("words", "usage"),
    [
        ("history", "history NAME"),
        ("history d 1", "history NAME"),
        ("diff d 1", r"diff NAME \[A B\]"),
        ("restore d", "restore NAME V"),
        ("prompt d 1", r"prompt \[NAME\]"),
        ("spec", r"spec NAME \[V\] \[FILE\]"),
    ],
)
def test_too_many_or_too_few_words_say_how_it_is_written(
    shell: InteractiveShell, words: str, usage: str
) -> None:
    with pytest.raises(UsageError, match=f"write %synthpatients {usage}; the names are d"):
        shell.run_line_magic("synthpatients", words)


@pytest.mark.parametrize("command", ["history dd", "diff dd", "restore dd 1", "prompt dd"])
def test_a_wrong_name_says_the_nearest(shell: InteractiveShell, command: str) -> None:
    with pytest.raises(SettingError, match=r"no patients of the name dd \(did you mean 'd'\?\)"):
        shell.run_line_magic("synthpatients", command)


def test_a_version_that_is_none_leaves_the_variable(shell: InteractiveShell) -> None:
    earlier = shell.user_ns["d"]
    for number, message in (("2", "there is only version 1"), ("x", "a whole number, not 'x'")):
        with pytest.raises(SettingError, match=message):
            shell.run_line_magic("synthpatients", f"restore d {number}")
    assert shell.user_ns["d"] is earlier


def test_loading_again_keeps_the_versions(shell: InteractiveShell) -> None:
    shell.run_line_magic("synthpatients", 'd --quiet --refine "70% male"')
    shell.run_line_magic("reload_ext", "synth_magic")
    assert len(binding(shell).history) == 2
    shell.run_line_magic("config", "SynthPatients.effort = 'low'")
    assert binding(shell).settings["effort"] == "low"
    shell.run_line_magic("synthpatients", "restore d 1")
    assert binding(shell).version.number == 1


def test_after_a_restart_nothing_is_known(shell: InteractiveShell) -> None:
    del shell.user_ns["d"]
    shell.run_line_magic("reload_ext", "synth_magic")
    for words in ("history d", "restore d 1", 'd --refine "70% male"'):
        with pytest.raises(SettingError, match="since the kernel started, so run the cell that"):
            shell.run_line_magic("synthpatients", words)


# --- names that stand for something else -----------------------------------------------------


def add_a_column(shell: InteractiveShell) -> str:
    shell.user_ns["d"]["smoker"] = True
    return "You have changed d since it was drawn."


def bind_it_anew(shell: InteractiveShell) -> str:
    shell.user_ns["d"] = shell.user_ns["d"].dropna()
    return "d stands for something else by now."


@pytest.mark.parametrize("words", ["restore d 1", 'd --refine "70% male"'])
@pytest.mark.parametrize("change", [add_a_column, bind_it_anew])
def test_what_the_user_made_of_it_is_not_lost(
    shell: InteractiveShell, words: str, change: object
) -> None:
    obstacle = change(shell)  # type: ignore[operator]
    own = shell.user_ns["d"]
    with pytest.raises(SettingError) as raised:
        shell.run_line_magic("synthpatients", words)
    assert str(raised.value) == (
        f"{obstacle} Keep it under another name, and then: del d\nd is as it was before."
    )
    assert shell.user_ns["d"] is own
    assert "Nothing was asked." in line(shell, 'd --refine "70% male" --dry-run')
    del shell.user_ns["d"]
    shell.run_line_magic("synthpatients", words)
    assert isinstance(shell.user_ns["d"], PatientFrame)


@pytest.mark.parametrize(("name", "kind"), [("Path", "class"), ("re", "module"), ("f", "function")])
def test_a_module_or_a_function_keeps_its_name(
    shell: InteractiveShell, name: str, kind: str
) -> None:
    shell.run_cell("import re\nfrom pathlib import Path\ndef f(): pass")
    own = shell.user_ns[name]
    with pytest.raises(UsageError, match=f"'{name}' is a {kind} here: choose another NAME"):
        shell.run_cell_magic("synthpatients", name, TEXT)
    assert shell.user_ns[name] is own


def test_whatever_a_description_holds_can_be_listed_and_compared(shell: InteractiveShell) -> None:
    cell(shell, "d", f"{EVIL}\n{OTHER}")
    with capture_output() as shown:
        for words in ("history d", "diff d"):
            shell.run_line_magic("synthpatients", words)
    for output in shown.outputs:
        assert "<script>" not in output.data["text/html"]
        assert "&lt;script&gt;" in output.data["text/html"]
