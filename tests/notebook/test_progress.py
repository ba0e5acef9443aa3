from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from synth_magic.engines.answer import Progress
from synth_magic.notebook.progress import line_of

WAITING = Progress("some-model", "waiting")


def test_where_an_interrupt_arrives_the_line_says_how_to_stop() -> None:
    assert line_of(WAITING) == "Asking some-model: waiting. Kernel > Interrupt stops it."


def test_elsewhere_it_does_not() -> None:
    with ThreadPoolExecutor(1) as other:
        assert other.submit(line_of, WAITING).result() == "Asking some-model: waiting."
