"""Saving: the patients and their specification as files, and the code that makes them again."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets as widgets

from synth_magic.files import free, write
from synth_magic.notebook.pages.origin import again
from synth_magic.notebook.panel.pieces import hide, row
from synth_magic.notebook.words import counted

if TYPE_CHECKING:
    from synth_magic.notebook.panel.notice import Notice
    from synth_magic.notebook.panel.scene import Scene

# Nothing of it is made of a user's text: what is copied stands in the box above the button.
_COPY = """const box = this.parentElement.querySelector('textarea');
box.focus(); box.select();
const done = () => { this.textContent = 'Copied'; };
const byHand = () => { if (document.execCommand('copy')) done(); };
if (navigator.clipboard) navigator.clipboard.writeText(box.value).then(done, byHand);
else byHand();"""


class Saving:
    """Buttons that write what the panel shows into the working directory, never over a file.

    `obstacle` says why the user's name does not stand for what the panel shows, if it does not.
    """

    def __init__(self, notice: Notice, obstacle: Callable[[], str] = str) -> None:
        self._notice, self._obstacle = notice, obstacle
        self.csv = self._button("Save CSV", "save-csv", lambda: self._save(".csv"))
        self.parquet = self._button("Save Parquet", "save-parquet", lambda: self._save(".parquet"))
        self.specification = self._button(
            "Save specification", "save-specification", self._save_specification
        )
        self.copy = self._button("Copy as code", "copy-code", self._show_code, icon="code")
        self.code = widgets.HTML(layout=widgets.Layout(display="none"))
        buttons = row([self.csv, self.parquet, self.specification, self.copy])
        self.box = widgets.VBox([buttons, self.code])

    def show(self, scene: Scene) -> None:
        """Take what is to be saved."""
        self._scene = scene
        if self._shown:
            self._write_code()

    def _button(
        self, description: str, name: str, work: Callable[[], None], *, icon: str = "save"
    ) -> widgets.Button:
        button = widgets.Button(
            description=description, icon=icon, layout=widgets.Layout(width="auto")
        ).add_class(f"sp-{name}")

        def clicked(_: widgets.Button) -> None:
            with self._notice.catching():
                work()

        button.on_click(clicked)
        return button

    def _save(self, ending: str) -> None:
        cohort = self._scene.cohort
        data, beside = write(cohort.frame(), free(self._path(ending)))
        patients = counted(cohort.rows, "patient")
        self._say(f"Saved {data} ({patients}) and, beside it, {beside}")

    def _save_specification(self) -> None:
        path = free(self._path(".cohort.json"))
        self._scene.cohort.spec.write(path)
        self._say(f"Saved the specification, {path}")

    def _path(self, ending: str) -> Path:
        return Path(f"{self._scene.name or 'patients'}{ending}")

    def _say(self, saved: str) -> None:
        differs = self._obstacle()
        whose = f" {differs} What the panel shows was saved." if differs else ""
        self._notice.say(f"{saved}, in {Path.cwd()}.{whose}")

    @property
    def _shown(self) -> bool:
        return self.code.layout.display is None

    def _show_code(self) -> None:
        """Show the code, or hide it again."""
        if not self._shown:
            self._write_code()
        hide(self.code, when=self._shown)

    def _write_code(self) -> None:
        cohort = self._scene.cohort
        self.code.value = (
            f'<div class="sp-again">{again(self._scene.version, cohort)}'
            '<textarea readonly spellcheck="false" data-lm-suppress-shortcuts="true" '
            'aria-label="Python that makes these patients again">'
            f"\n{html.escape(cohort.as_code())}</textarea>"
            f'<button type="button" class="jupyter-button" onclick="{_COPY}">Copy</button></div>'
        )
