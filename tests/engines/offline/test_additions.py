"""What is put into a specification is tied to what is there, and moves none of it."""

from __future__ import annotations

from dataclasses import replace

from synth_magic.engines.offline.additions import Additions, additions
from synth_magic.engines.offline.reading import read_for
from synth_magic.sampling import compiled, sample
from synth_magic.spec import Association, CohortSpec, Variable
from synth_magic.spec.model import Formula
from tests.sampling.builders import AGE, SEX, cohort, number, shares

TIED = replace(cohort(AGE, SEX), associations=(Association("age", "sex", -0.1),))
MEN_FIRST = Variable("sex", "binary", shares(male=0.45, female=0.55))


def added(spec: CohortSpec, text: str, *names: str) -> Additions:
    return additions(spec, read_for(spec, text), names)


def spearman(made: Additions) -> dict[str, float]:
    return {"".join({a.a, a.b} - {"heart_rate"}): a.spearman for a in made.associations}


def test_codes_that_run_the_other_way_turn_the_correlation() -> None:
    one = spearman(added(TIED, "heart rate", "heart_rate"))
    other = spearman(added(replace(TIED, variables=(AGE, MEN_FIRST)), "heart rate", "heart_rate"))
    assert one.keys() == {"age", "sex"}
    assert other["sex"] == -one["sex"]
    assert other["age"] == one["age"]


def test_two_variables_are_not_tied_through_a_third() -> None:
    made = added(cohort(AGE, SEX), "heart rate", "heart_rate")
    assert len(made.associations) == 1
    assert made.is_less
    assert not added(TIED, "heart rate", "heart_rate").is_less


def test_what_is_there_is_drawn_as_before() -> None:
    before = sample(compiled(TIED), 2000)
    after = sample(compiled(added(TIED, "heart rate", "heart_rate").to(TIED)), 2000)
    assert after[["age", "sex"]].equals(before)


def test_correlations_that_cannot_be_beside_the_others_are_left_out() -> None:
    waist, weight = number("waist", 95, 12, unit="cm"), number("weight", 80, 15, unit="kg")
    spec = replace(cohort(waist, weight), associations=(Association("waist", "weight", -0.95),))
    made = added(spec, "BMI", "bmi")
    assert made.is_less
    targets = {(t.a, t.b): t for t in compiled(made.to(spec)).targets}
    assert abs(targets["waist", "weight"].compiled - targets["waist", "weight"].stated) < 1e-3


def test_a_body_mass_index_is_computed_from_what_is_there() -> None:
    spec = cohort(number("Gewicht", 80, 15, unit="kg", label="Weight"),
                  number("height", 170, 9, unit="cm"))  # fmt: skip
    [bmi] = added(spec, "BMI", "bmi").variables
    assert isinstance(bmi.marginal, Formula)
    assert "Gewicht" in bmi.marginal.expression
