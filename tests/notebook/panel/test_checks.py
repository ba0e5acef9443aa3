from __future__ import annotations

from dataclasses import replace

import pytest

from synth_magic import Cohort
from synth_magic.notebook.history import History
from synth_magic.notebook.pages.view import View
from synth_magic.notebook.panel.checks import ON_A_PAGE, Checks
from synth_magic.notebook.panel.notice import Notice
from synth_magic.notebook.panel.scene import Scene
from synth_magic.spec import Rule
from tests.notebook.pages.elements import text


def scene(cohort: Cohort, view: View) -> Scene:
    history = History()
    return Scene("p", view, history.keep(history.make(cohort, "described")), history)


@pytest.fixture
def view(cohort: Cohort) -> View:
    ruled = replace(cohort, spec=replace(cohort.spec, rules=(Rule("crp <= 200"),)))
    return View.of(ruled, ruled.frame())


def shown(cohort: Cohort, view: View) -> Checks:
    tab = Checks(Notice())
    tab.show(scene(cohort, view), cohort.frame())
    return tab


def test_facts_figures_rules_and_notes_are_shown(cohort: Cohort, view: View) -> None:
    tab = shown(cohort, view)
    words = text(tab.tables.value)
    assert words.startswith("2 of 2 stated facts reached.")
    assert "56% male" in words
    rules, _, others = words.partition("Rules")[2].partition("Other figures of the specification")
    assert "50 of 50 rows" in rules
    assert "age: Spearman with crp" in others
    assert "and kind" in tab.notes.value


def test_missed_only_leaves_what_was_missed(cohort: Cohort, view: View) -> None:
    reached = replace(view, checks=tuple(c for c in view.checks if c.reached))
    tab = shown(cohort, reached)
    tab.missed.value = True
    assert "Nothing was missed." in tab.tables.value
    off = replace(reached.checks[0], achieved=0.9)
    tab.show(scene(cohort, replace(reached, checks=(off, *reached.checks[1:]))), cohort.frame())
    assert tab.tables.value.count("✗") == 1
    assert "✓" not in tab.tables.value
    tab.missed.value = False
    assert "✓" in tab.tables.value


def test_many_checks_are_paged_and_searched(cohort: Cohort, view: View) -> None:
    tab = shown(cohort, replace(view, checks=view.checks * 20))
    assert tab.tables.value.count("✓") + tab.tables.value.count("✗") == ON_A_PAGE
    tab.checks.next.click()
    assert f"{ON_A_PAGE + 1}–{2 * ON_A_PAGE} of" in tab.checks.place.value
    tab.checks.search.value = "56% male"
    assert "of 20 checks" in tab.checks.place.value
