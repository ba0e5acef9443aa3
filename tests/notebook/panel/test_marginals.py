from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from synth_magic import Cohort, CohortSpec
from synth_magic.notebook.bindings import Bindings
from synth_magic.notebook.panel.marginals import Marginals, _usual
from synth_magic.notebook.panel.panel import Panel
from synth_magic.spec import MeanSD, Variable
from synth_magic.spec.edits import edit


@pytest.fixture
def namespace() -> dict[str, Any]:
    return {}


@pytest.fixture
def panel(namespace: dict[str, Any], cohort: Cohort) -> Panel:
    frame = cohort.frame()
    return Panel(Bindings(namespace).add("patients", frame), frame)


@pytest.fixture
def tab(panel: Panel) -> Marginals:
    return panel.marginals


def offered(dropdown: Any) -> list[str]:
    return [name for name, _ in dropdown.options]


def test_the_marginals_are_said_in_words_for_those_who_do_not_see_them(tab: Marginals) -> None:
    assert "sp-unseen" in tab.words.value
    assert "age: median" in tab.words.value


def test_one_variable_is_shown_large_and_split_by_another(tab: Marginals) -> None:
    assert tab.split.disabled
    all_of_them = tab.image.value
    tab.variable.value = "age"
    large = tab.image.value
    assert large != all_of_them
    assert not tab.split.disabled
    tab.split.value = "sex"
    assert tab.image.value not in (large, all_of_them)
    tab.variable.value = ""
    assert tab.image.value == all_of_them


def test_identifiers_are_not_pictured(tab: Marginals) -> None:
    assert offered(tab.variable) == ["all variables", "age", "sex", "crp", "visit"]


def test_a_new_version_is_shown_beside_the_one_before(panel: Panel, tab: Marginals) -> None:
    assert offered(tab.beside) == ["nothing"]
    panel.binding.change(
        panel.binding.cohort.edited(edit("age", "mean", 70)), "edited", "age: mean 70"
    )
    assert tab.beside.value == "version 1"
    beside = tab.image.value
    tab.beside.value = ""
    assert tab.image.value != beside


def test_what_is_chosen_stays_when_other_patients_are_drawn(panel: Panel, tab: Marginals) -> None:
    tab.variable.value = "crp"
    tab.split.value = "sex"
    panel.controls.resample.click()
    assert (tab.variable.value, tab.split.value) == ("crp", "sex")


def test_a_frame_of_the_users_can_be_seen_beside_the_patients(
    panel: Panel, tab: Marginals, namespace: dict[str, Any]
) -> None:
    namespace["real"] = pd.DataFrame({"age": [40, 50, 90], "other": ["a", "b", None]})
    namespace["unlike"] = pd.DataFrame({"z": [1]})
    panel.controls.resample.click()
    assert offered(tab.beside) == ["nothing", "real"]
    before = tab.image.value
    tab.beside.value = "frame real"
    assert tab.image.value != before
    del namespace["real"]
    panel.controls.resample.click()
    assert not panel.notice.box.children
    assert tab.beside.value == ""


def test_many_variables_are_found_and_drawn_a_page_at_a_time(cohort: Cohort) -> None:
    age = cohort.spec.variable("age")
    wide = CohortSpec("", "", tuple(replace(age, name=f"v{i}") for i in range(30)))
    frame = Cohort(wide, 0, 50, cohort.origin).frame()
    tab = Panel(Bindings({}).add("patients", frame), frame).marginals
    first = tab.image.value
    assert tab.pages.place.value == "1–12 of 30 variables"
    tab.pages.next.click()
    tab.pages.next.click()
    assert tab.pages.place.value == "25–30 of 30 variables"
    assert tab.image.value != first
    tab.pages.next.click()
    assert tab.image.value == first
    tab.pages.search.value = "V2"
    assert tab.pages.place.value == "1–11 of 11 variables"
    tab.pages.search.value = "nothing like it"
    assert tab.pages.place.value == "none of 30 variables has these letters"


@pytest.mark.parametrize(("mean", "shaded"), [(60, True), (9, False)])
def test_limits_that_are_usual_in_adults_are_not_shaded_for_children(
    cohort: Cohort, mean: float, shaded: bool
) -> None:
    variables = (
        Variable("age", "integer", MeanSD(mean, 3, 0, 100), unit="years"),
        Variable("bmi", "continuous", MeanSD(27, 4, 15, 50), unit="kg/m2", decimals=1),
    )
    frame = Cohort(CohortSpec("", "", variables), 0, 50, cohort.origin).frame()
    assert bool(_usual(variables, frame)) == shaded
