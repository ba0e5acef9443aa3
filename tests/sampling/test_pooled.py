"""Spearman correlations of a pilot batch, beside SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from synth_magic.sampling.dependence import Dependence
from synth_magic.sampling.missingness import Group
from synth_magic.sampling.pooled import Batch, pooled_spearman
from synth_magic.spec import Association
from synth_magic.spec.expressions import Coded, Expression

PATIENTS = 5_000
NAMES = ("sbp", "stage", "crp", "untested")
PAIRS = ((0, 1), (0, 2), (1, 2), (0, 3), (2, 3))
RNG = np.random.default_rng(3)
Z = RNG.multivariate_normal(np.zeros(4), 0.7 * np.eye(4) + 0.3, PATIENTS).T
SBP = np.round(Z[0] * 15 + 130)
STAGE = np.digitize(Z[1], [-0.5, 0.8])
CRP = np.exp(Z[2])
ELDERLY = SBP > 120
UNTESTED = (Z[3] > 0.6) & ELDERLY


def found(wanted: np.ndarray | None = None) -> np.ndarray:
    group = Group("untested", ("crp",), 0.2, 0.6, Expression.parse("sbp > 120"))
    values = {"sbp": SBP, "stage": Coded(("I", "II", "III"), STAGE.astype(np.int8)), "crp": CRP}
    batch = Batch(dict(zip(NAMES, Z, strict=True)), values, {"crp": UNTESTED}, (group,))
    imposed = tuple(Association(NAMES[i], NAMES[j], 0.3) for i, j in PAIRS)
    pairs = Dependence(NAMES, imposed, PAIRS, frozenset())
    everything = np.ones(len(PAIRS), dtype=bool) if wanted is None else wanted
    no_variate = np.zeros(len(PAIRS))
    return pooled_spearman(batch, pairs, np.eye(4), no_variate, everything)


def test_each_pair_counts_in_those_who_have_both_values() -> None:
    """The group counts in those it is meant for, also with the variable that it takes away."""
    tested = ~UNTESTED
    expected = [
        spearmanr(SBP, STAGE),
        spearmanr(SBP[tested], CRP[tested]),
        spearmanr(STAGE[tested], CRP[tested]),
        spearmanr(SBP[ELDERLY], Z[3][ELDERLY] > 0.6),
        spearmanr(CRP[ELDERLY], Z[3][ELDERLY] > 0.6),
    ]
    assert found() == pytest.approx([each.statistic for each in expected], abs=1e-12)


def test_pairs_that_are_not_wanted_are_left_out() -> None:
    wanted = np.array([True, False, False, True, False])
    assert (found(wanted) != 0).tolist() == wanted.tolist()
