"""What a panel has to say: an error, or a question before a name is bound anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import ipywidgets as widgets

from synth_magic.errors import SynthMagicError
from synth_magic.notebook.pages.html import said


class Notice:
    """A question with two buttons, and a line of text below it; each is hidden while there is none.

    A question stays until it is answered or taken back, whatever is said meanwhile.
    """

    def __init__(self) -> None:
        self.question, self.text = widgets.HTML(), widgets.HTML()
        for line in (self.question, self.text):
            line.add_class("sp-notice")
        self.replace = widgets.Button(
            description="Replace", button_style="warning", layout={"width": "auto"}
        )
        self.replace.add_class("sp-replace")
        self.keep = widgets.Button(description="Keep", layout=widgets.Layout(width="auto"))
        self.keep.add_class("sp-keep")
        self.asked = widgets.HBox(
            [self.question, self.replace, self.keep], layout=widgets.Layout(align_items="center")
        )
        self.box = widgets.VBox([])
        self._answers: tuple[Callable[[], None], Callable[[], None]] | None = None
        self.replace.on_click(lambda _: self._answer(0))
        self.keep.on_click(lambda _: self._answer(1))

    def say(self, text: str) -> None:
        """Show one line."""
        self.text.value = said(text)
        self._lay(self.text)

    def ask(self, text: str, replacing: Callable[[], None], keeping: Callable[[], None]) -> None:
        """Show a question in place of an earlier one, and do what the button clicked says."""
        self._answers = replacing, keeping
        self.question.value = said(text)
        self._lay()

    def clear(self) -> None:
        """Say nothing."""
        self._lay()

    def take_back(self) -> None:
        """Ask and say nothing."""
        self._answers = None
        self._lay()

    def _answer(self, which: int) -> None:
        if answers := self._answers:
            self.take_back()
            answers[which]()

    def _lay(self, *lines: widgets.Widget) -> None:
        self.box.children = [*([self.asked] if self._answers else []), *lines]

    def close(self) -> None:
        """Close what the box does not hold at this moment, too."""
        for widget in (self.question, self.text, self.replace, self.keep, self.asked, self.box):
            for part in (widget.layout, getattr(widget, "style", None), widget):
                if isinstance(part, widgets.Widget):
                    part.close()

    @contextmanager
    def catching(self) -> Iterator[None]:
        """Show errors here: JupyterLab hides those of a widget's callback."""
        try:
            yield
        except KeyboardInterrupt as interrupt:
            self.say(str(interrupt) or "Interrupted: nothing was changed.")
        except Exception as error:
            self.say(in_words(error))


def in_words(error: Exception) -> str:
    """Return what to say of an error; of one that is not ours, what it is."""
    return str(error) if isinstance(error, SynthMagicError) else f"{type(error).__name__}: {error}"
