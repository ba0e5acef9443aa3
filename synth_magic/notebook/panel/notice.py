"""What a panel has to say: an error, or a question before a name is bound anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import ipywidgets as widgets

from synth_magic.errors import SynthMagicError
from synth_magic.notebook.pages.html import said


class Notice:
    """A line of text in the panel, with buttons while it asks; hidden while there is nothing."""

    def __init__(self) -> None:
        self.text = widgets.HTML()
        self.text.add_class("sp-notice")
        self.replace = widgets.Button(description="Replace", button_style="warning")
        self.replace.add_class("sp-replace")
        self.keep = widgets.Button(description="Keep")
        self.keep.add_class("sp-keep")
        self.box = widgets.HBox([], layout=widgets.Layout(align_items="center"))
        self._replacing: Callable[[], None] = self.clear
        self._keeping: Callable[[], None] = self.clear
        self.replace.on_click(lambda _: self._replacing())
        self.keep.on_click(lambda _: self._keeping())

    def say(self, text: str) -> None:
        """Show one line."""
        self.text.value = said(text)
        self.box.children = [self.text]

    def ask(self, text: str, replacing: Callable[[], None], keeping: Callable[[], None]) -> None:
        """Show a question, and do what the button that is clicked says."""
        self._replacing, self._keeping = replacing, keeping
        self.say(text)
        self.box.children = [self.text, self.replace, self.keep]

    def clear(self) -> None:
        """Say nothing."""
        self.box.children = []

    def close(self) -> None:
        """Close what the box does not hold at this moment, too."""
        for widget in (self.text, self.replace, self.keep, self.box):
            for part in (widget.layout, getattr(widget, "style", None), widget):
                if isinstance(part, widgets.Widget):
                    part.close()

    @contextmanager
    def catching(self) -> Iterator[None]:
        """Show errors here: JupyterLab hides those of a widget's callback."""
        try:
            yield
        except SynthMagicError as error:
            self.say(str(error))
        except KeyboardInterrupt as interrupt:
            self.say(str(interrupt) or "Interrupted: nothing was changed.")
        except Exception as error:
            self.say(f"{type(error).__name__}: {error}")
