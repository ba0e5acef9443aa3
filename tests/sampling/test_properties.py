"""Any valid cohort: 200,000 patients are as the specification says, within what chance allows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from synth_magic.evaluation.columns import as_coded, as_numbers, by_cells
from synth_magic.sampling import CompiledCohort, compile_cohort, sample
from synth_magic.sampling.streams import BLOCK
from synth_magic.spec import (
    By,
    CohortSpec,
    Formula,
    Identifier,
    MeanSD,
    MedianIQR,
    Quantiles,
    Shares,
    Variable,
)
from synth_magic.spec.model import QUANTILE_LEVELS
from tests.sampling.builders import PATIENTS
from tests.strategies import cohort_specs

CHANCE = 5.0
"""Standard errors that a figure may lie off."""

PILOT = 4e-3
"""What calibration on a pilot of 65,536 patients, and on recorded values, may leave."""

FEWEST = 5_000
"""Cells with fewer patients are not looked at."""


def off(found: float, stated: float, error: float) -> bool:
    return abs(found - stated) > CHANCE * error + PILOT


def numeric_faults(values: np.ndarray, marginal: Quantiles | MeanSD | MedianIQR) -> Iterator[str]:
    n = len(values)
    if isinstance(marginal, MeanSD):
        centred = (values - values.mean()) / values.std()
        if off(values.mean() / marginal.sd, marginal.mean / marginal.sd, 1 / np.sqrt(n)):
            yield f"mean {values.mean()} for {marginal.mean}"
        if off(values.std() / marginal.sd, 1, np.sqrt((np.mean(centred**4) - 1) / 4 / n)):
            yield f"SD {values.std()} for {marginal.sd}"
        return
    for name, level in QUANTILE_LEVELS.items():
        if (value := getattr(marginal, name, None)) is not None:
            below, up_to = (values < value - 1e-9).mean(), (values <= value + 1e-9).mean()
            found = float(np.clip(level, below, up_to))
            if off(found, level, np.sqrt(level * (1 - level) / n)):
                yield f"{name} {value} at rank {below:.4f} to {up_to:.4f}"


def marginal_faults(spec: CohortSpec, frame: pd.DataFrame) -> Iterator[str]:
    """Yield every marginal, in every level of a `by`, that 200,000 patients do not have."""
    by_name = {variable.name: variable for variable in spec.variables}
    for variable in spec.variables:
        marginal = variable.marginal
        if isinstance(marginal, Formula | Identifier):
            continue
        cells = [("", frame, marginal)]
        if isinstance(marginal, By):
            if any(frame[parent].isna().any() for parent in marginal.parents):
                continue  # who belongs to which cell is not recorded
            cells = list(by_cells(marginal, by_name, frame))
        for among, rows, cell in cells:
            column = rows[variable.name].dropna()
            if len(column) >= FEWEST:
                for fault in one_marginal_faults(variable, column, cell):
                    yield f"{variable.name} {among}: {fault}"


def one_marginal_faults(variable: Variable, column: pd.Series, marginal: object) -> Iterator[str]:
    if isinstance(marginal, Shares):
        codes = as_coded(column, variable)
        for place, share in enumerate(marginal.shares):
            found = float((codes.index == place).mean())
            if off(found, share.share, np.sqrt(share.share * (1 - share.share) / len(column))):
                yield f"{share.code} {found} for {share.share}"
    elif isinstance(marginal, Quantiles | MeanSD | MedianIQR):
        yield from numeric_faults(as_numbers(column, variable), marginal)


def spearman_faults(compiled: CompiledCohort, frame: pd.DataFrame) -> Iterator[str]:
    by_name = {variable.name: variable for variable in compiled.spec.variables}
    for target in compiled.targets:
        if abs(target.stated - target.compiled) > PILOT and not compiled.notes:
            yield f"{target} moved without a note"
        if target.a in by_name and target.b in by_name:
            both = frame[[target.a, target.b]].dropna()
            x, y = (as_numbers(both[name], by_name[name]) for name in (target.a, target.b))
            found = float(spearmanr(x, y).statistic)
            if off(found, target.compiled, 1.2 / np.sqrt(len(both))):
                yield f"{target}, found {found}"


def missing_faults(spec: CohortSpec, frame: pd.DataFrame) -> Iterator[str]:
    for variable in spec.variables:
        if isinstance(variable.marginal, Formula | Identifier):
            continue
        found = float(frame[variable.name].isna().mean())
        if off(found, variable.missing, np.sqrt(variable.missing / PATIENTS)):
            yield f"{variable.name}: missing {found} for {variable.missing}"


@settings(max_examples=15, derandomize=True, suppress_health_check=list(HealthCheck))
@given(spec=cohort_specs(), seed=st.integers(0, 2**63 - 1))
def test_two_hundred_thousand_patients_are_as_stated(spec: CohortSpec, seed: int) -> None:
    compiled = compile_cohort(spec)
    # the share of a group that is missing in men only cannot depend on sex
    assert [note for note in compiled.notes if "blood test" not in note] == []
    frame = sample(compiled, PATIENTS, seed, hidden=True)
    faults = [
        *marginal_faults(spec, frame),
        *spearman_faults(compiled, frame),
        *missing_faults(spec, frame),
    ]
    assert faults == []


@settings(max_examples=20, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    spec=cohort_specs(),
    seed=st.integers(0, 2**63 - 1),
    few=st.sampled_from([1, 7, 100, BLOCK - 1, BLOCK, BLOCK + 1]),
)
def test_the_first_rows_are_the_same_for_every_number_of_rows(
    spec: CohortSpec, seed: int, few: int
) -> None:
    compiled = compile_cohort(spec)
    many = sample(compiled, BLOCK + 500, seed, workers=2)
    pd.testing.assert_frame_equal(sample(compiled, few, seed, workers=1), many.head(few))


@settings(
    max_examples=6, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(spec=cohort_specs(with_facts=True))
def test_facts_are_honoured_once(spec: CohortSpec) -> None:
    honoured = compile_cohort(spec).spec
    again = compile_cohort(honoured).spec
    assert figures(again.to_dict()) == pytest.approx(
        figures(honoured.to_dict()), rel=1e-3, abs=1e-3
    )


def figures(part: object) -> list[float]:
    """Return all numbers of a JSON document, in order."""
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list):
        return [number for item in part for number in figures(item)]
    return [float(part)] if isinstance(part, int | float) else []
