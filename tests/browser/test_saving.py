"""What is taken along: files beside the notebook, and code."""

from __future__ import annotations

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.browser.pages import Notebook
from tests.browser.server import Server

pytestmark = pytest.mark.once


def test_save_csv_writes_a_file_and_says_where(lab: Notebook, server: Server) -> None:
    lab.panel.button("Save CSV").click()
    expect(lab.panel.notice).to_contain_text("Saved diabetics.csv (500 patients)")
    expect(lab.panel.notice).to_contain_text(str(server.folder))
    saved = pd.read_csv(server.folder / "diabetics.csv")
    assert saved.shape == (500, 7)
    assert lab.run("int(diabetics.age.sum())") == str(saved["age"].sum())


def test_the_code_that_is_copied_makes_equal_patients(lab: Notebook) -> None:
    panel = lab.panel
    panel.edit("smoking", "yes %", "40")
    expect(panel.head).to_contain_text("edited by hand")
    panel.button("Copy as code").click()
    code = panel.field("Python that makes these patients again").input_value()
    lab.run(code)
    assert lab.run("patients.equals(diabetics)") == "True"
