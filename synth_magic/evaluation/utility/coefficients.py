"""The same regression fitted to synthetic and to real patients: odds ratios side by side."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.tables import Field, Tables
from synth_magic.evaluation.utility.target import MOST_ROWS, NO_OUTCOME, Outcome, outcome
from synth_magic.sampling.grid import Floats

_HOW = (
    "Of a logistic regression of the target on all other variables, fitted to synthetic patients"
    f" and, beside it, to real training rows; at most {MOST_ROWS:,} of each."
)
COEFFICIENT = Metric(
    "Coefficient",
    "utility",
    0,
    "The log odds ratio: of a number per standard deviation of the real training rows, of a code"
    " against the first. A missing number becomes the mean, and a missing value of any kind has a"
    f" term of its own. {_HOW}",
)
WITHIN = Metric(
    "Coefficients within the real interval",
    "utility",
    1,
    "The share of the coefficients that lie in the 95% interval of the same coefficient of the"
    f" real training rows; beside it, that of real rows held out. {_HOW}",
)

COLUMNS = ["variable", "synthetic", "low", "high", "real", "real low", "real high"]

NOT_ESTIMATED = (
    "not estimated: too few patients of one kind, always the same outcome, or it follows from other"
    " variables"
)
NOTHING_TO_SHARE = "no coefficient could be estimated in both tables"

_VAGUE = 10.0
"""A standard error of a log odds ratio that only comes of infinite estimates."""


@dataclass(frozen=True, slots=True)
class Term:
    """A column of the regression: a number (no `code`), a code, or that the value is missing."""

    field: Field
    code: str = ""
    missing: bool = False

    @property
    def name(self) -> str:
        """What the term is called in tables."""
        if self.missing:
            return f"{self.field.name} missing"
        return f"{self.field.name} = {self.code}" if self.code else self.field.name

    def values(self, tables: Tables, frame: pd.DataFrame) -> Floats:
        """Return the column for the rows of a frame, without missing values."""
        column = frame[self.field.name]
        if self.missing:
            return np.asarray(column.isna(), dtype=np.float64)
        if self.code:
            return np.asarray(column == self.code, dtype=np.float64)
        train = tables.train[self.field.name]
        scaled = (column - train.mean()) / (train.std() or 1.0)
        return np.asarray(scaled.fillna(0.0), dtype=np.float64)


def coefficients(tables: Tables, target: str) -> pd.DataFrame:
    """Return the odds ratios with 95% intervals of both regressions, one term a row.

    A term that either table cannot tell from the others (a code that it lacks, a sum of other
    variables) is left out of both regressions, so that they stay the same; its odds ratios are NaN,
    and so are those that are infinite. Rows whose target is missing are left out.
    """
    event = outcome(tables, target)
    return _compare(tables, event) if event else pd.DataFrame(columns=COLUMNS)


def scores(tables: Tables, event: Outcome | None) -> Iterator[Score]:
    """Yield each coefficient, and the share within the intervals of the real ones."""
    if event is None:
        yield Score(WITHIN, np.nan, why=NO_OUTCOME)
        return
    ratios = _compare(tables, event)
    logs = np.log(ratios[["synthetic", "real"]].to_numpy(dtype=np.float64))
    for name, (value, real) in zip(ratios["variable"], logs, strict=True):
        why = NOT_ESTIMATED if np.isnan(value) else ""
        yield Score(COEFFICIENT, float(value), float(real), name, why)
    share = _within(ratios)
    expected = _within(_compare(replace(tables, synthetic=tables.test), event))
    yield Score(WITHIN, share, expected, why=NOTHING_TO_SHARE if np.isnan(share) else "")


def _within(ratios: pd.DataFrame) -> float:
    both = ratios.dropna()
    return float(both["synthetic"].between(both["real low"], both["real high"]).mean())


def _compare(tables: Tables, event: Outcome) -> pd.DataFrame:
    from threadpoolctl import threadpool_limits

    tables = tables.at_most(MOST_ROWS)
    terms = [
        term
        for field in tables.fields
        if field.name != event.target
        for term in _terms(field, tables)
    ]
    known = [
        frame[~np.isnan(event.events(frame))].reset_index(drop=True)
        for frame in (tables.synthetic, tables.train)
    ]
    designs = [
        np.column_stack([np.ones(len(frame)), *(term.values(tables, frame) for term in terms)])
        for frame in known
    ]
    ratios = np.full((len(terms) + 1, 6), np.nan)
    with threadpool_limits(1):  # for tables this small, several threads mostly wait
        kept = independent(designs)
        for first, frame, design in zip((0, 3), known, designs, strict=True):
            found = odds_ratios(event.events(frame), design[:, kept])
            ratios[kept, first : first + 3] = found
    table = pd.DataFrame(ratios[1:], columns=COLUMNS[1:])
    table.insert(0, COLUMNS[0], [term.name for term in terms])
    return table


def _terms(field: Field, tables: Tables) -> Iterator[Term]:
    """Yield a number itself, or all codes but the first that both tables have; then the missing."""
    columns = [frame[field.name] for frame in (tables.synthetic, tables.train)]
    if field.kind != "code":
        yield Term(field)
    else:
        seen = [set(column.dropna()) for column in columns]
        first = next((code for code in field.codes if all(code in codes for codes in seen)), None)
        if first is not None:
            others = [code for code in field.codes if code != first]
            yield from (Term(field, code) for code in others if any(code in one for one in seen))
    if any(column.isna().any() for column in columns):
        yield Term(field, missing=True)


def independent(designs: Sequence[Floats]) -> list[int]:
    """Return the columns that follow from no earlier one in any of the tables."""
    from numpy.linalg import matrix_rank, qr

    triangles = [np.asarray(qr(design, mode="r")) for design in designs]  # as dependent, and small
    kept = list(range(designs[0].shape[1]))
    if all(matrix_rank(triangle) == len(kept) for triangle in triangles):
        return kept
    found: list[int] = []
    for column in kept:
        more = [*found, column]
        if all(matrix_rank(triangle[:, more]) == len(more) for triangle in triangles):
            found = more
    return found


def odds_ratios(events: Floats, design: Floats) -> Floats:
    """Return the odds ratio of each column with its 95% interval; NaN where it is infinite.

    A column that goes with one outcome only has an infinite one, and the others are what they are
    in its limit: iterations stop when the deviance does.
    """
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    if len(np.unique(events)) < 2 or not design.size:
        return np.full((design.shape[1], 3), np.nan)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of infinite estimates, which are told apart here
        fitted = GLM(events, design, family=Binomial()).fit()
        ratios = np.exp(np.column_stack([fitted.params, fitted.conf_int()]))
    finite = (fitted.bse < _VAGUE) & fitted.converged
    return np.where(finite[:, None], ratios, np.nan)
