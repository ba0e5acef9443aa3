"""Six published baseline tables, pasted as they are: their patients have the published figures.

What each table states was typed from its source by a person (`*.expected.csv`; see SOURCES.md).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from synth_magic.description.labels import sex_of
from synth_magic.description.parse import parse
from synth_magic.engines.offline.elicit import elicit
from synth_magic.sampling.compiled import compile_cohort
from synth_magic.sampling.sampler import sample
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.model import QUANTILE_LEVELS

TABLES = Path(__file__).parent / "data" / "table_one"
NAMES = sorted(path.stem for path in TABLES.glob("*.txt"))
ROWS = 20_000
ERRORS = 4
"""Standard errors by which a figure may miss: by chance one in 16,000 does."""


@dataclass(frozen=True)
class Expected:
    """One figure of a published table."""

    arm: str
    variable: str
    code: str
    statistic: str
    value: float


def expected_of(name: str) -> list[Expected]:
    with (TABLES / f"{name}.expected.csv").open(encoding="utf-8", newline="") as file:
        return [Expected(**row | {"value": float(row["value"])}) for row in csv.DictReader(file)]


@cache
def cohort_of(name: str) -> tuple[CohortSpec, pd.DataFrame]:
    description = parse((TABLES / f"{name}.txt").read_text(encoding="utf-8"))
    spec = elicit(description).spec
    return spec, sample(compile_cohort(spec), ROWS, seed=1)


def arms_of(name: str) -> tuple[str, ...]:
    first = cohort_of(name)[0].variables[0]
    return first.codes if first.name == "Arm" else ("",)


def values_of(name: str, figure: Expected) -> tuple[pd.Series, str]:
    """The patients that a figure is about, in its column, and the code that it counts."""
    patients = cohort_of(name)[1]
    if figure.arm in patients.get("Arm", pd.Series(dtype=object)).unique():
        patients = patients[patients["Arm"] == figure.arm]
    column, code = figure.variable, figure.code
    if sex_of(column):  # `Male, yes` is the code `male` of a column `Sex`
        column, code = "Sex", sex_of(column)
    elif code and f"{column} group" in patients:  # levels beside quartiles of the same score
        column = f"{column} group"
    return patients[column].dropna(), code


def misses(figure: Expected, values: pd.Series, code: str, slack: float = 0) -> str:
    """Say how a figure is missed by more than chance and `slack` explain, if it is."""
    n = len(values)
    if figure.statistic == "share":
        found = float((values.astype(str) == code).mean())
        error = np.sqrt(figure.value * (1 - figure.value) / n)
        return verdict(figure, found, error, slack)
    x = values.to_numpy(dtype=float)
    mean, sd = float(x.mean()), float(x.std())
    match figure.statistic:
        case "mean":
            return verdict(figure, mean, sd / np.sqrt(n), slack)
        case "sd":
            fourth = float(((x - mean) ** 4).mean())
            error = np.sqrt(max(fourth - sd**4, 0) / n) / (2 * sd or 1)
            return verdict(figure, sd, error, slack)
        case "min":
            return "" if x.min() >= figure.value else f"{figure}: {x.min():g} is below"
        case "max":
            return "" if x.max() <= figure.value else f"{figure}: {x.max():g} is above"
    level = QUANTILE_LEVELS[figure.statistic]
    chance = ERRORS * np.sqrt(level * (1 - level) / n)
    below, up_to = float((x < figure.value).mean()), float((x <= figure.value).mean())
    ok = below - chance <= level <= up_to + chance
    return "" if ok else f"{figure}: {below:.3f} lie below and {up_to:.3f} do not exceed it"


def verdict(figure: Expected, found: float, error: float, slack: float) -> str:
    ok = abs(found - figure.value) <= ERRORS * error + slack + 1e-9
    return "" if ok else f"{figure}: found {found:.4g}, standard error {error:.2g}"


def rounding(figure: Expected) -> float:
    """Half of the last digit that a table printed."""
    if figure.statistic == "share":
        return 0.005 if round(figure.value * 100, 6).is_integer() else 0.0005
    return 0.05


@pytest.mark.parametrize("name", NAMES)
def test_every_published_figure_of_every_arm_is_met(name: str) -> None:
    arms = arms_of(name)
    figures = [figure for figure in expected_of(name) if figure.arm in arms]
    assert {figure.arm for figure in figures} == set(arms)
    missed = [misses(figure, *values_of(name, figure)) for figure in figures]
    assert not list(filter(None, missed))


@pytest.mark.parametrize("name", NAMES)
def test_the_column_of_all_patients_follows_from_the_arms_but_for_their_rounding(name: str) -> None:
    # Quartiles of a mixture do not follow from the quartiles of its parts.
    arms = arms_of(name)
    whole = [figure for figure in expected_of(name) if figure.arm not in arms]
    totals = [figure for figure in whole if figure.statistic in ("mean", "sd", "share")]
    missed = [misses(f, *values_of(name, f), slack=2 * rounding(f)) for f in totals]
    assert not list(filter(None, missed))


@pytest.mark.parametrize("name", NAMES)
def test_all_figures_of_a_published_table_count_as_stated(name: str) -> None:
    assert {variable.provenance for variable in cohort_of(name)[0].variables} == {"stated"}
