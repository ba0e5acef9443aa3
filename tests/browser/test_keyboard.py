"""The panel without a mouse, and for those who do not see it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import TABS, Notebook

pytestmark = pytest.mark.once

# The handle of the slider has none, and ipywidgets cannot give it one; the field beside it has.
NAMELESS = re.compile(r'^ *- (?:button|checkbox|combobox|spinbutton|tab|textbox)\b(?! ").*', re.M)


def test_the_tab_key_reaches_everything_in_turn(lab: Notebook) -> None:
    panel, keyboard = lab.panel, lab.page.keyboard
    panel.resample.click()  # so that there is something to undo
    expect(panel.undo).to_be_enabled()
    panel.rows.focus()
    reached = []
    for _ in range(9):
        reached.append(panel.focused())
        keyboard.press("Tab")
    assert reached == [
        "sp-rows", "slider", "sp-seed", "sp-resample", "sp-undo", "sp-refine",
        "tab", "sp-variable", "sp-beside",
    ]  # fmt: skip


def test_arrow_keys_and_enter_turn_to_another_tab(lab: Notebook) -> None:
    tabs = lab.panel.root.get_by_role("tab")
    tabs.filter(has_text="Marginals").focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        lab.page.keyboard.press(key)
    expect(tabs.filter(has_text="Checks")).to_have_attribute("aria-selected", "true")
    expect(lab.panel.field("Missed only")).to_be_visible()


def test_all_that_is_touched_has_a_name_and_all_pictures_have_words(lab: Notebook) -> None:
    for title in TABS:
        tab = lab.panel.tab(title)
        lab.settle()
        assert NAMELESS.findall(lab.panel.root.aria_snapshot()) == []
        for image in tab.get_by_role("img").all():
            beside = image.locator("xpath=ancestor::*[contains(@class, 'widget-vbox')][1]")
            expect(beside).to_contain_text("age:" if title == "Marginals" else "Spearman")
