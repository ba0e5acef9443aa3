from __future__ import annotations

from argparse import Namespace

import pytest
from IPython.core.error import UsageError

from synth_magic.notebook.magic import SynthPatients
from synth_magic.notebook.options import RESERVED, SUBCOMMANDS, line_of, python_name, read_line


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


@pytest.mark.parametrize("word", [*SUBCOMMANDS, *RESERVED])
def test_no_patients_are_named_like_a_subcommand(word: str) -> None:
    with pytest.raises(UsageError, match="sub-command"):
        python_name(word)


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
