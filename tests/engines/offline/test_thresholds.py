"""Yes/no columns that tell whether a value is beyond a limit."""

from __future__ import annotations

import pandas as pd
import pytest

from synth_magic.engines.answer import Answer
from synth_magic.engines.offline.thresholds import Threshold, threshold
from synth_magic.sampling import compile_cohort, sample
from synth_magic.spec.model import Formula
from tests.engines.offline.builders import answer, entry, facts, made, named, share, share_of


def limit_in(label: str) -> Threshold | None:
    return threshold(named("x", label=label, type="binary"))


def patients(found: Answer) -> pd.DataFrame:
    return sample(compile_cohort(found.spec), 20_000, seed=2)


@pytest.mark.parametrize(
    ("label", "name", "sign", "limit"),
    [
        ("Birth weight less than 2.5 kg", "birth_weight", "<", 2500),
        ("Birth weight below 2500 g", "birth_weight", "<", 2500),
        ("fasting blood sugar > 120 mg/dl", "glucose", ">", 120),
        ("Age over 65 years", "age", ">", 65),
        ("more than 4 positive nodes", "positive_nodes", ">", 4),
        ("at least 4 positive nodes", "positive_nodes", ">=", 4),
        ("BMI ≥ 30", "bmi", ">=", 30),
        ("BMI <= 18.5", "bmi", "<=", 18.5),
        ("Systolic blood pressure was above 18 kPa", "systolic_bp", ">", 18 / 0.133322),
    ],
)
def test_a_description_names_a_limit_in_the_unit_of_the_entry(
    label: str, name: str, sign: str, limit: float
) -> None:
    found = limit_in(label)
    assert found is not None
    assert (found.entry.name, found.sign) == (name, sign)
    assert found.limit == pytest.approx(limit)


@pytest.mark.parametrize(
    "label", ["Diabetes", "Death within 30 days", "more than 4 flumbars", "NYHA class over 2", ""]
)
def test_other_words_name_no_limit(label: str) -> None:
    assert limit_in(label) is None


# --- with the column and without


@pytest.mark.parametrize(
    ("label", "column"),
    [
        ("Birth weight less than 2.5 kg", "birth weight"),
        ("fasting blood sugar > 120 mg/dl", "fasting glucose"),
        ("more than 4 positive nodes", "positive nodes"),
        ("at least 4 positive nodes", "positive nodes"),
        ("at most 4 positive nodes", "positive nodes"),
        ("Age older than 70", "age"),
    ],
)
def test_the_share_beyond_a_limit_is_that_of_the_column(label: str, column: str) -> None:
    binary = named("beyond", label=label, type="binary")
    alone = made(binary)
    beside = patients(answer(binary, named(column)))
    assert share_of(alone.marginal, "yes") == pytest.approx(
        (beside["beyond"] == "yes").mean(), abs=0.015
    )


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("more than", lambda nodes: nodes > 4),
        ("at least", lambda nodes: nodes >= 4),
        ("fewer than", lambda nodes: nodes < 4),
        ("at most", lambda nodes: nodes <= 4),
    ],
)
def test_the_limit_itself_counts_as_the_words_say(words: str, holds: object) -> None:
    many = named("many", label=f"{words} 4 positive nodes", type="binary")
    drawn = patients(answer(many, named("nodes", label="Positive nodes")))
    assert (drawn["nodes"] == 4).any()
    assert ((drawn["many"] == "yes") == holds(drawn["nodes"])).all()  # type: ignore[operator]


def test_beside_its_column_it_is_computed_in_the_unit_of_the_column() -> None:
    low = named("low", label="Birth weight less than 2.5 kg", codes="0 1", type="binary")
    found = answer(low, named("bwt", label="Birth weight", unit="kg")).spec.variable("low")
    assert found.marginal == Formula('"1" if bwt < 2.5 else "0"', ("0", "1"))
    assert found.provenance == "stated"


def test_its_own_share_is_not_computed() -> None:
    low = named("low", label="Birth weight less than 2.5 kg", type="binary")
    found = answer(low, named("birth weight"), share("low", "yes", 0.3))
    assert share_of(found.spec.variable("low").marginal, "yes") == pytest.approx(0.3)


def test_alone_it_is_tied_to_others_as_its_value_is() -> None:
    pairs = {
        label: answer(named("x", label=label, type="binary"), named("hba1c")).spec.associations
        for label in ("fasting blood sugar > 120 mg/dl", "fasting blood sugar < 120 mg/dl")
    }
    above, below = (found[0].spearman for found in pairs.values())
    assert 0 < above == pytest.approx(-below, abs=0.01)


def test_where_the_value_is_higher_more_are_beyond_the_limit() -> None:
    sugar = named("fbs", label="fasting blood sugar > 120 mg/dl", type="binary")
    hba1c = named("hba1c")
    shares = [
        share_of(answer(sugar, hba1c, figures).spec.variable("fbs").marginal, "yes")
        for figures in ([], facts("hba1c", mean=8.5, sd=1.5))
    ]
    assert shares[0] < shares[1]


def test_entries_of_codes_have_no_limit() -> None:
    assert entry("nyha").codes
    assert limit_in("NYHA class above 2") is None
