from __future__ import annotations

import gc
import weakref
from typing import Any

import pandas as pd
import pytest

from synth_magic import Cohort
from synth_magic.notebook.binding import Comparison
from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.panel.against import Against
from synth_magic.notebook.panel.panel import Panel

EARLIER = "This compares earlier patients of this name."


@pytest.fixture
def namespace(cohort: Cohort) -> dict[str, Any]:
    return {"clinic": pd.DataFrame(cohort.resample(seed=7))}


@pytest.fixture
def panel(namespace: dict[str, Any], cohort: Cohort) -> Panel:
    frame, comparison = cohort.frame(), Comparison("clinic", {"target": "sex", "splits": 1})
    return Panel(Bindings(namespace).add("patients", frame, comparison=comparison), frame)


@pytest.fixture
def tab(panel: Panel) -> Against:
    panel.tabs.selected_index = panel.tabs.titles.index("Against real")
    tab = panel.pages[-1]
    assert isinstance(tab, Against)
    return tab


def said(panel: Panel) -> str:
    return "".join(line.value for line in panel.notice.box.children)


def test_there_is_a_tab_only_where_something_is_compared(panel: Panel, cohort: Cohort) -> None:
    assert panel.tabs.titles[-1] == "Against real"
    frame = cohort.frame()
    assert "Against real" not in Panel(Bindings({}).add("alone", frame), frame).tabs.titles


def test_the_comparison_is_told_what_the_line_says(
    namespace: dict[str, Any], cohort: Cohort
) -> None:
    frame = cohort.frame()
    comparison = Comparison("clinic", {"keys": ("age",), "sensitive": ("sex",), "splits": 2})
    panel = Panel(Bindings(namespace).add("p", frame, comparison=comparison), frame)
    panel.tabs.selected_index = panel.tabs.titles.index("Against real")
    tab = panel.pages[-1]
    assert isinstance(tab, Against)
    assert tab.compare.description == "Compare (about 20 s)"
    tab.compare.click()
    assert said(panel) == ""
    assert "2 splits of the real patients" in tab.report.value
    assert "CategoricalCAP" in tab.report.value


def test_a_click_compares_and_a_resample_marks_it_as_of_earlier_patients(
    panel: Panel, tab: Against
) -> None:
    assert (tab.report.value, tab.earlier.value) == ("", "")
    progress = []
    tab.progress.observe(lambda change: progress.append(change["new"]), "value")
    tab.compare.click()
    assert said(panel) == ""
    assert "50 synthetic patients beside 50 real ones" in tab.report.value
    assert "utility: " in tab.report.value
    assert "<bdi>distributions, 1 of 7</bdi>" in progress
    assert progress[-1] == ""
    assert not tab.compare.disabled
    assert tab.earlier.value == ""

    panel.controls.resample.click()
    assert EARLIER in tab.earlier.value
    panel.versions.undo.click()
    assert tab.earlier.value == ""


def test_the_real_patients_are_neither_kept_nor_written(
    panel: Panel, tab: Against, namespace: dict[str, Any]
) -> None:
    real = weakref.ref(namespace["clinic"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("synth_magic.api.evaluate", lambda *_, **__: Plain())
        tab.compare.click()
    assert tab.report.value == "compared"
    assert "clinic" not in str(namespace["patients"].attrs)
    del namespace["clinic"]
    gc.collect()
    assert real() is None
    tab.compare.click()
    assert "clinic holds no DataFrame any more: there is nothing to compare." in said(panel)
    assert not tab.compare.disabled


class Plain:
    def to_html(self) -> str:
        return "compared"


def test_what_cannot_be_compared_is_said(
    panel: Panel, tab: Against, namespace: dict[str, Any]
) -> None:
    namespace["clinic"] = pd.DataFrame({"other": range(40)})
    tab.compare.click()
    assert "sex" in said(panel)
    assert tab.report.value == ""


def test_an_interrupt_leaves_what_was_shown(
    panel: Panel, tab: Against, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt("stopped; nothing was compared to the end")

    monkeypatch.setattr("synth_magic.api.evaluate", stopped)
    tab.report.value = "earlier"
    tab.compare.click()
    assert "stopped; nothing was compared to the end" in said(panel)
    assert tab.report.value == "earlier"
