"""Two hundred variables, markup in every text, and a kernel that has forgotten everything."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DIABETICS
from tests.browser.pages import TABS, Notebook

pytestmark = pytest.mark.once

MANY = """\
import synth_magic as sm
from synth_magic.spec import MeanSD, Variable

variables = (Variable(f"x{n:03}", "continuous", MeanSD(n, 1), decimals=1) for n in range(200))
many = sm.sample(sm.CohortSpec("Many columns", "adults", tuple(variables)), rows=300)
many"""
MARKUP = """<script>hacked = true</script><img src="x" onerror="hacked = true">🩺"""
HOSTILE = f'''\
import synth_magic as sm
from synth_magic.spec import MeanSD, Share, Shares, Variable

markup = """{MARKUP}"""
variables = (
    Variable("crp", "continuous", MeanSD(5, 1), markup, markup, basis=markup),
    Variable("stage", "categorical", Shares((Share(markup, 0.5), Share("🩺" * 500, 0.5)))),
)
hostile = sm.sample(sm.CohortSpec(markup, markup, variables), rows=300)
hostile'''
HOSTILE_WORDS = f"""\
%%synthpatients worded --engine offline
Adults aged 40-85, 30% {MARKUP}, HbA1c around 7.4% (SD 1.3). {MARKUP} {"🩺" * 500}"""


def look_at_every_tab(notebook: Notebook) -> None:
    for title in TABS:
        notebook.panel.tab(title)
        notebook.settle()
        expect(notebook.panel.notice).to_have_count(0)
    expect(notebook.errors).to_have_text([])


def test_two_hundred_variables(lab: Notebook) -> None:
    lab.rerun(MANY)
    panel = lab.panel
    look_at_every_tab(lab)
    marginals = panel.tab("Marginals")
    expect(marginals).to_contain_text("1–12 of 200 variables")
    marginals.get_by_role("button", name="Next").click()
    expect(marginals).to_contain_text("13–24 of 200 variables")
    expect(panel.words).to_contain_text("x012: median")
    lab.screenshot("many")
    panel.find("x123")
    expect(marginals).to_contain_text("1–1 of 1 variables")
    expect(panel.words).to_contain_text("x123: median")

    panel.rows.fill("1000000")
    panel.rows.press("Enter")
    expect(panel.notice).to_contain_text("GB of memory")
    expect(panel.rows).to_have_value("300")
    assert lab.run("len(many)") == "300"


@pytest.mark.parametrize("cell", [HOSTILE, HOSTILE_WORDS], ids=["specification", "description"])
def test_no_script_runs_whatever_a_text_holds(
    lab: Notebook, cell: str, request: pytest.FixtureRequest
) -> None:
    lab.rerun(cell)
    panel = lab.panel
    look_at_every_tab(lab)
    expect(panel.root).to_contain_text(MARKUP)
    panel.button("Copy as code").click()
    expect(panel.field("Python that makes these patients again")).not_to_be_empty()
    panel.tab("Marginals")
    lab.screenshot(f"hostile-{request.node.callspec.id}")
    assert lab.page.evaluate("typeof hacked") == "undefined"


def test_a_restarted_kernel_leaves_a_dead_panel_until_all_is_run_again(
    lab: Notebook, complaints: list[str]
) -> None:
    lab.clear()
    lab.run("%load_ext synth_magic")
    lab.run(DIABETICS)
    lab.restart()
    with lab.page.expect_event("pageerror") as error:  # JupyterLab's: any widget has it
        lab.panel.resample.click()
    assert error.value.message == "Cannot send"
    complaints.clear()

    lab.run_all()
    expect(lab.errors).to_have_text([])
    expect(lab.panel.seed).to_have_value("0")
    lab.panel.resample.click()
    expect(lab.panel.seed).to_have_value("1")
