"""Pieces of a panel that several tabs are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import ipywidgets as widgets


class Listener:
    """Whether a change of a widget is the user's: not while the panel sets it.

    `with listener.deaf():` sets widgets; a callback does nothing unless `listener.listens`.
    """

    def __init__(self) -> None:
        self.listens = True

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """Take what changes meanwhile as the panel's own doing."""
        self.listens = False
        try:
            yield
        finally:
            self.listens = True


def row(children: Sequence[widgets.Widget]) -> widgets.HBox:
    """Return widgets side by side, in several lines where they have no room in one."""
    layout = widgets.Layout(flex_flow="row wrap", align_items="center")
    return widgets.HBox(children, layout=layout)


def dropdown(
    description: str, name: str, *, width: str, labels: str = "", tooltip: str = ""
) -> widgets.Dropdown:
    """Return a choice of the class `sp-{name}`; `labels` is the width of its description."""
    choice = widgets.Dropdown(
        description=description, tooltip=tooltip or None, layout=widgets.Layout(width=width)
    )
    if labels:
        choice.style.description_width = labels
    choice.add_class(f"sp-{name}")
    return choice


def hide(widget: widgets.DOMWidget, *, when: bool) -> None:
    """Hide a widget, or show it."""
    widget.layout.display = "none" if when else None
