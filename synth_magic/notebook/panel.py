"""The live panel: patients with controls, in step with the name that they are bound to."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import ipywidgets as widgets
from IPython.display import display, update_display

from synth_magic.notebook import static, tables
from synth_magic.notebook.controls import Controls
from synth_magic.notebook.notice import Notice
from synth_magic.notebook.pictures import Pictures
from synth_magic.notebook.view import View

if TYPE_CHECKING:
    from synth_magic.frame import PatientFrame
    from synth_magic.notebook.bindings import Binding


class Panel:
    """Widgets over one binding: they draw its patients again, bind them, and keep none of them."""

    def __init__(self, binding: Binding, frame: PatientFrame) -> None:
        self.binding = binding
        self.uid = f"sp-{secrets.token_hex(4)}"
        self.page: dict[str, str] = {}
        self._published = False
        self.notice = Notice()
        self.controls = Controls(binding.cohort.rows, binding.cohort.seed, self._asked)
        self.pictures = Pictures(self.notice.catching)
        self.head, self.code, self.patients = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.checks, self.notes = widgets.HTML(), widgets.HTML()
        self.tabs = widgets.Tab(
            [self.pictures.box, self.checks, self.notes],
            titles=["Distributions", "Checks", "Notes"],
            selected_index=0,
        )
        self.tabs.observe(lambda _: self._fill_tab(), "selected_index")
        self.tabs.add_class("sp-tabs")
        self.box = widgets.VBox(
            [
                self._styles(),
                self.head,
                self.controls.box,
                self.code,
                self.notice.box,
                self.patients,
                self.tabs,
            ]
        )
        self.box.add_class("synthpatients").add_class(f"{self.uid}-panel")
        self._show(frame)

    def publish(self) -> None:
        """Show the panel, and the static page that takes its place where nothing runs.

        The panel's styles hide the page, and the page's styles hide a panel that is dead.
        """
        model = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
        view = {
            "application/vnd.jupyter.widget-view+json": model,
            "text/html": "",
            "text/plain": "",
        }
        display(view, raw=True)
        display(self.page, raw=True, display_id=self.uid)
        self._published = True

    def close(self) -> None:
        """Close every widget; the static page stays."""
        _close(self.box)
        for button in (self.notice.text, self.notice.replace, self.notice.keep):
            _close(button)

    def _styles(self) -> widgets.HTML:
        hide_page = f"<style>.{self.uid}-static{{display:none}}</style>"
        return widgets.HTML(tables.style() + hide_page, layout=widgets.Layout(display="none"))

    def _show(self, frame: PatientFrame) -> None:
        cohort = self.binding.cohort
        self._view = View.of(cohort, frame)
        self.notice.clear()
        self.controls.show(cohort.rows, cohort.seed)
        self.head.value = tables.head(self._view)
        self.code.value = f"<p>Made again by <code>{tables.said(self.binding.code)}</code></p>"
        self.patients.value = tables.first_rows(self._view)
        self.pictures.show(cohort, frame)
        self.checks.value = self.notes.value = ""
        self._fill_tab()
        pictures = len(self.pictures.variables)
        html = static.page(self._view, self.pictures.first_page, pictures, uid=self.uid)
        self.page = {"text/html": html, "text/plain": static.plain_text(self._view, frame)}
        if self._published:
            update_display(self.page, raw=True, display_id=self.uid)

    def _fill_tab(self) -> None:
        looked_at = self.tabs.children[self.tabs.selected_index or 0]
        if looked_at is self.checks and not self.checks.value:
            self.checks.value = tables.facts(self._view) + tables.figures(self._view)
        if looked_at is self.notes and not self.notes.value:
            self.notes.value = tables.notes(self._view)

    def _asked(self, rows: int, seed: int) -> None:
        """Draw what the controls say, unless the name holds something that would be lost."""
        with self.notice.catching():
            if obstacle := self.binding.obstacle():
                self.notice.ask(
                    f"{obstacle} Replace it with the new patients?",
                    replacing=lambda: self._replace(rows, seed),
                    keeping=self._keep,
                )
            else:
                self._replace(rows, seed)

    def _replace(self, rows: int, seed: int) -> None:
        with self.notice.catching():
            cohort = self.binding.cohort
            try:
                # What fitted into the memory once fits again.
                frame = cohort.resample(rows, seed, large=rows <= cohort.rows)
            except Exception:
                self.controls.show(cohort.rows, cohort.seed)
                raise
            self.binding.bind(frame)
            self._show(frame)

    def _keep(self) -> None:
        self.notice.clear()
        self.controls.show(self.binding.cohort.rows, self.binding.cohort.seed)


def _close(widget: widgets.DOMWidget) -> None:
    """Close a widget and all that it is made of, its layout and style too."""
    for child in getattr(widget, "children", ()):
        _close(child)
    for part in (widget.layout, getattr(widget, "style", None)):
        if isinstance(part, widgets.Widget):
            part.close()
    widget.close()
