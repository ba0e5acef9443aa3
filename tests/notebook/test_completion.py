from __future__ import annotations

import warnings

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from synth_magic import Cohort
from synth_magic.engines.settings import EFFORTS, ENGINES
from synth_magic.notebook.options import SUBCOMMANDS


@pytest.fixture
def shell(shell: InteractiveShell, cohort: Cohort) -> InteractiveShell:
    """A shell with the patients `diabetics`, of three versions, and `controls`."""
    bindings = shell.magics_manager.registry["SynthPatients"].bindings
    for number in range(3):
        bindings.add("diabetics", cohort.frame(), "refined", str(number))
    bindings.add("controls", cohort.frame(), "described")
    return shell


def completed(shell: InteractiveShell, line: str) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        return list(shell.complete(None, line, len(line))[1])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("%synthpatients ", [*SUBCOMMANDS, "diabetics", "controls"]),
        ("%synthpatients re", ["restore"]),
        ("%synthpatients d", ["diff", "diabetics"]),
        ("%synthpatients history ", ["diabetics", "controls"]),
        ("%synthpatients history c", ["controls"]),
        ("%synthpatients prompt d", ["diabetics"]),
        ("%synthpatients catalogue systolic", ["systolic_bp"]),
        ("%synthpatients diff diabetics ", ["1", "2", "3"]),
        ("%synthpatients diff diabetics 1 ", ["1", "2", "3"]),
        ("%synthpatients restore diabetics ", ["1", "2", "3"]),
        ("%synthpatients restore controls ", ["1"]),
        ("%synthpatients spec diabetics 2", ["2"]),
        ("%synthpatients diabetics --ref", ["--refine"]),
        ("%%synthpatients d", ["diabetics"]),
        ("%%synthpatients diabetics --ro", ["--rows", "--rows-per-request"]),
        ("%%synthpatients --rows 5 --se", ["--seed", "--sensitive"]),
        ("%%synthpatients d --engine ", ENGINES),
        ("%%synthpatients d --engine=off", ["offline"]),
        ("%%synthpatients d --effort x", ["xhigh"]),
        ("%%synthpatients d --method r", ["rows"]),
        ("%synthpatients diabetics --refine older --effort ", EFFORTS),
    ],
)
def test_what_may_come_next_is_offered(
    shell: InteractiveShell, line: str, words: list[str]
) -> None:
    assert completed(shell, line) == list(words)


@pytest.mark.parametrize(
    "line",
    [
        "%synthpatients restore diabetics 1 ",
        "%synthpatients restore nobody ",
        "%synthpatients status ",
        "%synthpatients catalogue systolic_bp ",
        "%%synthpatients x --rows 5 dia",
    ],
)
def test_where_nothing_may_come_none_of_it_is_offered(shell: InteractiveShell, line: str) -> None:
    assert not {"diabetics", "controls", "1", "2", "3", *SUBCOMMANDS} & set(completed(shell, line))


def test_options_are_offered_after_a_name(shell: InteractiveShell) -> None:
    assert {"--rows", "--max-tokens", "--dry-run"} <= set(completed(shell, "%%synthpatients d --"))


def test_below_the_line_nothing_is_completed(shell: InteractiveShell) -> None:
    cell = "%%synthpatients diabetics\nre"
    with provisionalcompleter():
        assert "restore" not in {m.text for m in shell.Completer.completions(cell, len(cell))}


def test_unloading_takes_the_completion_back(shell: InteractiveShell) -> None:
    shell.run_line_magic("unload_ext", "synth_magic")
    assert "restore" not in completed(shell, "%synthpatients re")
