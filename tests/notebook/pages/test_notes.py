from __future__ import annotations

from dataclasses import replace

from synth_magic import Cohort
from synth_magic.engines.answer import Origin, Usage
from synth_magic.notebook.pages.notes import doubts, notes, sources
from synth_magic.notebook.pages.view import View
from tests.notebook.pages.elements import Elements, text


def view(cohort: Cohort) -> View:
    return View.of(cohort, cohort.frame())


def test_what_is_in_doubt_is_said(cohort: Cohort) -> None:
    assert text(doubts(view(cohort))) == (
        "Not understood, and left outand kindHow the description was readBMI is one"
        "Assumed, with no sourcecrpvisit"
    )


def test_where_nothing_is_in_doubt_that_is_said(cohort: Cohort) -> None:
    variables = tuple(replace(v, provenance="stated") for v in cohort.spec.variables)
    sure = replace(cohort, spec=replace(cohort.spec, variables=variables), origin=Origin("x", ""))
    assert "nothing was assumed" in notes(view(sure))


def test_a_models_answer_is_shown_with_what_it_took_and_rests_on(cohort: Cohort) -> None:
    crp = replace(
        cohort.spec.variable("crp"), provenance="model", basis="three trials", certainty="high"
    )
    visit = replace(cohort.spec.variable("visit"), provenance="model")
    given = {"crp": crp, "visit": visit}
    variables = tuple(given.get(v.name, v) for v in cohort.spec.variables)
    origin = Origin(
        "claude", "Asked.", model="claude-opus-5-5", date="2026-11-23T10:00:00Z", prompt_version=3,
        usage=Usage(1234, 5678, 2), cost="about $0.14 (prices of 2026-10-07)", recording="a.json",
    )  # fmt: skip
    asked = Cohort(replace(cohort.spec, variables=variables), 0, 50, origin)
    assert Elements(sources(view(asked))).text == (
        "What the model rests them on"
        "crp: three trials (high certainty)"
        "visit: it does not say"
        "The answer"
        "claude-opus-5-5, 2026-11-23, version 3 of the question"
        "it took 1,234 tokens in and 5,678 out, in 2 requests: about $0.14 (prices of 2026-10-07)"
        "kept in a.json"
    )
