"""The comparison with real patients of the user's, on its tab."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DIABETICS
from tests.browser.pages import Notebook

pytestmark = pytest.mark.once


def test_a_click_compares_with_a_frame_of_the_users(lab: Notebook) -> None:
    lab.run("clinic = diabetics.cohort.resample(60, seed=7)[['age', 'sex', 'hba1c']]")
    first_line, body = DIABETICS.split("\n", 1)
    lab.clear()
    lab.run(f"{first_line} --against clinic\n{body}")
    tab = lab.panel.tab("Against real")
    lab.panel.button("Compare (about 10 s)").click()
    expect(tab).to_contain_text("500 synthetic patients beside 60 real ones")
    expect(tab.get_by_role("img", name="Every column by itself")).to_be_visible()
    assert not lab.panel.overflows()
    lab.panel.screenshot("against")
    lab.panel.resample.click()
    expect(tab).to_contain_text("This compares earlier patients")
