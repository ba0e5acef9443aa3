"""The live panel: patients with controls, in step with the name that they are bound to."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
from IPython.display import display, update_display

from synth_magic.errors import SynthMagicError
from synth_magic.notebook import static, tables
from synth_magic.notebook.controls import Controls
from synth_magic.notebook.pictures import Pictures
from synth_magic.notebook.view import View
from synth_magic.notebook.words import plain

if TYPE_CHECKING:
    from synth_magic.frame import PatientFrame
    from synth_magic.notebook.bindings import Binding

_TABS = ("Distributions", "Checks", "Notes")


class Panel:
    """Widgets over one binding. It draws patients, binds them, and keeps none of them."""

    def __init__(self, binding: Binding, frame: PatientFrame) -> None:
        self.binding = binding
        self.uid = f"sp-{secrets.token_hex(4)}"
        self._published = False
        self._wanted = (0, 0)
        self.controls = Controls(binding.cohort.rows, binding.cohort.seed, self._draw)
        self.head, self.code, self.first, self.facts, self.notes = (
            widgets.HTML() for _ in range(5)
        )
        self.message = widgets.HTML()
        self.replace = widgets.Button(description="Replace", button_style="warning")
        self.keep = widgets.Button(description="Keep")
        self.replace.on_click(lambda _: self._replace())
        self.keep.on_click(lambda _: self._kept())
        self.notice = widgets.HBox([self.message, self.replace, self.keep])
        self.pictures = Pictures(self._failed)
        self.tabs = widgets.Tab([self.pictures.box, self.facts, self.notes], titles=_TABS)
        self.tabs.selected_index = 0
        self.tabs.observe(lambda _: self._fill_tab(), "selected_index")
        styles = f"{tables.style()}<style>.{self.uid}-static{{display:none}}</style>"
        self.box = widgets.VBox(
            [
                widgets.HTML(styles, layout=widgets.Layout(display="none")),
                self.head,
                self.controls.box,
                self.code,
                self.notice,
                self.first,
                self.tabs,
            ]
        )
        self.box.add_class("synthpatients")
        self.box.add_class(f"{self.uid}-panel")
        self.replace.add_class("sp-replace")
        self.keep.add_class("sp-keep")
        self._show(frame)

    def publish(self) -> None:
        """Show the panel, and the static page that takes its place where nothing runs."""
        view = {
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.box.model_id,
            },
            "text/html": "",
            "text/plain": "",
        }
        display(view, raw=True)
        display(self.page, raw=True, display_id=self.uid)
        self._published = True

    def close(self) -> None:
        """Close every widget, down to their layouts and styles."""
        _close(self.box)

    def _show(self, frame: PatientFrame) -> None:
        """Let every part show these patients, the panel's static page too."""
        cohort = self.binding.cohort
        self._view = View.of(cohort, frame)
        self.controls.show(cohort.rows, cohort.seed)
        self.head.value = tables.head(self._view)
        self.code.value = f"<p>Made again by <code>{tables.said(self.binding.code)}</code></p>"
        self.first.value = tables.first_rows(self._view)
        self._say("")
        self.pictures.show(cohort, frame)
        self.facts.value = self.notes.value = ""
        self._fill_tab()
        self.page = {
            "text/html": static.page(
                self._view, self.pictures.first_page, self.pictures.count, uid=self.uid
            ),
            "text/plain": static.plain_text(self._view, frame),
        }
        if self._published:
            update_display(self.page, raw=True, display_id=self.uid)

    def _fill_tab(self) -> None:
        if self.tabs.selected_index == 1 and not self.facts.value:
            self.facts.value = tables.facts(self._view) + tables.figures(self._view)
        if self.tabs.selected_index == 2 and not self.notes.value:
            self.notes.value = tables.notes(self._view)

    def _draw(self, rows: int, seed: int) -> None:
        with _caught(self._failed):
            if obstacle := self.binding.obstacle():
                self._wanted = (rows, seed)
                self._say(f"{obstacle} Replace it with the new patients?", asking=True)
            else:
                self._bind(rows, seed)
"""
