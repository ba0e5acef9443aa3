"""The notebooks run from top to bottom, ask no model, and are committed as they run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
WIDGET = "application/vnd.jupyter.widget-view+json"


def outputs(notebook: Any, mime: str) -> list[str]:
    return [
        output.data[mime]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if mime in output.get("data", {})
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.usefixtures("no_credentials")
def test_a_notebook_runs_and_shows_what_is_committed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has a key pays nothing: with one that opens nothing, the same is shown."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-not-to-be-used")
    committed = nbformat.read(path, as_version=4)
    executed = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(path.parent)}}
    NotebookClient(executed, store_widget_state=False, timeout=120, resources=where).execute()
    pages = [html for html in outputs(executed, "text/html") if 'class="sp-head"' in html]
    assert len(pages) == len(outputs(executed, WIDGET)) >= 1
    assert all("data:image/png;base64," in html for html in pages)
    assert outputs(executed, "text/plain") == outputs(committed, "text/plain")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_with_outputs_and_without_widget_state(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert "widgets" not in notebook.metadata
    assert [html for html in outputs(notebook, "text/html") if "synthetic patients" in html]
    assert not re.search(r"/(home|root|work|tmp)/", path.read_text(encoding="utf-8"))


def test_a_recorded_answer_says_that_it_is_one_and_what_wrote_it() -> None:
    notebook = nbformat.read(FOLDER / "03_claude.ipynb", as_version=4)
    (page,) = [html for html in outputs(notebook, "text/html") if "synthpatients" in html]
    assert "Replayed from the recorded answer of a Claude model" in page
    assert "outside the API" in page


def test_a_mistake_stops_the_notebook() -> None:
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("%load_ext synth_magic"),
            nbformat.v4.new_code_cell("%%synthpatients d --engine ofline\nAdults, 56% male."),
        ]
    )
    with pytest.raises(CellExecutionError, match="did you mean 'offline'"):
        NotebookClient(notebook).execute()
