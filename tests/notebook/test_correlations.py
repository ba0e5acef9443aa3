from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from synth_magic import Cohort
from synth_magic.evaluation.columns import as_numbers
from synth_magic.notebook.correlations import (
    differences,
    maps,
    ranked,
    restated,
    spearman,
    strongest,
    strongest_pair,
)
from synth_magic.notebook.pages.view import View
from synth_magic.sampling import compiled, sample
from synth_magic.spec import Association, CohortSpec, MeanSD, Share, Shares, Variable
from tests.notebook.conftest import SPEC

STAGES = Shares(tuple(Share(code, 1 / 3) for code in ("I", "II", "III")))
CHAIN = CohortSpec(
    "",
    "",
    (
        Variable("bmi", "continuous", MeanSD(28, 5), decimals=1),
        Variable("sbp", "integer", MeanSD(135, 18), missing=0.2),
        Variable("stage", "ordinal", STAGES, missing=0.3),
        Variable("site", "categorical", STAGES),
    ),
    (Association("bmi", "sbp", 0.6), Association("sbp", "stage", -0.7)),
)


def test_achieved_correlations_are_those_of_scipy_among_who_has_both_values() -> None:
    patients = sample(compiled(CHAIN), 500, 3)
    variables = ranked(CHAIN, patients)
    found, rows = spearman(patients, variables)
    assert [v.name for v in variables] == ["bmi", "sbp", "stage"]
    assert rows == 500
    for i, a in enumerate(variables):
        for j, b in enumerate(variables):
            if i != j:
                x, y = (as_numbers(patients[v.name], v) for v in (a, b))
                expected = stats.spearmanr(x, y, nan_policy="omit").statistic
                assert found[i, j] == pytest.approx(expected, abs=1e-12)
    assert np.isnan(np.diag(found)).all()


def test_pairs_that_nobody_stated_follow_from_the_others() -> None:
    patients = sample(compiled(CHAIN), 200)
    found = maps(compiled(CHAIN), patients, ranked(CHAIN, patients))
    assert found.stated.tolist() == [
        [False, True, False],
        [True, False, True],
        [False, True, False],
    ]
    assert (found.specified[0, 1], found.specified[1, 2]) == (0.6, -0.7)
    many = sample(compiled(CHAIN), 200_000, 1).dropna()
    implied = stats.spearmanr(many["bmi"], many["stage"].cat.codes).statistic
    assert found.specified[0, 2] == pytest.approx(implied, abs=0.04)
    assert implied < -0.3


def test_a_column_without_variation_or_values_has_no_correlation() -> None:
    spec = replace(CHAIN, associations=())
    patients = pd.DataFrame(sample(compiled(spec), 100))
    patients["bmi"] = 28.0
    patients["sbp"] = pd.array([pd.NA] * 100, "Int64")
    found, _ = spearman(patients, ranked(spec, patients))
    assert np.isnan(found).all()


def test_many_variables_with_gaps_are_compared_on_the_first_patients_only() -> None:
    bmi = replace(CHAIN.variables[0], missing=0.1)
    wide = CohortSpec("", "", tuple(replace(bmi, name=f"v{i}") for i in range(60)))
    patients = sample(compiled(wide), 3_000)
    assert spearman(patients, wide.variables)[1] < 3_000
    assert spearman(patients.fillna(28.0), wide.variables)[1] == 3_000


def test_the_strongest_associations_choose_the_variables_and_the_table_their_order() -> None:
    chosen = strongest(CHAIN.variables, CHAIN.associations, 2)
    assert [v.name for v in chosen] == ["sbp", "stage"]
    assert strongest(CHAIN.variables, (), 2) == CHAIN.variables[:2]


def test_the_strongest_pair_is_a_stated_one_if_there_is_one() -> None:
    patients = sample(compiled(CHAIN), 200)
    names = strongest_pair(maps(compiled(CHAIN), patients, ranked(CHAIN, patients)))
    assert names == ("sbp", "stage")


def test_the_differences_that_chance_explains_least_come_first(cohort: Cohort) -> None:
    hard = Shares((Share("no", 0.99), Share("yes", 0.01)))
    spec = replace(
        SPEC,
        variables=(*SPEC.variables, Variable("death", "binary", hard)),
        associations=(*SPEC.associations, Association("age", "death", 0.9)),
    )
    drawn = replace(cohort, spec=spec, rows=2_000)
    first, second = differences(View.of(drawn, drawn.frame()))
    assert (first.pair, second.pair) == (("age", "death"), ("age", "crp"))
    assert not first.check.reached
    assert first.within_reach < 0.5 < first.check.stated
    assert first.errors > 3 > second.errors
    assert second.within_reach == pytest.approx(0.3, abs=1e-3)


def test_what_is_stated_anew_is_said_as_before_and_after() -> None:
    after = replace(
        CHAIN, associations=(Association("sbp", "bmi", 0.04), Association("bmi", "stage", 0.2))
    )
    assert list(restated(CHAIN, after)) == [
        "bmi – sbp 0.60 → 0.04",
        "sbp – stage -0.70 → not stated",
        "bmi – stage not stated → 0.20",
    ]
    assert not list(restated(CHAIN, CHAIN))
