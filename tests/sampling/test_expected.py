from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from scipy.stats import norm

from synth_magic.evaluation.columns import as_coded, as_values
from synth_magic.sampling import compile_cohort, sample
from synth_magic.sampling.expected import Expected, expectations, expected
from synth_magic.spec import (
    Association,
    CohortSpec,
    DigitPreference,
    Formula,
    Identifier,
    MeanSD,
    MissingGroup,
    Quantiles,
    Rule,
    Spike,
    Variable,
)
from synth_magic.spec.expressions import Coded
from tests.sampling.builders import (
    AGE,
    CRP,
    HAEMOGLOBIN,
    PATIENTS,
    SEX,
    STAGE,
    by,
    cohort,
    draw,
    number,
    shares,
    yes_no,
)
from tests.strategies import cohort_specs

CHANCE = 0.016
"""What chance leaves between 200,000 patients and a draw of 65,536, and the pilot's tolerance."""


def of(spec: CohortSpec, name: str) -> Expected:
    return expected(compile_cohort(spec), name)


def largest_gap(patients: np.ndarray, said: Expected) -> float:
    """Largest difference of the two distribution functions."""
    values, counts = np.unique(patients, return_counts=True)
    everywhere = np.union1d(values, said.values)
    below = np.concatenate([[0], np.cumsum(counts)])[np.searchsorted(values, everywhere)]
    return float(np.abs(below / len(patients) - said.below(everywhere)).max())


@settings(max_examples=8, derandomize=True, suppress_health_check=list(HealthCheck))
@given(spec=cohort_specs())
def test_any_cohort_is_drawn_as_expected(spec: CohortSpec) -> None:
    compiled = compile_cohort(spec)
    patients = sample(compiled, PATIENTS, 7, hidden=True)
    named = [v for v in spec.variables if not isinstance(v.marginal, Identifier)]
    assert set(expectations(compiled)) == {v.name for v in named}
    for variable in named:
        said = expected(compiled, variable.name)
        assert said.mass.sum() == pytest.approx(1)
        assert np.all(np.diff(said.values) > 0)
        column = patients[variable.name]
        assert column.isna().mean() == pytest.approx(said.missing, abs=CHANCE)
        values = as_values(column, variable)
        if isinstance(values, Coded):
            assert said.codes == variable.codes
            found = np.bincount(values.index[values.index >= 0], minlength=len(values.codes))
            assert found / found.sum() == pytest.approx(said.shares, abs=CHANCE)
        else:
            assert largest_gap(values[~np.isnan(values)], said) < CHANCE


def test_a_normal_is_the_normal_of_the_textbook() -> None:
    said = of(cohort(number("x", 50, 10, decimals=0)), "x")
    at = np.arange(19.5, 80, 5)
    assert said.below(at) == pytest.approx(norm(50, 10).cdf(at), abs=1e-3)
    assert said.quantile(0.5) == 50
    assert said.missing == 0


def test_spikes_bounds_and_digits_are_those_that_are_recorded() -> None:
    curve = Quantiles(80, 90, 100, 120, 130, 142, 170, 190, 220)
    pressure = Variable(
        "sbp",
        "integer",
        curve,
        spikes=(Spike(120.0, 0.2),),
        digit_preference=DigitPreference(10, 0.5),
        missing=0.1,
    )
    said = of(cohort(pressure), "sbp")
    at = dict(zip(said.values, said.mass, strict=True))
    assert at[120.0] >= 0.2
    assert at[140.0] > 5 * at[141.0]
    assert (min(at), max(at)) == (80, 220)
    assert said.missing == pytest.approx(0.1)


def test_shares_are_those_stated() -> None:
    said = of(cohort(STAGE), "stage")
    assert said.codes == ("I", "II", "III", "IV")
    assert said.shares == pytest.approx([0.35, 0.3, 0.2, 0.15])


def test_a_by_is_the_mixture_of_its_cells() -> None:
    said = of(cohort(SEX, HAEMOGLOBIN), "haemoglobin")
    assert said.mass @ said.values == pytest.approx(0.55 * 13.1 + 0.45 * 14.6, abs=0.01)


