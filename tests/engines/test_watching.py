from __future__ import annotations

import io

import pytest

from synth_magic.engines.answer import Progress
from synth_magic.engines.watching import sentence, terminal_line


class Terminal(io.StringIO):
    """A stream that says it is a terminal, and what stands on its last line."""

    def isatty(self) -> bool:
        return True

    @property
    def line(self) -> str:
        shown = ""
        for written in self.getvalue().split("\r"):
            shown = written + shown[len(written) :]
        return shown.rstrip()


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (Progress("m", "waiting"), "Asking m: waiting"),
        (Progress("m", "writing", 1, 40), "Asking m: writing, 1 variable"),
        (
            Progress("m", "writing", 7, 2312),
            "Asking m: writing, 7 variables, about 2,300 tokens so far",
        ),
        (Progress("m\x1b[2J\u202e", "a\nb"), "Asking m[2J: ab"),
    ],
)
def test_progress_is_one_sentence_of_printable_text(progress: Progress, said: str) -> None:
    assert sentence(progress) == said


def test_a_terminal_has_one_line_that_is_written_anew_and_wiped() -> None:
    terminal = Terminal()
    with terminal_line(terminal) as watch:
        watch(Progress("m", "writing", 7, 2300))
        assert terminal.line == (
            "Asking m: writing, 7 variables, about 2,300 tokens so far. Ctrl-C stops it."
        )
        watch(Progress("m", "thinking"))
        assert terminal.line == "Asking m: thinking. Ctrl-C stops it."
    assert terminal.line == ""
    assert "\n" not in terminal.getvalue()


def test_the_line_is_wiped_after_an_interrupt_too() -> None:
    terminal = Terminal()

    def stopped() -> None:
        with terminal_line(terminal) as watch:
            watch(Progress("m", "writing"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert terminal.line == ""


def test_where_nothing_is_asked_nothing_is_written() -> None:
    terminal = Terminal()
    with terminal_line(terminal):
        pass
    assert terminal.getvalue() == ""


def test_a_file_is_left_alone() -> None:
    stream = io.StringIO()
    with terminal_line(stream) as watch:
        watch(Progress("m", "writing"))
    assert stream.getvalue() == ""
