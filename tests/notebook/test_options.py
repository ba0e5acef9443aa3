from __future__ import annotations

import math
from argparse import Namespace
from pathlib import Path

import pytest
from IPython.core.error import UsageError

from synth_magic.notebook.magic import SynthPatients
from synth_magic.notebook.options import (
    SUBCOMMANDS,
    change_in_words,
    free_name,
    line_of,
    python_name,
    read_line,
    split,
)


@pytest.mark.parametrize("name", ["diabetics", "Größe", "_private", "match"])
def test_what_python_can_bind_is_a_name(name: str) -> None:
    assert python_name(name) == name


def test_a_name_is_spelt_as_python_would_look_it_up() -> None:
    namespace: dict[str, object] = {}
    exec("ﬁve = 5", namespace)
    assert python_name("ﬁve") in namespace


@pytest.mark.parametrize("name", ["2d", "class", "None", "my cohort", "d.x", "d's", "_", "Out"])
def test_other_words_are_no_names(name: str) -> None:
    with pytest.raises(UsageError, match=r"write letters|choose another"):
        python_name(name)


@pytest.mark.parametrize("word", SUBCOMMANDS)
def test_no_patients_are_named_like_a_subcommand(word: str) -> None:
    with pytest.raises(UsageError, match="sub-command"):
        python_name(word)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("math", "module"), ("list", "class"), ("Path", "class"), ("sum", "function")],
)
def test_modules_classes_and_functions_keep_their_names(name: str, kind: str) -> None:
    with pytest.raises(UsageError, match=f"'{name}' is a {kind} here: choose another NAME"):
        free_name(name, {"math": math, "Path": Path})


def test_any_other_value_gives_way() -> None:
    for value in (5, None, "text", [1], Path(), {}):
        assert free_name("d", {"d": value}) == "d"


def test_words_are_split_and_their_quotes_stripped() -> None:
    assert split("""spec d 'my file.json' "it's" don't""") == [
        "spec", "d", "my file.json", "it's", "don't"
    ]  # fmt: skip
    with pytest.raises(UsageError, match="a quote on the line is not closed"):
        split("spec d 'my file")


def parsed(line: str) -> Namespace:
    return read_line(SynthPatients.synthpatients.parser, line)


@pytest.mark.parametrize(
    "line",
    [
        "%%synthpatients d",
        "%%synthpatients d --engine claude --model claude-haiku-5-5 --max-tokens 9000 --large",
        '%%synthpatients d --effort "" --recordings "my answers" --example ann',
        """%%synthpatients d --recordings 'the "best" answers'""",
    ],
)
def test_a_line_is_written_as_it_was_read(line: str) -> None:
    assert line_of("d", parsed(line.partition(" ")[2])) == line


def test_what_is_for_one_run_only_is_not_written_again() -> None:
    line = "d --rows 5 --seed 2 --fresh --quiet --dry-run"
    assert line_of("d", parsed(line)) == "%%synthpatients d"


def test_the_words_of_a_change_stand_on_the_line_or_below_it() -> None:
    on_the_line = parsed('d --refine "ten years older" --rows 5')
    assert (on_the_line.name, on_the_line.rows) == ("d", "5")
    assert change_in_words(on_the_line, None) == "ten years older"
    assert change_in_words(on_the_line, " \n") == "ten years older"
    assert change_in_words(parsed("d --refine"), "ten years older\n") == "ten years older\n"
    assert change_in_words(parsed("d --refine --rows 5"), "older") == "older"
    with pytest.raises(UsageError, match="not in both places"):
        change_in_words(on_the_line, "younger")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "d --refine ten years older",
            r'put quotes round the words .*: --refine "make them older"',
        ),
        ('d --refine "ten years', "a quote on the line is not closed"),
        ("history d", r"'history' is a sub-command \(%synthpatients history\)"),
    ],
)
def test_a_slip_of_the_pen_says_what_is_right(line: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parsed(line)
