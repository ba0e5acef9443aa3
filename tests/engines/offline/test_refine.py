"""Offline, a refinement is the figures that its words state; a tweak moves what it says."""

from __future__ import annotations

import numpy as np
import pytest

from synth_magic.description import parse
from synth_magic.engines import engine
from synth_magic.engines.answer import Answer, Question, unwatched
from synth_magic.engines.refinement import refinement
from synth_magic.engines.settings import Settings
from synth_magic.errors import (
    ContradictionError,
    EngineError,
    SamplingError,
    SynthMagicError,
)
from synth_magic.sampling import compiled
from synth_magic.spec import CohortSpec, Variable
from synth_magic.spec.edits import edit, with_edit
from synth_magic.spec.model import Formula
from tests.engines.offline.builders import values
from tests.sampling.builders import AGE, SEX, cohort, number, yes_no

TEXT = (
    "Adults with type 2 diabetes in UK primary care, aged 40-85, 56% male. HbA1c around 7.4% "
    "(SD 1.3), BMI, eGFR falling with age, 12% smokers, LDL cholesterol missing in 10% of patients."
)


def answered(question: Question) -> Answer:
    return engine(Settings(engine="offline", recordings=""))(question, unwatched)


PARENT = compiled(answered(Question(parse(TEXT))).spec).spec


def refined(words: str, parent: CohortSpec = PARENT, before: str = TEXT) -> Answer:
    return answered(refinement(parent, before, words))


def tweaked(text: str, parent: CohortSpec = PARENT) -> Answer:
    return answered(Question(parse(text), (), parent, TEXT))


def changes(after: CohortSpec) -> dict[str, str]:
    """What changed, figure by figure, but for bases and facts."""
    found = PARENT.diff(compiled(after).spec).changes
    return {
        each.path: str(each)
        for each in found
        if not each.path.startswith("fact") and "basis" not in each.path
    }


def test_a_share_moves_and_nothing_else() -> None:
    found = refined("70% male")
    assert changes(found.spec).keys() == {"sex: share of female", "sex: share of male"}
    assert found.spec.facts[-1].quote == "70% male"
    assert found.origin.summary == (
        "Changed offline, no language model was asked: 1 figure stated."
    )
    assert found.origin.description == f"{TEXT}\n\nRefined: 70% male"


def test_refinements_stack() -> None:
    once = refined("70% male")
    twice = refined("30% female and BMI 31", once.spec, once.origin.description)
    assert twice.spec.variable("sex").marginal == once.spec.variable("sex").marginal
    assert [f.quote for f in twice.spec.facts if f.variable == "sex"] == ["30% female"]
    assert compiled(twice.spec).spec.variable("bmi").provenance == "stated"


def test_what_is_not_understood_is_listed() -> None:
    found = refined("mean age 71, and 5% with heart failure")
    assert found.origin.not_understood == ("5% with heart failure",)
    assert [v.name for v in found.spec.variables] == [v.name for v in PARENT.variables]


@pytest.mark.parametrize(
    ("words", "unknown"),
    [("make them older", ""), ("5% with gout", " (there is no variable gout)")],
)
def test_words_without_a_figure_say_what_would_be_understood(words: str, unknown: str) -> None:
    with pytest.raises(EngineError) as refused:
        refined(words)
    assert str(refused.value).startswith(
        f"{words!r} states no figure of these patients' variables{unknown}. The offline engine "
        "understands figures only, for example: mean age 71 (SD 9), 70% male. A language model "
        "understands words: "
    )


def test_a_figure_that_cannot_be_beside_the_others_is_refused() -> None:
    with pytest.raises(ContradictionError) as refused:
        refined("mean age 90")
    assert str(refused.value) == ("age: mean 90 ('mean age 90') is above maximum 85 ('aged 40-85')")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("mean BMI 300", "bmi: mean 300 is not below the highest, "),
        ("mean HbA1c -5 %", "hba1c: mean -5 is not above the lowest, "),
        (
            "LDL cholesterol 120 (SD 4000)",
            "ldl_cholesterol: mean 120 cannot be had beside the SD 4000 ",
        ),
    ],
)
def test_a_figure_that_no_patients_can_have_is_refused_as_an_edit_is(
    words: str, complaint: str
) -> None:
    with pytest.raises(SynthMagicError, match=f"^{complaint}"):
        refined(words)


def test_a_new_description_with_such_a_figure_is_refused() -> None:
    parent = refined("70% male")
    text = TEXT.replace("eGFR", "eGFR 4000 (SD 5),")
    before = parent.origin.description
    with pytest.raises(SamplingError, match=r"^egfr: mean 4000 is not below the highest, "):
        answered(Question(parse(text), (), compiled(parent.spec).spec, before))


