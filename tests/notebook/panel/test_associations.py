from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from synth_magic import Cohort
from synth_magic.notebook.history import History
from synth_magic.notebook.pages.view import View
from synth_magic.notebook.panel.associations import Associations
from synth_magic.notebook.panel.notice import Notice
from synth_magic.notebook.panel.scene import Scene
from synth_magic.spec import Association, CohortSpec, Formula, MeanSD, Share, Shares, Variable
from tests.notebook.conftest import ORIGIN, SPEC

AGE = SPEC.variable("age")
COLOURS = Shares((Share("red", 0.5), Share("blue", 0.5)))


def scene(cohort: Cohort, frame: pd.DataFrame, before: Cohort | None = None) -> Scene:
    history = History()
    first = history.keep(history.make(before, "described")) if before else None
    version = history.keep(history.make(cohort, "edited", "a correlation", before=first))
    return Scene("patients", View.of(cohort, frame), version, history)


@pytest.fixture
def tab() -> Associations:
    return Associations(Notice())


def show(
    tab: Associations, spec: CohortSpec, rows: int = 300, before: CohortSpec | None = None
) -> Associations:
    cohort = Cohort(spec, 0, rows, ORIGIN)
    frame = cohort.frame()
    tab.show(scene(cohort, frame, before and replace(cohort, spec=before)), frame)
    return tab


def shown(widget: object) -> bool:
    return widget.layout.display != "none"  # type: ignore[attr-defined]


def wide(number: int, associations: tuple[Association, ...] = ()) -> CohortSpec:
    return CohortSpec(
        "", "", tuple(replace(AGE, name=f"v{i}") for i in range(number)), associations
    )


def test_maps_differences_and_the_strongest_pair_are_shown(tab: Associations) -> None:
    show(tab, SPEC)
    assert shown(tab.heat_maps)
    assert bytes(tab.heat_maps.value).startswith(b"\x89PNG")
    assert "1 of 1 stated correlation reached" in tab.differences.value
    assert "age – crp" in tab.differences.value
    assert (tab.pair.across.value, tab.pair.up.value) == ("age", "crp")
    assert "0.30 stated" in tab.pair.caption.value
    assert "of 300 patients have both values" in tab.pair.caption.value
    assert not shown(tab.search)


def test_another_pair_redraws_the_pair_only(tab: Associations) -> None:
    show(tab, SPEC)
    maps, pair = tab.heat_maps.value, tab.pair.image.value
    tab.pair.up.value = "sex"
    assert tab.pair.image.value != pair
    assert tab.heat_maps.value is maps
    assert "sex by age:" in tab.pair.caption.value
    assert "not stated" in tab.pair.caption.value
    assert "Boxes: quartiles and median" in tab.pair.caption.value


def test_a_chosen_pair_stays_chosen_while_it_is_there(tab: Associations) -> None:
    show(tab, SPEC)
    tab.pair.across.value, tab.pair.up.value = "sex", "visit"
    show(tab, SPEC, rows=200)
    assert (tab.pair.across.value, tab.pair.up.value) == ("sex", "visit")
    show(tab, wide(3, (Association("v1", "v2", 0.5),)))
    assert (tab.pair.across.value, tab.pair.up.value) == ("v1", "v2")


def test_a_variable_against_itself_has_no_picture(tab: Associations) -> None:
    show(tab, SPEC)
    tab.pair.up.value = "age"
    assert "Choose two different variables" in tab.pair.caption.value
    assert not shown(tab.pair.image)
    tab.pair.up.value = "crp"
    assert shown(tab.pair.image)


def test_what_is_stated_anew_since_the_version_before_is_listed(tab: Associations) -> None:
    show(tab, replace(SPEC, associations=(Association("age", "crp", 0.04),)), before=SPEC)
    assert "Stated anew since version 1:" in tab.differences.value
    assert "age – crp 0.30 → 0.04" in tab.differences.value
    show(tab, SPEC, before=replace(SPEC, title="Another"))
    assert "Stated anew" not in tab.differences.value


