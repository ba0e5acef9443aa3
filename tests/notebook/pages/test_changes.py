from __future__ import annotations

from dataclasses import replace

from synth_magic import Cohort
from synth_magic.notebook.history import History
from synth_magic.notebook.pages.changes import changes
from synth_magic.notebook.pages.view import View
from synth_magic.notebook.panel.scene import Scene
from synth_magic.spec import MeanSD
from tests.notebook.pages.elements import EVIL, Elements, is_harmless


def scene(before: Cohort, after: Cohort, words: str) -> Scene:
    history = History()
    first = history.keep(history.make(before, "described"))
    version = history.keep(history.make(after, "edited", words, before=first))
    return Scene("patients", View.of(after, after.frame()), version, history)


def older(cohort: Cohort) -> Cohort:
    age = replace(cohort.spec.variable("age"), marginal=MeanSD(71, 9, 40, 85))
    variables = tuple(age if v.name == "age" else v for v in cohort.spec.variables)
    return replace(cohort, spec=replace(cohort.spec, variables=variables))


def test_the_telling_figures_stand_in_a_line_and_all_are_folded(cohort: Cohort) -> None:
    html = changes(scene(cohort, older(cohort), "age: mean 71"))
    line, _, every = Elements(html).text.partition("All that changed (2)")
    assert line == (
        "Version 2: edited, age: mean 71."
        "Changed from version 1: age: mean 63 → 71; 4 variables unchanged."
    )
    assert every == "age: mean 63 → 71age: SD 11 → 9"
    assert "<details>" in html


def test_the_first_version_changed_nothing(cohort: Cohort) -> None:
    history = History()
    version = history.keep(history.make(cohort, "described"))
    assert changes(Scene("p", View.of(cohort, cohort.frame()), version, history)) == ""


def test_a_version_that_is_the_same_says_so(cohort: Cohort) -> None:
    html = changes(scene(cohort, replace(cohort, seed=1), "nothing"))
    assert "Nothing changed." in html


def test_words_are_no_markup(cohort: Cohort) -> None:
    assert is_harmless(changes(scene(cohort, older(cohort), EVIL)))
