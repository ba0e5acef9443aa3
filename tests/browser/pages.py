"""What a test sees and touches: a notebook in JupyterLab or Notebook 7, and a panel in it.

Every selector stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import nbformat
from playwright.sync_api import Locator, Page, expect

from tests.browser.server import Server

Theme = Literal["light", "dark"]
TABS = ("Patients", "Marginals", "Associations", "Checks", "Specification", "Origin")
SCREENSHOTS = Path(__file__).parents[2] / "build/screenshots"
PANEL = ".jupyter-widgets.synthpatients"
STATIC = ".synthpatients:not(.jupyter-widgets)"

# The kernel is idle before it is connected, and what is run until then is dropped.
_READY = """() => {
    const session = window.jupyterapp?.shell.currentWidget?.sessionContext;
    const kernel = session?.session?.kernel;
    return session?.isReady && kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""
# Nothing is returned: the page is not to wait for what runs.
_COMMAND = """([command, options]) => {
    window.done = false;
    jupyterapp.commands.execute(command, options).finally(() => { window.done = true; });
}"""
# Controls are answered in a thread of their own, beside the cells: in no order with these.
_LISTEN = """() => {
    window.unanswered = new Set();
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    kernel.anyMessage.connect((_, { msg, direction }) => {
        if (direction === "send" && msg.channel === "shell") unanswered.add(msg.header.msg_id);
        if (msg.content.execution_state === "idle") unanswered.delete(msg.parent_header.msg_id);
    });
}"""
_SETTLED = "() => unanswered.size === 0"
_CLEAR = """() => {
    const cells = jupyterapp.shell.currentWidget.content.model.sharedModel;
    const count = cells.cells.length;
    cells.insertCell(count, { cell_type: "code" });
    cells.deleteCellRange(0, count);
    unanswered.clear(); // a panel that is gone does not answer
}"""
_RESTART = "() => jupyterapp.shell.currentWidget.sessionContext.restartKernel()"
_REWRITE = """(source) => {
    jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.setSource(source);
}"""
_ADD_CELL = """async (source) => {
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = notebook.widgets.length - 1;
    if (notebook.activeCell.model.sharedModel.source)
        await jupyterapp.commands.execute("notebook:insert-cell-below");
    notebook.activeCell.model.sharedModel.setSource(source);
}"""


# The address of a picture changes with each that is sent, the same one again or not.
_PIXELS = """async (image) => {
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL();
}"""
_FOCUSED = """() => {
    const focused = document.activeElement;
    return focused.getAttribute("role") ?? [...focused.closest("[class*=sp-]").classList]
        .find((name) => name.startsWith("sp-"));
}"""


@dataclass(frozen=True, slots=True)
class Jupyter:
    """One notebook file on a server, and the applications that open it in one page."""

    page: Page
    server: Server
    file: str

    def write(self, *cells: str) -> None:
        code_cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
        nbformat.write(nbformat.v4.new_notebook(cells=code_cells, metadata=metadata), self.path)

    @property
    def path(self) -> Path:
        return self.server.folder / self.file

    def lab(self) -> Notebook:
        """Open the file in JupyterLab, in a workspace of its own."""
        return self._open(f"lab/workspaces/{self.path.stem}/tree/{self.file}")

    def notebook(self) -> Notebook:
        """Open the file in Notebook 7."""
        return self._open(f"notebooks/{self.file}")

    def voila(self) -> Notebook:
        """Let Voila run the file, which it shows without controls of its own."""
        self.page.goto(self.server.address(f"voila/render/{self.file}"))
        return Notebook(self.page)

    def stop_kernel(self) -> None:
        self.server.stop_kernel(self.file)

    def _open(self, path: str) -> Notebook:
        self.page.goto(self.server.address(path))
        self.page.wait_for_function(_READY)
        self.page.evaluate(_LISTEN)
        return Notebook(self.page)


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook that is open in an application."""

    page: Page

    def command(self, name: str, **options: object) -> None:
        """Carry out a command of Jupyter's, and wait until it is done."""
        self.page.evaluate(_COMMAND, [name, options])
        self.page.wait_for_function("window.done")

    def run_all(self) -> None:
        self.command("notebook:run-all-cells")

    def run(self, source: str) -> str:
        """Run a new cell at the end; return the text that it shows."""
        self.page.evaluate(_ADD_CELL, source)
        return self._run()

    def rerun(self, source: str) -> str:
        """Write something else into the cell that was run last, and run it again."""
        self.page.evaluate(_REWRITE, source)
        return self._run()

    def _run(self) -> str:
        self.command("notebook:run-cell")
        texts = self.page.locator(".jp-Cell.jp-mod-active .jp-OutputArea-output").all_inner_texts()
        return "\n".join(texts).strip()

    def clear(self) -> None:
        """Delete all cells."""
        self.page.evaluate(_CLEAR)

    def restart(self) -> None:
        """Restart the kernel, which forgets everything."""
        self.page.evaluate(_RESTART)
        self.page.wait_for_function(_READY)
        self.page.evaluate("unanswered.clear()")

    def settle(self) -> None:
        """Wait until the kernel has done all that was asked of it."""
        self.page.wait_for_function(_SETTLED)

    def save(self) -> None:
        self.command("docmanager:save")

    @property
    def panel(self) -> Panel:
        """The only panel."""
        return Panel(self.page.locator(PANEL))

    @property
    def panels(self) -> list[Panel]:
        expect(self.page.locator(PANEL).first).to_be_visible()
        return [Panel(root) for root in self.page.locator(PANEL).all()]

    @property
    def cells(self) -> list[Locator]:
        return self.page.locator(".jp-Cell").all()

    @property
    def static(self) -> Locator:
        """The static pages that can be seen."""
        return self.page.locator(STATIC).filter(visible=True)

    @property
    def dead_widget(self) -> Locator:
        """What stands in the place of a widget whose kernel is gone."""
        return self.page.get_by_text("model not found")

    @property
    def errors(self) -> Locator:
        """What the cells that failed show."""
        return self.page.locator(".jp-OutputArea-output[data-mime-type$=stderr]")

    def wear(self, theme: Theme) -> None:
        self.command("apputils:change-theme", theme=f"JupyterLab {theme.title()}")
        light = str(theme == "light").lower()
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", light)

    def screenshot(self, name: str) -> None:
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


@dataclass(frozen=True, slots=True)
class Panel:
    """The widgets over one cohort."""

    root: Locator

    @property
    def rows(self) -> Locator:
        return self.root.locator(".sp-rows input")

    @property
    def seed(self) -> Locator:
        return self.root.locator(".sp-seed input")

    @property
    def slider(self) -> Locator:
        """The handle, which the arrow keys move."""
        return self.root.locator(".sp-slider .noUi-handle")

    @property
    def resample(self) -> Locator:
        return self.root.locator(".sp-resample")

    @property
    def undo(self) -> Locator:
        return self.root.locator(".sp-undo")

    @property
    def versions(self) -> Locator:
        """The list of versions, which is there once there are two."""
        return self.root.locator(".sp-version select")

    @property
    def refine(self) -> Locator:
        return self.root.locator(".sp-refine input")

    @property
    def ask(self) -> Locator:
        """The button beside the words that ask for a change."""
        return self.root.locator(".sp-ask")

    @property
    def head(self) -> Locator:
        return self.root.locator(".sp-head")

    @property
    def changes(self) -> Locator:
        """What changed from the version before."""
        return self.root.locator(".sp-changes")

    @property
    def notice(self) -> Locator:
        return self.root.locator(".sp-notice")

    @property
    def patients(self) -> Locator:
        """The table of the first rows, on its tab."""
        return self.tab("Patients").locator(".sp-patients")

    @property
    def picture(self) -> Locator:
        """The first picture on the tab that is looked at."""
        return self.root.locator("img").filter(visible=True).first

    @property
    def words(self) -> Locator:
        """The marginals in words, which are for screen readers."""
        return self.root.locator(".sp-unseen")

    @property
    def json(self) -> Locator:
        """The whole specification, on its tab, once it is unfolded."""
        return self.root.locator(".sp-json textarea")

    def pixels(self) -> str:
        """Return what the picture shows."""
        pixels: str = self.picture.evaluate(_PIXELS)
        return pixels

    def edit(self, variable: str, figure: str, value: str) -> None:
        """Write another figure of a variable into the specification."""
        self.tab("Specification")
        self.field("Change").select_option(variable)
        expect(self.root.get_by_text("What came out in")).to_be_visible()
        self.field(figure).fill(value)
        self.field(figure).press("Enter")

    def find(self, letters: str) -> None:
        """Look for variables, on a tab of many."""
        search = self.root.locator(".sp-search input").filter(visible=True)
        search.fill(letters)
        search.press("Enter")

    def focused(self) -> str:
        """Return the class, or else the role, of what the keyboard is at."""
        focused: str = self.root.evaluate(_FOCUSED)
        return focused

    def field(self, label: str) -> Locator:
        return self.root.get_by_label(label, exact=True)

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name)

    def tab(self, title: str) -> Locator:
        """Look at one tab; return what is in it."""
        tabs = self.root.locator(".sp-tabs")
        tabs.get_by_role("tab", name=title).click()
        return tabs.locator("> .widget-tab-contents > *").filter(visible=True)

    def overflows(self) -> bool:
        """Return whether it is wider than its place."""
        wider: bool = self.root.evaluate("panel => panel.scrollWidth > panel.clientWidth")
        return wider

    def screenshot(self, name: str) -> None:
        self.root.screenshot(path=SCREENSHOTS / f"{name}.png")
