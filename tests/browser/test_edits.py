"""Figures of the specification changed in the panel, and what cannot be changed so."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Notebook

pytestmark = pytest.mark.once

SHARE = """print(f"yes {(diabetics.smoking == 'yes').mean():.1%}")"""


def test_a_share_edited_moves_the_bars_and_can_be_undone(lab: Notebook) -> None:
    panel = lab.panel
    words, pixels, share = panel.words.inner_text(), panel.pixels(), lab.run(SHARE)
    expect(panel.words).to_contain_text(share)

    panel.edit("smoking", "yes %", "40")
    expect(panel.head).to_contain_text("edited by hand (1 figure)")
    expect(panel.head).to_contain_text("8 of 8 stated facts reached")
    expect(panel.changes).to_contain_text("smoking: share of yes 0.12 → 0.40")
    expect(panel.versions.locator("option")).to_have_count(2)
    lab.screenshot("edited-specification")
    panel.tab("Marginals")
    expect(panel.words).not_to_contain_text(share)
    edited = lab.run(SHARE)
    expect(panel.words).to_contain_text(edited)
    assert panel.pixels() != pixels
    lab.screenshot("edited-marginals")

    panel.undo.click()
    expect(panel.words).to_have_text(words, use_inner_text=True)
    assert panel.pixels() == pixels
    assert lab.run(SHARE) == share
    expect(panel.head).not_to_contain_text("edited")

    panel.versions.select_option(index=1)
    expect(panel.words).to_contain_text(edited)
    assert lab.run(SHARE) == edited


def test_a_figure_that_contradicts_is_refused_and_nothing_is_lost(lab: Notebook) -> None:
    panel = lab.panel
    panel.edit("age", "median", "200")
    expect(panel.notice).to_contain_text("median 200 lies above the highest 85")
    expect(panel.field("median")).to_have_value(re.compile(r"^[4-8]\d$"))
    expect(panel.versions).to_be_hidden()
    lab.screenshot("notice")
    panel.resample.click()
    expect(panel.seed).to_have_value("1")
    expect(panel.notice).to_have_count(0)


def test_json_with_a_mistake_stays_as_it_was_written(lab: Notebook) -> None:
    panel = lab.panel
    specification = panel.tab("Specification")
    specification.get_by_text("The whole specification as JSON").click()
    expect(panel.json).not_to_be_empty()
    mistaken = panel.json.input_value().replace('"smoking"', '"smoking', 1)
    panel.json.fill(mistaken)
    panel.button("Apply JSON").click()
    expect(specification).to_contain_text("This cannot be applied:")
    panel.resample.click()
    expect(panel.seed).to_have_value("1")
    expect(panel.json).to_have_value(mistaken)
    lab.screenshot("mistaken-json")
    panel.button("Reset").click()
    expect(panel.json).not_to_have_value(mistaken)


def test_patients_edited_in_place_are_not_replaced_without_a_click(lab: Notebook) -> None:
    panel = lab.panel
    lab.run('diabetics.loc[0, "age"] = 99')
    panel.resample.click()
    expect(panel.notice).to_contain_text("You have changed diabetics since it was drawn.")
    lab.screenshot("replace")
    panel.button("Keep").click()
    expect(panel.notice).to_have_count(0)
    expect(panel.seed).to_have_value("0")
    assert lab.run("int(diabetics.age[0])") == "99"

    panel.resample.click()
    panel.button("Replace").click()
    expect(panel.notice).to_have_count(0)
    expect(panel.seed).to_have_value("1")
    assert lab.run("int(diabetics.age[0])") != "99"
