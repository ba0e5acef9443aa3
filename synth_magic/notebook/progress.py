"""How far a model has come, shown below the cell while it writes and gone when it is done."""

from __future__ import annotations

import secrets
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from synth_magic.engines.watching import sentence, terminal_line
from synth_magic.notebook.pages.html import brief, said, style, table

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from synth_magic.engines.answer import Progress, Watch

LATEST = 10
"""So many patients are shown while a model writes them, the last one first."""


def watching(shell: InteractiveShell) -> AbstractContextManager[Watch]:
    """Give a watch that shows progress in this shell, once there is any."""
    return terminal_line(sys.stderr) if getattr(shell, "kernel", None) is None else _output()


@contextmanager
def _output() -> Iterator[Watch]:
    """Give a watch with one output that is written anew, and empty at the end."""
    from IPython.display import display

    name = f"sp-progress-{secrets.token_hex(4)}"
    shown = ""

    def write(line: str, html: str) -> None:
        nonlocal shown
        if html != shown:
            data = {"text/html": html, "text/plain": line}
            display(data, raw=True, display_id=name, update=bool(shown))
            shown = html

    def show(progress: Progress) -> None:
        line = line_of(progress)
        write(line, f"<p>{said(line)}</p>{_latest(progress.rows)}")

    try:
        yield show
    finally:
        write("", "")


def _latest(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the patients who came last as a table, nothing where there are none."""
    if not rows:
        return ""
    heads = [brief(name) for name in rows[-1]]
    lines = [
        ["" if value is None else brief(value) for value in row.values()]
        for row in reversed(rows[-LATEST:])
    ]
    return style() + f'<div class="synthpatients">{table("sp-patients", heads, lines)}</div>'


def line_of(progress: Progress) -> str:
    """Say how far a model has come, and how to stop it where an interrupt arrives."""
    in_main = threading.current_thread() is threading.main_thread()
    return f"{sentence(progress)}." + (" Kernel > Interrupt stops it." if in_main else "")


class Stopped(KeyboardInterrupt):
    """An interrupt in one line: what was kept, if the one who was interrupted says so."""

    def __init__(self, interrupt: KeyboardInterrupt, untouched: str) -> None:
        super().__init__("\n".join(filter(None, (str(interrupt) or "stopped", untouched))))

    def _render_traceback_(self) -> list[str]:
        return [f"KeyboardInterrupt: {self}"]