def test_the_mixture_weighs_the_bins_of_a_number_by_their_probability() -> None:
    bins = by("age", **{"<64": shares(no=1.0, yes=0.0), ">=64": shares(no=0.2, yes=0.8)})
    old = Variable("old", "binary", bins)
    spec = cohort(replace(AGE, marginal=MeanSD(64, 10)), old)
    above = 1 - norm(64, 10).cdf(63.5)
    assert of(spec, "old").shares == pytest.approx([1 - 0.8 * above, 0.8 * above], abs=1e-3)


def test_cells_weigh_what_they_have_among_those_whose_value_is_recorded() -> None:
    group = MissingGroup("no blood", ("haemoglobin",), 0.5, 'sex == "male"')
    said = of(cohort(SEX, HAEMOGLOBIN, missing_groups=(group,)), "haemoglobin")
    male = 0.225 / (0.225 + 0.55)
    assert said.missing == pytest.approx(0.225, abs=0.01)
    assert said.mass @ said.values == pytest.approx((1 - male) * 13.1 + male * 14.6, abs=0.02)


def test_two_parents_weigh_as_they_are_correlated() -> None:
    a, b = yes_no("a", 0.5), yes_no("b", 0.5)
    cells = by("a", no=shares(no=1.0, yes=0.0), yes=shares(no=1.0, yes=0.0))
    both = replace(
        cells,
        parents=("a", "b"),
        cells=tuple(
            replace(cells.cells[0], levels=(x, y), marginal=shares(no=1 - p, yes=p))
            for x, y, p in [
                ("no", "no", 0.0),
                ("no", "yes", 0.0),
                ("yes", "no", 0.0),
                ("yes", "yes", 1.0),
            ]
        ),
    )
    spec = cohort(a, b, Variable("c", "binary", both), associations=(Association("a", "b", 0.6),))
    assert of(spec, "c").shares[1] == pytest.approx((0.5 + 0.6 * 0.5) / 2, abs=0.01)


def test_a_formula_is_drawn_with_what_it_lacks() -> None:
    double = Variable("double", "integer", Formula("2 * age"))
    said = of(cohort(replace(AGE, missing=0.2), double), "double")
    assert said.mass @ said.values == pytest.approx(128, abs=0.3)
    assert said.missing == pytest.approx(0.2, abs=0.01)


def test_a_date_counts_days_since_1970() -> None:
    visit = Variable("visit", "date", MeanSD(100, 20), unit="days since 2015-04-01")
    origin = (np.datetime64("2015-04-01") - np.datetime64("1970-01-01")).astype(float)
    assert of(cohort(visit), "visit").quantile(0.5) == origin + 100


def test_a_rule_that_excludes_patients_counts() -> None:
    spec = cohort(AGE, CRP, rules=(Rule("age >= 60", "an old cohort"),))
    said = of(spec, "age")
    patients = draw(spec)["age"].to_numpy(dtype=float)
    assert said.values[0] == 60
    assert largest_gap(patients, said) < CHANCE


def test_a_rule_that_everybody_keeps_leaves_the_closed_form() -> None:
    free, ruled = cohort(AGE), cohort(AGE, rules=(Rule("age > 0"),))
    assert np.array_equal(of(free, "age").mass, of(ruled, "age").mass)


def test_all_missing_has_a_distribution_still() -> None:
    said = of(cohort(replace(AGE, missing=1.0)), "age")
    assert said.missing == 1
    assert said.quantile(0.5) == 64


def test_it_is_worked_out_once() -> None:
    compiled = compile_cohort(cohort(AGE))
    assert expectations(compiled) is expectations(compiled)


def test_codes_come_in_their_own_order() -> None:
    grade = Variable("grade", "binary", Formula("'high' if age > 64 else 'low'", ("low", "high")))
    spec = cohort(AGE, grade)
    patients = as_coded(draw(spec)["grade"], grade).index
    assert of(spec, "grade").shares[1] == pytest.approx(patients.mean(), abs=CHANCE)
