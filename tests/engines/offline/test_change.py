"""Offline, a specification that a model made changes by what the new description says otherwise."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from synth_magic.description import parse
from synth_magic.engines import engine
from synth_magic.engines.answer import Answer, Question, unwatched
from synth_magic.engines.offline.change import made_offline
from synth_magic.engines.offline.elicit import elicit
from synth_magic.engines.refinement import refinement
from synth_magic.engines.settings import Settings
from synth_magic.errors import ContradictionError, SamplingError
from synth_magic.sampling import compiled, sample
from synth_magic.spec import Association, CohortSpec, MeanSD, MissingGroup, Rule, Variable
from synth_magic.spec.edits import edit, with_edit
from synth_magic.spec.model import Fact, Formula
from tests.sampling.builders import by, number, shares, yes_no

TEXT = (
    "Adults with gout in Leeds, mean age 62 (SD 9), 56% male. Weight, height and BMI, systolic "
    "blood pressure, urate 400 (SD 80), creatinine missing in 10%, 12% smokers. Most take tablets."
)
AGE = Variable("age", "integer", MeanSD(62, 9, 18, 100), unit="years", provenance="model")
SEX = Variable("sex", "binary", shares(female=0.44, male=0.56), provenance="model")
WEIGHT = number("weight", decimals=1, unit="kg")
HEIGHT = number("height", decimals=1, unit="cm")
PARENT = compiled(
    CohortSpec(
        "Gout",
        "Adults with gout, as a model has it.",
        (
            AGE,
            SEX,
            replace(WEIGHT, marginal=by("sex", female=MeanSD(74, 14), male=MeanSD(88, 15))),
            replace(HEIGHT, marginal=by("sex", female=MeanSD(162, 7), male=MeanSD(176, 7))),
            Variable("bmi", "continuous", Formula("weight / (height / 100) ** 2"), decimals=1),
            number("sbp", 138, 17, decimals=0, label="Systolic blood pressure", unit="mmHg"),
            number("urate", 410, 70, decimals=0, unit="umol/L"),
            number("creatinine", 95, 20, decimals=0, unit="umol/L", missing=0.04),
            yes_no("current_smoker", 0.2, label="Current smoker"),
            yes_no("tablets", 0.8),
        ),
        associations=(
            Association("age", "sbp", 0.3, provenance="model"),
            Association("age", "sex", -0.1, provenance="model"),
            Association("age", "urate", 0.1, provenance="model"),
            Association("sbp", "sex", 0.05, provenance="model"),
        ),
        missing_groups=(MissingGroup("bloods", ("urate", "creatinine"), 0.03),),
        rules=(Rule("weight > 30", "adults"), Rule("sbp > 50", "alive")),
        facts=(
            Fact("mean age 62 (SD 9)", "age", "mean", 62, start=27),
            Fact("mean age 62 (SD 9)", "age", "sd", 9, start=27),
            Fact("56% male", "sex", "share", 0.56, code="male", start=47),
            Fact("urate 400 (SD 80)", "urate", "mean", 400, start=107),
            Fact("urate 400 (SD 80)", "urate", "sd", 80, start=107),
            Fact("creatinine missing in 10%", "creatinine", "missing", 0.1, start=126),
            Fact("12% smokers", "current_smoker", "share", 0.12, code="yes", start=153),
            Fact("Most take tablets", "tablets", "share", 0.8, code="yes", start=166),
        ),
    )
).spec  # fmt: skip
COMPARED = (
    "Only figures and variables were compared: without a language model, other words of the new "
    "description change nothing."
)


def told(text: str, parent: CohortSpec = PARENT, before: str = TEXT) -> Answer:
    question = Question(parse(text), (), parent, before)
    return engine(Settings(engine="offline", recordings=""))(question, unwatched)


def tweaked(*replacements: tuple[str, str], parent: CohortSpec = PARENT) -> Answer:
    text = TEXT
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return told(text, parent)


def moved(made: Answer, parent: CohortSpec = PARENT) -> set[str]:
    """The parts that changed, but for the words about them."""
    wording = ("basis", "provenance", "title", "population")
    changes = parent.diff(compiled(made.spec).spec).changes
    return {c.part for c in changes if c.about != "fact" and c.figure not in wording} - {""}


def drawn(spec: CohortSpec) -> pd.DataFrame:
    return sample(compiled(spec), 3000)


# figures


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("56% male", "70% male", {"sex"}),
        ("56% male", "30% women", {"sex"}),
        ("mean age 62", "mean age 71", {"age"}),
        ("12% smokers", "25% smokers", {"current_smoker"}),
        ("blood pressure", "blood pressure 150 (SD 20)", {"sbp"}),
        ("missing in 10%", "missing in 30%", {"creatinine"}),
        ("BMI, ", "BMI, urate rises with age, ", set()),
        ("BMI, ", "BMI, urate falls with age, ", {"age - urate"}),
    ],
)
def test_only_what_is_stated_otherwise_moves(old: str, new: str, parts: set[str]) -> None:
    made = tweaked((old, new))
    assert moved(made) == parts
    assert made.origin.summary.startswith("Changed offline, no language model was asked: ")
    assert made.origin.summary.endswith("; the rest is the earlier specification.")


def test_a_figure_draws_only_its_own_variable_anew() -> None:
    before, after = drawn(PARENT), drawn(tweaked(("12% smokers", "25% smokers")).spec)
    assert after["current_smoker"].eq("yes").mean() == pytest.approx(0.25, abs=0.02)
    others = [name for name in before if name != "current_smoker"]
    assert after[others].equals(before[others])


def test_what_is_stated_no_more_stays_as_it_was() -> None:
    made = tweaked(("urate 400 (SD 80)", "urate"))
    assert moved(made) == set()
    assert "urate" not in {fact.variable for fact in made.spec.facts}
    assert made.spec.variable("urate").marginal == PARENT.variable("urate").marginal
    assert made.origin.remarks == (
        "No longer stated, so left as before: urate: mean 400, urate: SD 80.",
    )


def test_the_facts_that_stay_stand_where_they_stand_now() -> None:
    text = TEXT.replace("mean age 62", "mean age 71, not older,")
    made = told(text)
    for fact in made.spec.facts:
        assert fact.start is not None
        assert text.startswith(fact.quote, fact.start)
    assert "Most take tablets" in {fact.quote for fact in made.spec.facts}
    assert "Most take tablets" not in " ".join(made.origin.not_understood)


def test_figures_that_contradict_are_refused() -> None:
    with pytest.raises(ContradictionError, match=r"mean 62 .* is above maximum 50"):
        tweaked(("mean age 62", "at most 50 years old, mean age 62"))


def test_a_figure_beyond_what_the_earlier_specification_allows_is_refused() -> None:
    with pytest.raises(SamplingError, match=r"^age: mean 300 is not below the highest, 100"):
        tweaked(("mean age 62", "mean age 300"))


@pytest.mark.parametrize("unit", ["mg/dL", "mmHg"])
def test_a_figure_in_another_unit_is_converted_or_not_understood(unit: str) -> None:
    made = tweaked(("creatinine", f"mean creatinine 1.3 {unit},"))
    means = [f.value for f in made.spec.facts if f.variable == "creatinine"]
    if unit == "mg/dL":
        assert means[-1] == pytest.approx(1.3 * 88.4, abs=0.2)
        assert made.origin.remarks[0].startswith("creatinine: mean 1.3 mg/dL is 11")
    else:
        assert made.origin.not_understood[-1] == "mean creatinine 1.3 mmHg"
        assert made.origin.remarks[0].startswith("creatinine is in umol/L, and mean 1.3 mmHg")


def test_what_is_computed_has_no_figures_of_its_own() -> None:
    made = tweaked(("BMI", "BMI 31"))
    assert moved(made) == set()
    assert made.origin.not_understood == ("BMI 31",)
    [why] = made.origin.remarks
    assert why == (
        "bmi is computed (weight / (height / 100) ** 2): change what it is computed from, or the "
        "expression in the specification."
    )


def test_edits_stay_unless_the_new_words_say_otherwise() -> None:
    edited = compiled(with_edit(with_edit(PARENT, edit("age", "mean", 66)),
                                edit("sex", "share", 0.5, code="male"))).spec  # fmt: skip
    made = tweaked(("56% male", "70% male"), parent=edited)
    assert moved(made, edited) == {"sex"}
    assert made.origin.remarks == ("Gone of your edits: sex: share of male 50%.",)


def test_a_refinement_is_measured_against_the_new_words() -> None:
    asked = refinement(PARENT, TEXT, "30% female, mean age 71")
    refined = engine(Settings(engine="offline", recordings=""))(asked, unwatched)
    made = told(TEXT, compiled(refined.spec).spec, refined.origin.description)
    assert moved(made) == set()
    assert made.origin.summary.startswith("Changed offline, no language model was asked: 2 figures")


# variables


def test_a_new_variable_comes_from_the_catalogue_and_moves_nothing() -> None:
    made = tweaked(("BMI, ", "BMI, heart rate, "))
    difference = PARENT.diff(compiled(made.spec).spec)
    assert difference.added == ("heart_rate",)
    assert difference.unchanged == len(PARENT.variables)
    assert [v.name for v in made.spec.variables][-1] == "heart_rate"
    assert made.spec.draw_order[-1] == "heart_rate"
    partners = {name for a in made.spec.associations if a.provenance == "catalogue"
                for name in (a.a, a.b)}  # fmt: skip
    assert partners == {"heart_rate", "age", "sex"}
    before, after = drawn(PARENT), drawn(made.spec)
    assert after[list(before)].equals(before)
    assert made.origin.summary == (
        "Changed offline, no language model was asked: 1 new variable from the catalogue; the rest "
        "is the earlier specification."
    )


def test_a_new_variable_has_the_figures_that_are_stated_of_it() -> None:
    made = tweaked(("BMI, ", "BMI, heart rate 80 (SD 12), fatigue score, "))
    rate = made.spec.variable("heart_rate").marginal
    assert isinstance(rate, MeanSD)
    assert (rate.mean, rate.sd) == (80, 12)
    assert made.origin.summary == (
        "Changed offline, no language model was asked: 1 new variable as stated, 1 new variable "
        "guessed; the rest is the earlier specification."
    )
    assert "Guessed, with nothing to go on: fatigue_score. State figures instead." in (
        made.origin.remarks
    )


def test_a_variable_that_is_named_no_more_goes_with_all_that_names_it() -> None:
    made = tweaked((" systolic blood pressure,", ""), (", 12% smokers", ""))
    difference = PARENT.diff(compiled(made.spec).spec)
    assert difference.removed == ("sbp", "current_smoker")
    assert difference.unchanged == len(PARENT.variables) - 2
    assert [rule.expression for rule in made.spec.rules] == ["weight > 30"]
    assert "2 variables removed" in made.origin.summary


def test_what_others_need_stays_hidden_and_is_shown_again() -> None:
    less = tweaked((", 56% male", ""), ("Weight, height", "Height"))
    hidden = {variable.name for variable in less.spec.variables if variable.hidden}
    assert hidden == {"sex", "weight"}
    assert less.origin.remarks[:2] == (
        "sex is named no more, but height depends on it: it stays, hidden.",
        "weight is named no more, but bmi depends on it: it stays, hidden.",
    )
    assert "2 variables hidden" in less.origin.summary
    again = told(TEXT, compiled(less.spec).spec, less.origin.description)
    assert not any(variable.hidden for variable in again.spec.variables)
    assert drawn(again.spec).equals(drawn(PARENT))


def test_a_new_column_of_a_table_stands_where_the_table_has_it() -> None:
    before = "Name | Unit\nage | years\nsbp | mmHg\nurate | umol/L\n"
    parent = replace(PARENT, variables=(AGE, *PARENT.variables[5:7]), associations=(),
                     missing_groups=(), rules=(), facts=())  # fmt: skip
    made = told(before.replace("sbp |", "heart rate | bpm\nsbp |"), parent, before)
    assert [v.name for v in made.spec.variables] == ["age", "heart rate", "sbp", "urate"]


def test_a_description_of_other_variables_starts_anew() -> None:
    made = told("Potassium and sodium.")
    assert [v.name for v in made.spec.variables] == ["potassium", "sodium"]
    assert made.origin.summary.startswith("Made offline")


def test_the_engine_asked_for_by_name_answers_the_same_words_anew() -> None:
    assert told(TEXT).origin.summary.startswith("Made offline")


# words


def test_other_words_change_nothing_and_it_is_said() -> None:
    made = tweaked(("in Leeds", "on haemodialysis"))
    assert moved(made) == set()
    assert made.origin.remarks == (COMPARED,)
    assert "haemodialysis" in made.spec.population
    assert made.origin.summary == (
        "Unchanged, no language model was asked: the description states no other figures and "
        "names no other variables."
    )


def test_the_population_stays_as_the_model_put_it_while_its_words_do() -> None:
    made = tweaked(("12% smokers", "25% smokers"))
    assert (made.spec.title, made.spec.population) == (PARENT.title, PARENT.population)
    assert made.origin.remarks == ()


@pytest.mark.parametrize("text", ["Patients with gout.", "Adults with gout."])
def test_where_no_variable_is_named_none_goes(text: str) -> None:
    assert len(told(text).spec.variables) == len(PARENT.variables)


def test_without_an_earlier_text_nothing_is_taken_away() -> None:
    made = told("Adults, 70% male, heart rate.", before="")
    assert {name for name in moved(made) if "heart_rate" not in name} == {"sex"}
    assert len(made.spec.facts) == len(PARENT.facts) + 1


# who made it


def test_what_the_offline_engine_made_is_known_again_but_for_edits() -> None:
    own = compiled(elicit(parse(TEXT)).spec).spec
    assert made_offline(own, TEXT)
    assert made_offline(compiled(with_edit(own, edit("age", "p50", 71))).spec, TEXT)
    assert not made_offline(own, TEXT.replace("56%", "57%"))
    assert not made_offline(PARENT, TEXT)
    assert not made_offline(PARENT, "")
