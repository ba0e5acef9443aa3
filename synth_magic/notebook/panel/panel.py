"""The live panel: patients with controls, in step with the name that they are bound to."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import ipywidgets as widgets
from IPython.display import display, update_display

from synth_magic.notebook.pages import static
from synth_magic.notebook.pages.changes import changes
from synth_magic.notebook.pages.head import head
from synth_magic.notebook.pages.html import style
from synth_magic.notebook.pages.view import View
from synth_magic.notebook.panel.against import Against
from synth_magic.notebook.panel.associations import Associations
from synth_magic.notebook.panel.checks import Checks
from synth_magic.notebook.panel.controls import Controls
from synth_magic.notebook.panel.marginals import Marginals
from synth_magic.notebook.panel.notice import Notice, in_words
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
    from synth_magic.notebook.binding import Binding, State
    from synth_magic.notebook.history import How


class Panel:
    """Widgets over one binding: they draw its patients again, change them, and keep none of them.

    A panel that is displayed twice is seen twice, in step. With a `state` that the binding is yet
    to come to, all is prepared, and `enter` shows it then.
    """

    def __init__(self, binding: Binding, frame: PatientFrame, state: State | None = None) -> None:
        self.binding = binding
        self.uid = f"sp-{secrets.token_hex(4)}"
        self.page: dict[str, str] = {}
        self._published = False
        self.notice = Notice()
        cohort = (state or binding.state).cohort
        self.controls = Controls(cohort.rows, cohort.seed, self._draw)
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
            *self._against(),
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
        try:
            self._prepared = self._prepare(state or binding.state, frame)
            if state is None:
                self.enter()
        except BaseException:
            self._close_widgets()
            raise

    def _against(self) -> list[Tab]:
        comparison = self.binding.comparison
        return [Against(self.binding, comparison, self.notice)] if comparison else []

    def enter(self) -> None:
        """Show what was prepared, and follow the binding from now on."""
        self._prepared()
        del self._prepared
        self.binding.followers.append(self._follow)

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

    def close(self, why: str = "") -> None:
        """Close every widget; the static page stays, and says why if there is something to say."""
        self.binding.followers.remove(self._follow)
        self._close_widgets()
        if why and self._published:
            page = self.page | {"text/html": static.noted(self.page["text/html"], why)}
            update_display(page, raw=True, display_id=self.uid)

    def _close_widgets(self) -> None:
        self.tabs.close()  # or the page, where its last tab goes, would still say which comes next
        _close(self.box)
        self.notice.close()

    def _styles(self) -> widgets.HTML:
        hide_page = f"<style>.{self.uid}-static{{display:none}}</style>"
        return widgets.HTML(style() + hide_page, layout=widgets.Layout(display="none"))

    def _follow(self, state: State, frame: PatientFrame) -> Callable[[], None]:
        """Prepare to show other patients; if that fails, the tab shows the present ones again."""
        try:
            return self._prepare(state, frame)
        except BaseException:
            self._seen.clear()
            self._look()
            raise

    def _prepare(self, state: State, frame: PatientFrame) -> Callable[[], None]:
        """Do all that may fail or take long, and return what shows the patients."""
        binding, cohort = self.binding, state.cohort
        scene = Scene(binding.name, View.of(cohort, frame), state.version, binding.history)
        told, changed = head(scene.view, scene.version), changes(scene)
        png = self.marginals.first_page(scene, frame)
        html = static.page(
            scene.view,
            png,
            len(pictured(cohort.spec, frame)),
            version=scene.version,
            changes=changed,
            uid=self.uid,
        )
        page = {"text/html": html, "text/plain": static.plain_text(scene.view, frame)}
        tab, problem = self._looked_at, ""
        try:
            tab.show(scene, frame)
        except Exception as error:
            problem = in_words(error)

        def show() -> None:
            self.scene, self.page = scene, page
            self._seen = set() if problem else {tab}
            self.head.value, self.changes.value = told, changed
            self.saving.show(scene)
            self.notice.take_back()
            self._show_controls()
            if problem:
                self.notice.say(problem)
            if self._published:
                update_display(page, raw=True, display_id=self.uid)

        return show

    def _show_controls(self) -> None:
        """Let the controls say what there is, whatever was asked for."""
        self.controls.show(self.scene.cohort.rows, self.scene.cohort.seed)
        self.versions.show(self.scene, can_undo=self.binding.can_undo)
        self.refining.show(self.scene)

    @property
    def _looked_at(self) -> Tab:
        return self.pages[self.tabs.selected_index or 0]

    def _look(self) -> None:
        """Draw the tab that is looked at, unless it is drawn."""
        page = self._looked_at
        if page not in self._seen:
            with self.binding.turn, self.notice.catching():
                page.show(self.scene, self.scene.cohort.frame())
                self._seen.add(page)

    def _draw(self, rows: int, seed: int | None) -> None:
        self._act(lambda: self.binding.draw(rows, seed))

    def _change(self, how: How, words: str, make: Callable[[Cohort], Cohort]) -> None:
        self._act(lambda: self.binding.change(make(self.binding.cohort), how, words))

    def _restore(self, number: int) -> None:
        self._act(lambda: self.binding.restore(number))

    def _undo(self) -> None:
        self._act(self.binding.undo)

    def _act(self, work: Callable[[], None]) -> None:
        """Do what a control says, unless the name holds something that would be lost."""
        with self._whole():
            if obstacle := self.binding.obstacle():
                self.notice.ask(
                    f"{obstacle} Replace it with the new patients?",
                    replacing=lambda: self._replace(work),
                    keeping=self._keep,
                )
            else:
                work()

    def _replace(self, work: Callable[[], None]) -> None:
        with self._whole():
            work()

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Change all or nothing, and say which if it fails."""
        with self.binding.turn, self.notice.catching():
            before = self.binding.cohort
            try:
                yield
            except BaseException as error:
                self._keep()
                late = self.binding.cohort is not before
                if late and isinstance(error, KeyboardInterrupt):
                    raise KeyboardInterrupt("Interrupted too late: the change is made.") from None
                raise

    def _keep(self) -> None:
        """Show what there is again, whatever was asked for."""
        self.notice.take_back()
        self._show_controls()
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
