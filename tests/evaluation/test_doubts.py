from __future__ import annotations

import pandas as pd

import synth_magic as sm
from synth_magic.evaluation.doubts import cut, doubts
from synth_magic.evaluation.tables import Field, Tables

REAL = pd.DataFrame({"age": [40.0, 50.0, 60.0] * 20, "sex": ["f", "m", "m"] * 20})
LEARNT = sm.CohortSpec.fit(REAL, synthetic=True)
BOTH = ("age", "sex")


def test_what_was_learnt_from_data_is_to_be_judged_by_other_data() -> None:
    drawn = sm.sample(LEARNT, rows=60)
    (doubt,) = doubts(drawn, REAL, LEARNT, BOTH, held_out=False)
    assert doubt == (
        "The synthetic patients are drawn from what was learnt from data (fitted to 60 rows). If "
        "the real patients are of these data, the figures flatter: learn from a part of them, and "
        "give the rest as holdout."
    )
    assert not list(doubts(drawn, REAL, LEARNT, BOTH, held_out=True))


def test_synthetic_patients_in_the_place_of_real_ones_are_noticed() -> None:
    made = sm.generate("40% female. Age 61 (SD 12).", rows=30, engine="offline")
    (doubt,) = doubts(made, made, None, BOTH, held_out=False)
    assert doubt.startswith("What is given as real patients was made by synth_magic: ")


def test_few_columns_in_common_are_told() -> None:
    other = pd.DataFrame({"age": [1.0], "height": [1.0], "weight": [1.0], "x": [1.0]})
    assert list(doubts(REAL, other, None, ["age"], held_out=False)) == [
        "Only 1 of 4 columns are compared."
    ]


def test_a_number_is_predicted_as_above_its_median() -> None:
    tables = Tables((Field("age", "number"), Field("sex", "code", ("f", "m"))), REAL, REAL, REAL)
    (told,) = cut("age", tables)
    assert told.startswith("age is a number: what is predicted is whether it is above the median ")
    assert not list(cut("sex", tables))