def test_the_search_narrows_the_maps(tab: Associations) -> None:
    show(tab, wide(30))
    assert shown(tab.search)
    everything, pair = tab.heat_maps.value, tab.pair.image.value
    tab.search.value = "V12, v3"
    assert "2 of 30 variables." in tab.note.value
    assert tab.heat_maps.value != everything
    assert tab.pair.image.value is pair
    tab.search.value = "<script>"
    assert "0 variables of 30 found: a map needs two" in tab.note.value
    assert not shown(tab.heat_maps)
    tab.search.value = " , "
    assert tab.heat_maps.value == everything


def test_of_many_variables_those_in_the_strongest_associations_are_shown(
    tab: Associations,
) -> None:
    show(tab, wide(70, (Association("v68", "v69", 0.5),)))
    assert "60 of 70 variables: those in the strongest stated" in tab.note.value
    assert len(tab.pair.across.options) == 70


def test_only_the_first_of_many_patients_are_looked_at_and_it_is_said(tab: Associations) -> None:
    show(tab, SPEC, rows=20_001)
    assert "first 20,000 of 20,001 patients" in tab.note.value
    assert "These are the first of 20,001." in tab.pair.caption.value
    assert "The first 3,000 of them are drawn." in tab.pair.caption.value


def test_what_cannot_be_had_is_said(tab: Associations) -> None:
    rare = Variable("death", "binary", Shares((Share("no", 0.99), Share("yes", 0.01))))
    spec = CohortSpec("", "", (AGE, rare), (Association("age", "death", 0.9),))
    show(tab, spec, rows=2_000)
    assert "can be had" in tab.differences.value
    assert "missed" in tab.differences.value


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ((AGE,), "only age has values with an order"),
        ((Variable("colour", "categorical", COLOURS),), "no variable has values with an order"),
    ],
)
def test_too_few_variables_for_a_map_are_said_so(
    tab: Associations, variables: tuple[Variable, ...], words: str
) -> None:
    show(tab, CohortSpec("", "", variables))
    assert words in tab.note.value
    assert not shown(tab.heat_maps)
    assert "A pair needs two variables" in tab.pair.caption.value
    assert "No correlation of two columns is stated" in tab.differences.value


def test_categorical_variables_have_a_pair_without_a_correlation(tab: Associations) -> None:
    colours = (Variable("eyes", "categorical", COLOURS), Variable("hair", "categorical", COLOURS))
    show(tab, CohortSpec("", "", colours))
    assert shown(tab.pair.image)
    assert "Shares of hair in each column" in tab.pair.caption.value
    assert "Spearman" not in tab.pair.caption.value


def test_columns_without_values_or_variation_are_named(tab: Associations) -> None:
    lost = Variable("lost", "integer", MeanSD(5, 1), missing=1.0)
    constant = Variable("constant", "integer", Formula("0 * age"))
    show(tab, CohortSpec("", "", (constant, AGE, lost)))
    assert "too few values are known or differ: constant, age, lost" in tab.note.value
    tab.pair.up.value = "lost"
    assert "0 of 300 patients have both values" in tab.pair.caption.value
    assert not shown(tab.pair.image)
    tab.pair.up.value = "age"
    assert "no Spearman correlation" in tab.pair.caption.value
    assert shown(tab.pair.image)


def test_one_patient_is_no_reason_to_fail(tab: Associations) -> None:
    show(tab, SPEC, rows=1)
    assert "no Spearman correlation" in tab.pair.caption.value
    assert "–" in tab.differences.value


def test_names_that_hold_html_and_much_text_are_text(tab: Associations) -> None:
    name = "<script>alert('☃')</script>" * 18
    variables = (replace(AGE, name=name), replace(AGE, name="other"))
    show(tab, CohortSpec("", "", variables, (Association(name, "other", 0.4),)))
    for html in (tab.note, tab.differences, tab.pair.caption):
        assert "<script>" not in html.value
    assert "&lt;script&gt;" in tab.differences.value
    assert max(len(label) for label, _ in tab.pair.across.options) <= 60
