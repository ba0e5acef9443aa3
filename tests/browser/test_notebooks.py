"""A notebook in each application: run, saved, closed, and opened again without its kernel."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.pages import Jupyter, Notebook

pytestmark = pytest.mark.once

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture
def quickstart(jupyter: Jupyter) -> Jupyter:
    shutil.copy(NOTEBOOKS / "01_quickstart.ipynb", jupyter.path)
    return jupyter


def resample_works(notebook: Notebook) -> None:
    panel = notebook.panel
    expect(panel.seed).to_have_value("0")
    picture = panel.picture.get_attribute("src")
    panel.resample.click()
    expect(panel.seed).to_have_value("1")
    expect(panel.picture).not_to_have_attribute("src", str(picture))
    expect(notebook.static).to_have_count(0)


def test_the_quickstart_in_jupyterlab(quickstart: Jupyter, complaints: list[str]) -> None:
    notebook = quickstart.lab()
    notebook.run_all()
    expect(notebook.errors).to_have_text([])
    resample_works(notebook)
    notebook.screenshot("quickstart-lab")
    notebook.save()
    quickstart.stop_kernel()

    reopened = quickstart.lab()
    expect(reopened.static).to_have_count(1)
    expect(reopened.dead_widget).to_be_attached()
    expect(reopened.dead_widget).to_be_hidden()
    reopened.screenshot("reopened")
    (complaint,) = complaints  # JupyterLab's, which the page before the reader's eyes hides
    assert "widget model not found" in complaint
    complaints.clear()

    changed = nbformat.read(quickstart.path, as_version=4)
    changed.cells.append(nbformat.v4.new_markdown_cell("By somebody else."))
    nbformat.write(changed, quickstart.path)
    untrusted = quickstart.lab()
    expect(untrusted.static).to_have_count(1)
    untrusted.screenshot("reopened-untrusted")


def test_the_quickstart_in_notebook_7(quickstart: Jupyter) -> None:
    notebook = quickstart.notebook()
    notebook.run_all()
    expect(notebook.errors).to_have_text([])
    resample_works(notebook)
    notebook.screenshot("quickstart-notebook")


def test_the_quickstart_in_voila(quickstart: Jupyter) -> None:
    notebook = quickstart.voila()
    resample_works(notebook)
    notebook.screenshot("quickstart-voila")


def test_tweaking_in_jupyterlab_without_a_key(jupyter: Jupyter) -> None:
    recordings = ".synthpatients"
    shutil.copytree(NOTEBOOKS / recordings, jupyter.path.parent / recordings)
    shutil.copy(NOTEBOOKS / "04_tweaking.ipynb", jupyter.path)
    notebook = jupyter.lab()
    notebook.run_all()
    expect(notebook.errors).to_have_text([])
    expect(notebook.panel.changes).to_contain_text("Changed from version 1")
    expect(notebook.panel.versions.locator("option")).to_have_count(4)
    notebook.screenshot("tweaking")
