"""Changing the whole specification as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from synth_magic.errors import SpecificationError, SynthMagicError
from synth_magic.notebook.pages.html import points, said
from synth_magic.spec import CohortSpec

if TYPE_CHECKING:
    from synth_magic.frame import Cohort
    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Change, Scene

_MEANWHILE = (
    "The specification has changed since you began to write. Apply puts your text in its place; "
    "Reset drops your text."
)


class Document:
    """The JSON in a box, folded at first, with a button to apply it and one to begin anew.

    What the user has written stays until it is applied or reset.
    """

    def __init__(self, notice: Notice, change: Change) -> None:
        self._notice, self._change = notice, change
        self._shown = ""
        self._began: CohortSpec | None = None
        self._applied: CohortSpec | None = None
        # Sent as it is written: JupyterLab has a click answered in another thread than a text, so
        # that one sent together with the click might come too late.
        self.text = widgets.Textarea(
            continuous_update=True,
            tooltip="The specification as JSON",
            layout=widgets.Layout(width="100%", height="28em"),
        )
        self.apply = widgets.Button(
            description="Apply JSON", icon="check", tooltip="Draw the patients of this text"
        )
        self.reset = widgets.Button(
            description="Reset", tooltip="Drop what was written, and show what holds now"
        )
        self.said = widgets.HTML()
        named = {"json": self.text, "apply": self.apply, "reset": self.reset}
        for name, widget in named.items():
            widget.add_class(f"sp-{name}")
        self.text.add_class("sp-code")
        self.said.add_class("sp-json-said")
        self.apply.on_click(lambda _: self._apply())
        self.reset.on_click(lambda _: self._reset())
        inside = widgets.VBox(
            [self.text, widgets.HBox([self.apply, self.reset]), self.said],
        )
        self.box = widgets.Accordion([inside], titles=["The whole specification as JSON"])
        self.box.observe(self._opened, "selected_index")

    def show(self, scene: Scene) -> None:
        """Show what holds now, unless the user has written something else."""
        self._cohort: Cohort = scene.cohort
        if self._cohort.spec == self._applied:
            self._applied = None
            self._reset()
        elif self.text.value == self._shown:
            self._shown = ""
            self.text.value = ""
            self._opened()
        elif self._cohort.spec != self._began:
            self.said.value = f"<p>{_MEANWHILE}</p>"
        else:
            self.said.value = ""

    def _opened(self, _: Any = None) -> None:
        """Fill the box when it is seen first: a long text takes time to send."""
        if self.box.selected_index is not None and not self.text.value:
            self._reset()

    def _reset(self) -> None:
        self._began = self._cohort.spec
        self._shown = self._began.to_json()
        self.text.value = self._shown
        self.said.value = ""

    def _apply(self) -> None:
        with self._notice.catching():
            self.said.value = ""
            try:
                spec = CohortSpec.from_json(self.text.value)
                if spec == self._cohort.spec:
                    self.said.value = "<p>This is what holds already: nothing was changed.</p>"
                    return
                self._cohort.respecified(spec)
            except SpecificationError as error:
                lines = [str(violation) for violation in error.violations]
                self.said.value = f"<p>This cannot be applied:</p>{points(lines)}"
            except SynthMagicError as error:
                self.said.value = f"<p>This cannot be applied: {said(str(error))}</p>"
            else:
                self._change("edited", "JSON", lambda cohort: self._applying(cohort, spec))

    def _applying(self, cohort: Cohort, spec: CohortSpec) -> Cohort:
        made = cohort.respecified(spec)
        self._applied = made.spec
        return made
