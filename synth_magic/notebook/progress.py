"""How far a model has come, shown below the cell while it writes and gone when it is done."""

from __future__ import annotations

import secrets
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from synth_magic.engines.watching import sentence, terminal_line

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from synth_magic.engines.answer import Progress, Watch


def watching(shell: InteractiveShell) -> AbstractContextManager[Watch]:
    """Give a watch that shows progress in this shell, once there is any."""
    return terminal_line(sys.stderr) if getattr(shell, "kernel", None) is None else _output()


@contextmanager
def _output() -> Iterator[Watch]:
    """Give a watch with one output that is written anew, and empty at the end."""
    from IPython.display import display

    from synth_magic.notebook.pages.html import said

    name = f"sp-progress-{secrets.token_hex(4)}"
    shown = ""

    def write(line: str) -> None:
        nonlocal shown
        if line != shown:
            html = f"<p>{said(line)}</p>" if line else ""
            data = {"text/html": html, "text/plain": line}
            display(data, raw=True, display_id=name, update=bool(shown))
            shown = line

    def show(progress: Progress) -> None:
        write(line_of(progress))

    try:
        yield show
    finally:
        write("")


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
