"""The live panel: patients with controls, in step with the name that they are bound to."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as widgets
from IPython.display import display, update_display

from synth_magic.notebook.pages import static
from synth_magic.notebook.pages.changes import changes
from synth_magic.notebook.pages.head import head
from synth_magic.notebook.pages.html import style
from synth_magic.notebook.pages.view import View
from synth_magic.notebook.panel.associations import Associations
from synth_magic.notebook.panel.checks import Checks
from synth_magic.notebook.panel.controls import Controls
from synth_magic.notebook.panel.marginals import Marginals
from synth_magic.notebook.panel.notice import Notice
from synth_magic.notebook.panel.origin import Origins
from synth_magic.notebook.panel.patients import Patients
from synth_magic.notebook.panel.pieces import row
from synth_magic.notebook.panel.refining import Refining
from synth_magic.notebook.panel.saving import Saving
from synth_magic.notebook.panel.scene import Scene, Tab
from synth_magic.notebook.panel.specification import Specification
from synth_magic.notebook.panel.versions import Versions
from synth_magic.notebook.plots import pictured

if TYPE_CHECKING:
    from synth_magic.frame import Cohort, PatientFrame
    from synth_magic.notebook.bindings import Binding
    from synth_magic.notebook.history import How


class Panel:
    """Widgets over one binding: they draw its patients again, change them, and keep none of them.

    A panel that is displayed twice is seen twice, in step.
    """

    def __init__(self, binding: Binding, frame: PatientFrame) -> None:
        self.binding = binding
        self.uid = f"sp-{secrets.token_hex(4)}"
        self.page: dict[str, str] = {}
        self._published = False
        self.notice = Notice()
        self.controls = Controls(binding.cohort.rows, binding.cohort.seed, self._draw)
        self.versions = Versions(self._restore, self._undo)
        self.refining = Refining(binding, self.notice, self._change)
        self.saving = Saving(self.notice, binding.obstacle)
        self.head, self.changes = widgets.HTML(), widgets.HTML()
        self.marginals = Marginals(binding, self.notice)
        self.specification = Specification(self.notice, self._change)
        self.pages: tuple[Tab, ...] = (
            Patients(self.notice),
            self.marginals,
            Associations(self.notice),
            Checks(self.notice),
            self.specification,
            Origins(lambda: binding.settings),
        )
        self._seen: set[Tab] = set()
        self.tabs = widgets.Tab(
            [page.box for page in self.pages],
            titles=[page.title for page in self.pages],
            selected_index=self.pages.index(self.marginals),
        )
        self.tabs.observe(lambda _: self._look(), "selected_index")
        self.tabs.add_class("sp-tabs")
        self.box = widgets.VBox(
            [
                self._styles(),
                self.head,
                self.changes,
                row([*self.controls.widgets, *self.versions.widgets]),
                self.refining.box,
                self.notice.box,
                self.tabs,
                self.saving.box,
            ]
        )
        self.box.add_class("synthpatients").add_class(f"{self.uid}-panel")
        binding.shown.append(self._show)
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
        self.binding.shown.remove(self._show)
        _close(self.box)
        self.notice.close()

    def _styles(self) -> widgets.HTML:
        hide_page = f"<style>.{self.uid}-static{{display:none}}</style>"
        return widgets.HTML(style() + hide_page, layout=widgets.Layout(display="none"))

    def _show(self, frame: PatientFrame) -> None:
        binding = self.binding
        cohort = binding.cohort
        self.scene = Scene(binding.name, View.of(cohort, frame), binding.version, binding.history)
        self._seen = set()
        self.notice.clear()
        self.controls.show(cohort.rows, cohort.seed)
        self.versions.show(self.scene, can_undo=binding.can_undo)
        self.saving.show(self.scene)
        self.head.value = head(self.scene.view, self.scene.version)
        self.changes.value = changes(self.scene)
        self._look(frame)
        png = self.marginals.first_page(self.scene, frame)
        pictures = len(pictured(cohort.spec, frame))
        page = static.page(
            self.scene.view,
            png,
            pictures,
            version=self.scene.version,
            changes=self.changes.value,
            uid=self.uid,
        )
        self.page = {"text/html": page, "text/plain": static.plain_text(self.scene.view, frame)}
        if self._published:
            update_display(self.page, raw=True, display_id=self.uid)

    def _look(self, frame: PatientFrame | None = None) -> None:
        """Draw the tab that is looked at, unless it is drawn."""
        page = self.pages[self.tabs.selected_index or 0]
        if page not in self._seen:
            with self.binding.turn, self.notice.catching():
                page.show(self.scene, self.scene.cohort.frame() if frame is None else frame)
                self._seen.add(page)

    def _draw(self, rows: int, seed: int) -> None:
        self._act(lambda: self.binding.draw(rows, seed))

    def _change(self, how: How, words: str, make: Callable[[Cohort], Cohort]) -> None:
        self._act(lambda: self.binding.change(make(self.binding.cohort), how, words))

    def _restore(self, number: int) -> None:
        self._act(lambda: self.binding.restore(number))

    def _undo(self) -> None:
        self._act(self.binding.undo)

    def _act(self, work: Callable[[], None]) -> None:
        """Do what a control says, unless the name holds something that would be lost."""
        with self.binding.turn, self.notice.catching():
            if obstacle := self.binding.obstacle():
                self.notice.ask(
                    f"{obstacle} Replace it with the new patients?",
                    replacing=lambda: self._replace(work),
                    keeping=self._keep,
                )
            else:
                self._replace(work)

    def _replace(self, work: Callable[[], None]) -> None:
        with self.binding.turn, self.notice.catching():
            try:
                work()
            except BaseException:
                self._keep()
                raise

    def _keep(self) -> None:
        """Let the controls say what there is, whatever was asked for."""
        self.notice.clear()
        self.controls.show(self.scene.cohort.rows, self.scene.cohort.seed)
        self.versions.show(self.scene, can_undo=self.binding.can_undo)
        self._seen.discard(self.specification)
        self._look()


def _close(widget: widgets.DOMWidget) -> None:
    """Close a widget and all that it is made of, its layout and style too."""
    for child in getattr(widget, "children", ()):
        _close(child)
    for part in (widget.layout, getattr(widget, "style", None)):
        if isinstance(part, widgets.Widget):
            part.close()
    widget.close()
