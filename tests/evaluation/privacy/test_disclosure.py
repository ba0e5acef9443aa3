from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synth_magic.evaluation.privacy.disclosure import CAP, DISCLOSURE, attack, level, scores
from synth_magic.evaluation.score import Score
from synth_magic.evaluation.tables import Field, Tables
from tests.evaluation.privacy.builders import patients, tables

FIELDS = (Field("sex", "code", ("f", "m")), Field("hiv", "code", ("no", "yes")))


def coded(sex: str, hiv: str) -> pd.DataFrame:
    names = {"n": "no", "y": "yes"}
    return pd.DataFrame({"sex": list(sex), "hiv": [names[one] for one in hiv]}, dtype=object)


def both(frames: Tables, keys: tuple[str, ...], sensitive: str) -> tuple[Score, Score]:
    cap, disclosure = scores(frames, keys=keys, sensitive=[sensitive])
    assert (cap.metric, disclosure.metric) == (CAP, DISCLOSURE)
    assert cap.of == disclosure.of == sensitive
    return cap, disclosure


def test_attribution_by_hand_on_ten_rows() -> None:
    # Among the synthetic women 4 of 5 are "no", among the men 1 of 5: 5 of 10 in all.
    synthetic = coded("fffffmmmmm", "nnnnynyyyy")
    train = coded("ffffffmmmm", "nnnnnnnyyy")
    cap, disclosure = both(tables(synthetic, train, train, FIELDS), ("sex",), "hiv")
    right = (6 * 4 / 5 + 1 / 5 + 3 * 4 / 5) / 10
    assert cap.value == pytest.approx(1 - right)
    assert disclosure.value == pytest.approx((right - 0.5) / (1 - 0.5))


def test_copied_rows_give_away_what_the_keys_determine() -> None:
    real = coded("ffffmmmm", "nnnnyyyy")
    cap, disclosure = both(tables(real, real, real, FIELDS), ("sex",), "hiv")
    assert (cap.value, disclosure.value) == (0.0, 1.0)
    assert (cap.real, disclosure.real) == (0.0, 1.0)


def test_keys_that_say_nothing_disclose_nothing() -> None:
    real = coded("ffffmmmm", "nnyynnyy")
    cap, disclosure = both(tables(real, real, real, FIELDS), ("sex",), "hiv")
    assert (cap.value, disclosure.value) == (0.5, 0.0)


def test_rows_whose_keys_no_synthetic_row_has_are_left_out() -> None:
    synthetic, train = coded("ffff", "nnny"), coded("fmmm", "nyyy")
    cap, disclosure = both(tables(synthetic, train, train, FIELDS), ("sex",), "hiv")
    assert cap.value == pytest.approx(0.25)
    assert disclosure.value == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("synthetic", "keys", "sensitive", "why"),
    [
        (coded("mmmm", "nnyy"), ("sex",), "hiv", "no real training row has the keys"),
        (coded("ffff", "nnyy"), ("hiv",), "hiv", "no key variable"),
        (coded("ffff", "nnyy"), ("sex",), "hiw", "no such variable"),
    ],
)
def test_what_cannot_be_attributed_gives_a_reason(
    synthetic: pd.DataFrame, keys: tuple[str, ...], sensitive: str, why: str
) -> None:
    train = coded("ffff", "nnyy")
    for score in both(tables(synthetic, train, train, FIELDS), keys, sensitive):
        assert np.isnan(score.value)
        assert why in score.why


def test_one_value_only_is_known_without_keys() -> None:
    real = coded("ffmm", "nnnn")
    cap, disclosure = both(tables(real, real, real, FIELDS), ("sex",), "hiv")
    assert cap.value == 0.0
    assert not cap.why
    assert np.isnan(disclosure.value)
    assert "one value" in disclosure.why


def test_without_keys_or_sensitive_variables_there_is_no_score() -> None:
    assert not list(scores(tables(), keys=("sex",)))
    assert not list(scores(tables(), sensitive=("sex",)))


def test_several_keys_and_numbers_cut_at_the_quantiles_of_the_training_rows() -> None:
    frames = tables(patients(70, 1), patients(70, 2), patients(70, 3))
    cuts = np.nanquantile(frames.train["age"], [0.2, 0.4, 0.6, 0.8])
    known, sides = {}, {"synthetic": frames.synthetic, "train": frames.train}
    for side, frame in sides.items():
        fifths = np.where(frame["age"].isna(), -1, np.searchsorted(cuts, frame["age"], "right"))
        known[side] = list(zip(frame["sex"], fifths, strict=True))
    rights = []
    for key, stage in zip(known["train"], frames.train["stage"].fillna("?"), strict=True):
        rows = [key == other for other in known["synthetic"]]
        if any(rows):
            rights.append((frames.synthetic["stage"].fillna("?")[rows] == stage).mean())
    cap, _ = both(frames, ("sex", "age"), "stage")
    assert cap.value == pytest.approx(1 - np.mean(rights))


def test_a_number_is_in_the_same_fifth_whatever_table_it_stands_in() -> None:
    frames = tables(train=pd.DataFrame({"age": np.arange(100.0)}), fields=(Field("age", "number"),))
    frame = pd.DataFrame({"age": [-5.0, 19.0, 20.0, 99.0, 500.0, np.nan]})
    assert level(frames, frames.fields[0], frame).tolist() == [0, 0, 1, 4, 4, -1]


def test_a_better_guess_than_one_in_so_many_codes_is_no_disclosure() -> None:
    rows = pd.DataFrame({"key": [0] * 10, "sensitive": [0] * 9 + [1]})
    found = attack(rows, rows)
    assert found.baseline == pytest.approx(1 - (0.9**2 + 0.1**2))
    assert found.disclosure == pytest.approx(0.0)
