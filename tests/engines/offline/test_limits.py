"""Nobody has what cannot concern them: no pregnant men, and no smoking three-year-olds."""

from __future__ import annotations

import pandas as pd
import pytest

from synth_magic.engines.answer import Answer
from synth_magic.sampling import compile_cohort, sample
from synth_magic.spec.model import By
from tests.engines.offline.builders import SEX, answer, facts, named, share


def patients(found: Answer) -> pd.DataFrame:
    return sample(compile_cohort(found.spec), 4000, seed=2)


def test_no_man_is_pregnant() -> None:
    drawn = patients(answer(SEX, named("pregnant")))
    by_sex = (drawn["pregnant"] == "yes").groupby(drawn["sex"].astype(str)).mean()
    assert by_sex["male"] == 0
    assert by_sex["female"] > 0


def test_codes_of_the_user_say_who_is_a_man() -> None:
    gender = named("gender", codes="1=male 2=female", type="binary")
    drawn = patients(answer(gender, named("pregnant", codes="0=no 1=yes")))
    men = drawn["gender"].astype(str) == "1"
    assert men.any()
    assert set(drawn.loc[men, "pregnant"].astype(str)) == {"0"}


def test_no_woman_has_a_psa_and_no_man_a_parity() -> None:
    drawn = patients(answer(named("PSA"), SEX, named("parity")))
    men = drawn["sex"] == "male"
    assert drawn.loc[men, "PSA"].notna().all()
    assert drawn.loc[~men, "PSA"].isna().all()
    assert drawn.loc[men, "parity"].isna().all()
    assert drawn.loc[~men, "parity"].notna().all()


def test_no_man_is_before_his_menopause() -> None:
    drawn = patients(answer(SEX, named("menopausal status")))
    men = drawn["sex"] == "male"
    assert drawn.loc[men, "menopausal status"].isna().all()
    assert set(drawn.loc[~men, "menopausal status"].dropna()) == {"pre", "post"}


def test_no_woman_has_a_psa_beyond_a_limit() -> None:
    drawn = patients(answer(SEX, named("high", label="PSA above 1 ng/mL", type="binary")))
    assert set(drawn.loc[drawn["sex"] == "female", "high"]) == {"no"}
    assert set(drawn.loc[drawn["sex"] == "male", "high"]) == {"no", "yes"}


def test_among_women_alone_nothing_is_missing() -> None:
    found = answer(named("parity"), population="Women in Leeds.")
    assert not found.spec.missing_groups
    assert patients(found)["parity"].notna().all()


@pytest.mark.parametrize("unit", ["years", "months"])
def test_no_small_child_smokes(unit: str) -> None:
    times = 12 if unit == "months" else 1
    age = named("age", unit=unit)
    figures = facts("age", mean=11 * times, sd=4 * times, min=times, max=17 * times)
    found = answer(age, named("smoking"), figures, population="Children in Leeds.")
    drawn = patients(found)
    smokers = drawn.loc[drawn["smoking"] == "yes", "age"] / times
    assert len(smokers)
    assert smokers.min() >= 10


def test_no_small_child_has_smoked_where_it_is_only_guessed() -> None:
    figures = facts("age", mean=10, sd=4, min=1, max=17)
    drawn = patients(
        answer(named("ever smoked"), named("age"), figures, population="Children in Leeds.")
    )
    assert drawn.loc[drawn["ever smoked"] == "yes", "age"].min() >= 10


def test_among_adults_smoking_does_not_hang_on_age_alone() -> None:
    found = answer(named("age"), named("smoking"))
    assert not isinstance(found.spec.variable("smoking").marginal, By)


def test_what_is_stated_stands() -> None:
    stated = share("pregnant", "yes", 0.2)
    found = answer(SEX, named("pregnant"), stated)
    drawn = patients(found)
    assert (drawn["pregnant"] == "yes").mean() == pytest.approx(0.2, abs=0.03)
