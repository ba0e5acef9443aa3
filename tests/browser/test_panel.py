"""The panel in JupyterLab, as an analyst sees and touches it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.pages import TABS, Notebook, Theme

pytestmark = pytest.mark.once

FIRST = "int(diabetics.age[0]), diabetics.cohort.seed"


def test_resample_changes_the_picture_the_table_and_the_variable(lab: Notebook) -> None:
    panel = lab.panel
    first = lab.run(FIRST)
    picture = panel.picture.get_attribute("src")
    table = panel.patients.inner_text()
    panel.resample.click()
    expect(panel.seed).to_have_value("1")
    expect(panel.patients).not_to_have_text(table, use_inner_text=True)
    panel.tab("Marginals")
    expect(panel.picture).not_to_have_attribute("src", str(picture))
    second = lab.run(FIRST)
    assert second != first
    assert second.endswith(", 1)")


def test_rows_typed_and_slid_agree(lab: Notebook) -> None:
    panel = lab.panel
    panel.rows.fill("1000")
    panel.rows.press("Enter")
    expect(panel.slider).to_have_attribute("aria-valuenow", "3.0")
    assert lab.run("len(diabetics)") == "1000"
    panel.slider.press("ArrowRight")
    expect(panel.rows).to_have_value("1100")
    assert lab.run("len(diabetics)") == "1100"


def test_two_displays_of_a_variable_stay_in_step(lab: Notebook) -> None:
    lab.run("diabetics")
    upper, lower = lab.panels
    lower.resample.click()
    for panel in (upper, lower):
        expect(panel.seed).to_have_value("1")
    assert upper.patients.inner_text() == lower.patients.inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_tab_can_be_looked_at_in_either_theme(lab: Notebook, theme: Theme) -> None:
    lab.wear(theme)
    for title in TABS:
        expect(lab.panel.tab(title)).to_have_count(1)
        lab.settle()
        expect(lab.panel.notice).to_have_count(0)
        lab.screenshot(f"{title.lower()}-{theme}")


def test_it_fits_into_a_window_of_800_pixels(lab: Notebook) -> None:
    lab.page.set_viewport_size({"width": 800, "height": 1400})
    for title in TABS:
        lab.panel.tab(title)
        lab.settle()
        lab.screenshot(f"{title.lower()}-800")
        assert not lab.panel.overflows(), title
