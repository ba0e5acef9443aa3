"""What ties the variables of a description together, and what does not."""

from __future__ import annotations

import pytest

from synth_magic.catalogue.load import catalogue
from synth_magic.engines.answer import Answer
from synth_magic.spec.model import By
from tests.engines.offline.builders import ARM, SEX, answer, facts, named, share, tie

OUTCOMES = ("death", "readmission", "recurrence")


def spearman(found: Answer, a: str, b: str) -> float | None:
    pairs = {frozenset((p.a, p.b)): p.spearman for p in found.spec.associations}
    return pairs.get(frozenset((a, b)))


def in_catalogue(a: str, b: str) -> float:
    (pair,) = catalogue().associations.among(frozenset((a, b)))
    return pair.spearman


# --- what the catalogue knows


def test_known_pairs_are_tied_with_their_source() -> None:
    found = answer(named("Age"), named("eGFR"))
    (pair,) = found.spec.associations
    assert {pair.a, pair.b} == {"Age", "eGFR"}
    assert pair.spearman == pytest.approx(in_catalogue("age", "egfr"), abs=0.01)
    assert pair.provenance == "catalogue"
    assert pair.basis


@pytest.mark.parametrize(("codes", "sign"), [("0=male 1=female", -1), ("0=female 1=male", 1)])
def test_the_sign_follows_the_user_s_codes(codes: str, sign: int) -> None:
    sex = named("gender", codes=codes, type="binary")
    found = answer(sex, named("heart rate"))
    expected = sign * in_catalogue("sex", "heart_rate")
    assert spearman(found, "gender", "heart rate") == pytest.approx(expected, abs=0.02)


def test_a_stated_correlation_replaces_the_catalogue_s() -> None:
    found = answer(named("age"), named("egfr"), tie("egfr", "age", "spearman", -0.4))
    assert spearman(found, "age", "egfr") is None
    assert found.spec.facts[0].value == -0.4


def test_a_stated_direction_keeps_the_catalogue_s_size() -> None:
    found = answer(named("age"), named("egfr"), tie("egfr", "age", "direction", -1))
    assert spearman(found, "age", "egfr") == pytest.approx(in_catalogue("age", "egfr"), abs=0.01)


def test_a_rare_diagnosis_correlates_less() -> None:
    usual, rare = (
        spearman(answer(named("age"), named("diabetes"), stated), "age", "diabetes")
        for stated in ([], [share("diabetes", "yes", 0.01)])
    )
    assert usual is not None
    assert rare is not None
    assert 0 < rare < 0.6 * usual


def test_patients_who_are_all_of_an_age_are_correlated_with_it_less() -> None:
    all_ages, alike = (
        spearman(answer(named("age"), named("egfr"), stated), "age", "egfr")
        for stated in ([], facts("age", mean=70, sd=2))
    )
    assert all_ages is not None
    assert alike is not None
    assert abs(alike) < 0.5 * abs(all_ages)


def test_what_differs_by_sex_is_not_tied_to_it_twice() -> None:
    sex_by_arm = [share("sex", "male", 0.4, ("arm", "active")),
                  share("sex", "male", 0.6, ("arm", "placebo"))]  # fmt: skip
    found = answer(*ARM, SEX, named("haemoglobin"), named("heart rate"), sex_by_arm)
    assert spearman(found, "sex", "haemoglobin") is None
    assert spearman(found, "sex", "heart rate") is not None
    assert all("arm" not in (pair.a, pair.b) for pair in found.spec.associations)


def test_a_variable_of_three_codes_has_no_ranks() -> None:
    found = answer(named("sex", codes="female male other"), named("heart rate"))
    assert not found.spec.associations


def test_over_all_ages_children_s_height_and_weight_are_tied_by_their_growth() -> None:
    names = "age", "height", "weight"
    grown = answer(*map(named, names), facts("age", mean=8, sd=4), population="Children.")
    alike = answer(*map(named, names), facts("age", mean=8, sd=0.4), population="Children.")
    assert isinstance(grown.spec.variable("weight").marginal, By)
    over_all, at_eight = (spearman(found, "height", "weight") for found in (grown, alike))
    assert over_all is not None
    assert at_eight is not None
    assert over_all > 0.85
    assert at_eight < over_all


def test_what_only_the_older_can_have_is_tied_like_anything_else() -> None:
    found = answer(named("age"), named("dementia drug"), named("cognitive diagnosis"))
    assert isinstance(found.spec.variable("dementia drug").marginal, By)
    assert found.spec.associations


# --- prognosis


def test_what_is_adverse_goes_with_a_worse_outcome_where_nothing_else_is_known() -> None:
    found = answer(named("death"), named("pain score"), named("albumin"))
    assumed = {
        frozenset((p.a, p.b)): p for p in found.spec.associations if p.basis.startswith("assumed:")
    }
    for name, sign in (("pain score", 1), ("albumin", -1)):
        known = spearman(found, "death", name)
        assert known is not None
        assert known * sign > 0
    assert all(abs(p.spearman) <= 0.1 and p.provenance == "assumed" for p in assumed.values())


def test_codes_that_run_from_dead_to_alive_turn_the_sign() -> None:
    lived = named("death", codes="dead alive", type="categorical")
    for codes, sign in ((named("death"), 1), (lived, 1)):
        found = answer(codes, named("pain score"))
        (pair,) = found.spec.associations
        high = found.spec.variable("death").codes[-1]
        assert pair.spearman * sign * (1 if high in ("yes", "dead") else -1) > 0


def test_a_stated_direction_is_not_tied_again() -> None:
    found = answer(named("death"), named("pain score"), tie("death", "pain score", "direction", -1))
    assert spearman(found, "death", "pain score") is None


def test_an_outcome_by_arm_is_not_tied_to_the_arm() -> None:
    deaths = [share("death", "yes", 0.1, ("arm", "active")),
              share("death", "yes", 0.2, ("arm", "placebo"))]  # fmt: skip
    found = answer(*ARM, named("death"), deaths)
    assert not found.spec.associations


def test_every_pair_is_stated_once() -> None:
    names = (*OUTCOMES, "age", "sex", "bmi", "albumin", "creatinine", "nyha", "diabetes", "egfr")
    found = answer(*map(named, names))
    pairs = [frozenset((p.a, p.b)) for p in found.spec.associations]
    assert len(pairs) == len(set(pairs))
    assert all(len(pair) == 2 for pair in pairs)