def test_figures_are_converted_into_the_units_of_their_variables() -> None:
    found = refined("HbA1c 60 (SD 10) mmol/mol")
    assert {f.statistic: f.value for f in found.spec.facts if f.variable == "hba1c"} == {
        "mean": 7.64, "sd": 0.915
    }  # fmt: skip
    assert found.origin.remarks == (
        "hba1c: mean 60 mmol/mol is 7.64 %, SD 10 mmol/mol is 0.915 %.",
    )  # fmt: skip


def test_figures_in_a_unit_that_cannot_be_converted_are_not_understood() -> None:
    found = refined("70% male, mean HbA1c 7 mg/dL")
    assert found.origin.not_understood == ("mean HbA1c 7 mg/dL",)
    assert found.origin.remarks == ("hba1c is in %, and mean 7 mg/dL cannot be converted.",)
    with pytest.raises(EngineError, match=r"\(hba1c is in %, and mean 7 mg/dL cannot be conv"):
        refined("mean HbA1c 7 mg/dL")


# What a model made

MODELS = cohort(
    AGE,
    SEX,
    number("hba1c", 7.4, 1.3, label="Glycated haemoglobin (HbA1c), latest value", unit="%"),
    number("bmi", 30, 6, label="Body mass index, latest value", unit="kg/m2"),
    yes_no("smoking", 0.12, label="Current smoker"),
    yes_no("death", 0.1, label="Died within 30 days of admission"),
    Variable("double", "continuous", Formula("bmi * 2")),
)


@pytest.mark.parametrize(
    ("words", "name", "figures"),
    [
        ("70% male", "sex", {"male": 0.7}),
        ("mean age 71", "age", {"mean": 71}),
        ("HbA1c 8.1 (SD 1.5)", "hba1c", {"mean": 8.1, "sd": 1.5}),
        ("BMI 31", "bmi", {"mean": 31}),
        ("20% smokers", "smoking", {"yes": 0.2}),
        ("15% died", "death", {"yes": 0.15}),
        ("HbA1c missing in 5%", "hba1c", {"missing": 0.05}),
    ],
)
def test_words_hit_the_variables_of_a_model(
    words: str, name: str, figures: dict[str, float]
) -> None:
    found = refined(words, MODELS)
    assert {f.code or f.statistic: f.value for f in found.spec.facts} == figures
    assert {f.variable for f in found.spec.facts} == {name}
    assert found.origin.not_understood == ()


def test_what_is_computed_takes_no_figure() -> None:
    found = refined("double 60, BMI 31", MODELS)
    assert [fact.variable for fact in found.spec.facts] == ["bmi"]
    assert found.origin.not_understood == ("double 60",)
    why = (
        "double is computed (bmi * 2): change what it is computed from, or the expression in the "
        "specification"
    )
    assert found.origin.remarks == (f"{why}.",)
    with pytest.raises(EngineError) as refused:
        refined("double 60", MODELS)
    assert f"no figure of these patients' variables ({why}). The" in str(refused.value)


# A new description


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("56% male", "70% male", "sex"),
        ("56% male", "56% male, median age 71", "age"),
        ("(SD 1.3)", "(SD 1.9)", "hba1c"),
        ("missing in 10%", "missing in 30%", "ldl_cholesterol"),
    ],
)
def test_what_the_text_says_moves_and_nothing_else_that_is_stated(
    old: str, new: str, name: str
) -> None:
    after = tweaked(TEXT.replace(old, new)).spec
    moved = {path.partition(":")[0] for path in changes(after)}
    stated = {variable.name for variable in PARENT.variables if variable.provenance == "stated"}
    assert name in moved
    assert not (stated - {name}) & moved


def test_what_is_correlated_with_an_age_follows_it() -> None:
    older = compiled(tweaked(TEXT.replace("56% male", "56% male, mean age 78")).spec).spec
    before, after = (np.mean(values(spec.variable("egfr").marginal)) for spec in (PARENT, older))
    assert after < before - 3


def test_a_variable_in_the_middle_is_the_only_new_one() -> None:
    after = tweaked(TEXT.replace("BMI, ", "BMI, heart rate, ")).spec
    difference = PARENT.diff(compiled(after).spec)
    assert difference.added == ("heart_rate",)
    assert not difference.reordered
    assert difference.unchanged == len(PARENT.variables)
    assert after.draw_order[-1] == "heart_rate"


def test_a_variable_that_is_named_no_more_is_the_only_one_gone() -> None:
    difference = PARENT.diff(compiled(tweaked(TEXT.replace("BMI, ", "")).spec).spec)
    assert difference.removed == ("bmi",)
    assert difference.unchanged == len(PARENT.variables) - 1


def test_edits_stay() -> None:
    edited = with_edit(PARENT, edit("age", "p50", 71))
    found = tweaked(TEXT.replace("56% male", "70% male"), edited)
    assert "Kept from your edits: age: median 71." in found.origin.remarks
    assert compiled(found.spec).spec.variable("age") == compiled(edited).spec.variable("age")
