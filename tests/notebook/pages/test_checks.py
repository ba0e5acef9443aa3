from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from synth_magic import Cohort, CohortSpec
from synth_magic.evaluation import Check
from synth_magic.notebook.pages import checks
from synth_magic.notebook.pages.html import MOST
from synth_magic.notebook.pages.view import PAIRS, View
from synth_magic.spec import Association, Rule
from tests.notebook.pages.elements import text


@pytest.fixture
def view(cohort: Cohort) -> View:
    spec = replace(cohort.spec, rules=(Rule("crp <= 200", "the assay ends there"),))
    ruled = replace(cohort, spec=spec)
    return View.of(ruled, ruled.frame())


def test_a_missed_fact_is_marked_in_words(view: View) -> None:
    missed = replace(view.checks[0], achieved=0.1)
    html = checks.facts(replace(view, checks=(missed, *view.checks[1:])))
    assert text(html).count("✗ missed") == 1


def test_stated_stands_beside_achieved_and_the_words(view: View) -> None:
    share = view.facts[0]
    assert f"sex: share of male56.0%{share.achieved:.1%}" in text(checks.facts(view))
    assert "56% male" in text(checks.facts(view))


def test_a_direction_is_a_word_beside_the_correlation_that_was_achieved(view: View) -> None:
    falls = Check("fact", "egfr", "falls with age", -1, -0.68, 0.024, quote="eGFR falls with age")
    assert "✓egfr: falls with agefallsSpearman -0.680.02eGFR falls with age" in text(
        checks.facts(replace(view, checks=(falls,)))
    )


@pytest.mark.parametrize(
    ("standard_error", "shown"),
    [(99.7, "100"), (123.4, "123"), (12345.6, "12,346"), (2.345, "2.3"), (0.00001234, "0.000012")],
)
def test_a_standard_error_is_a_plain_figure(standard_error: float, shown: str) -> None:
    mean = Check("fact", "platelets", "mean", 250_000, 250_100, standard_error)
    cells = checks.stated([mean])
    assert f"<td>250,000</td><td>250,100</td><td>{shown}</td>" in cells


def test_other_figures_and_rules_are_folded(view: View) -> None:
    html = checks.figures(view)
    assert html.count("<details>") == 2
    assert "Rules: 1 of 1 reached" in html


def test_a_rule_says_in_how_many_patients_it_holds(view: View) -> None:
    (rule,) = view.rules
    broken = replace(rule, achieved=0.9)
    shown = text(checks.rules(view, [rule, broken]))
    assert "✓crp <= 20050 of 50 rowsthe assay ends there" in shown
    assert "✗ missedcrp <= 20045 of 50 rows" in shown


def test_long_tables_are_cut_and_say_so(view: View) -> None:
    many = replace(view, checks=view.checks[:1] * (MOST + 50))
    html = checks.facts(many)
    assert html.count("<tr>") == MOST + 1
    assert "… and 50 more in <code>.cohort.checks()</code>" in html


def test_of_many_correlations_the_strongest_are_checked(cohort: Cohort) -> None:
    age = cohort.spec.variable("age")
    variables = tuple(replace(age, name=f"v{i}") for i in range(25))
    pairs = list(combinations([v.name for v in variables], 2))
    associations = tuple(
        Association(a, b, 0.3 + 0.01 * (number % 2)) for number, (a, b) in enumerate(pairs)
    )
    spec = CohortSpec("", "", variables, associations)
    view = View.of(c := Cohort(spec, 0, 50, cohort.origin), c.frame())
    stated = [one.stated for one in view.checks if one.kind == "association"]
    assert len(stated) == PAIRS
    assert stated.count(0.31) == len(pairs) // 2
    assert f"{len(pairs) - PAIRS} weaker correlations were not checked" in checks.figures(view)
