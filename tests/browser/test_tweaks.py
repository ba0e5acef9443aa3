"""One description after another for the same name, and changes asked for in words."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DIABETICS
from tests.browser.pages import PANEL, STATIC, Notebook

pytestmark = pytest.mark.once

OLDER = "mean age 71"
MEAN_AGE = "round(diabetics.age.mean())"
LISTEN = """\
import logging
heard = []
logging.getLogger("Comm").addFilter(lambda record: heard.append(record.getMessage()) or True)"""


def test_a_cell_with_other_words_shows_what_they_changed(lab: Notebook) -> None:
    earlier = lab.panel.root.element_handle()
    lab.rerun(DIABETICS.replace("12% smokers", "40% smokers"))
    panel = lab.panel
    expect(panel.changes).to_contain_text("smoking: share of yes 0.12 → 0.40")
    expect(panel.versions.locator("option")).to_have_count(2)
    assert not earlier.is_visible()
    expect(panel.field("beside")).to_have_value("version 1: described")
    lab.settle()
    lab.screenshot("changed")


def test_a_refinement_in_a_line_leaves_the_earlier_output_as_it_was(lab: Notebook) -> None:
    lab.run(f'%synthpatients diabetics --refine "{OLDER}" --engine offline')
    above, below = lab.cells
    expect(lab.panel.changes).to_contain_text(f"Version 2: refined, {OLDER}.")
    expect(below.locator(PANEL)).to_be_visible()
    expect(above.locator(PANEL)).to_have_count(0)
    expect(above.locator(STATIC)).to_contain_text("a cell that ran later has replaced them.")
    expect(above.locator(STATIC)).to_contain_text("500 synthetic patients")
    expect(above.locator(STATIC)).to_be_visible()
    expect(below.locator(STATIC)).to_be_hidden()
    assert lab.run(MEAN_AGE) == "71"
    lab.screenshot("refined")


def test_a_refinement_in_the_panel_says_first_who_is_asked(lab: Notebook) -> None:
    panel = lab.panel
    expect(panel.ask).to_be_disabled()
    panel.refine.fill(OLDER)
    panel.refine.press("Enter")
    expect(panel.ask).to_have_text("Refine (no model is asked)")
    expect(panel.head).not_to_contain_text("refined")
    panel.ask.click()
    expect(panel.head).to_contain_text("refined once")
    expect(panel.changes).to_contain_text("age: ")
    expect(panel.refine).to_be_empty()
    assert lab.run(MEAN_AGE) == "71"


def test_a_page_says_nothing_to_a_panel_that_is_gone(lab: Notebook) -> None:
    lab.run(LISTEN)
    lab.panel.edit("smoking", "yes %", "40")
    expect(lab.panel.head).to_contain_text("edited by hand")
    lab.panel.root.get_by_text("The whole specification as JSON").click()
    expect(lab.panel.json).to_be_visible()
    lab.run(f'%synthpatients diabetics --refine "{OLDER}" --engine offline')
    lab.panel.tab("Patients")
    lab.run("%synthpatients restore diabetics 1")
    lab.settle()
    assert lab.run("heard") == "[]"
