"""What tells the patients of one specification from real ones: figures of groups, for its author.

Of a trained generator, the variables' scores are shown beside it. What a specification gets wrong
is read off all real patients, none of whom it has seen, and a large sample of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import pandas as pd

import synth_magic as sm
from synth_magic.evaluation.fidelity.correlations import correlation_errors
from synth_magic.evaluation.fidelity.shapes import column_shapes
from synth_magic.evaluation.tables import Tables
from tests.benchmarks.fidelity.cohorts import SPLITS, Cohort, Split
from tests.benchmarks.fidelity.contenders import COPULA, REAL_ROWS
from tests.benchmarks.fidelity.generators import Generator, from_specification, real_rows
from tests.benchmarks.fidelity.importances import boosted_importances
from tests.benchmarks.fidelity.report import markdown, short
from tests.benchmarks.fidelity.trained import from_copula

ROWS = 20_000
PAIRS = 15


def detail(cohort: Cohort, name: str, spec: sm.CohortSpec) -> str:
    """Return tables of the variables, the correlations, and what a classifier looks at."""
    large = cohort.conform(sm.sample(spec, rows=ROWS, seed=0))
    errors = _stated(cohort, spec, large)
    parts = [
        f"# {cohort.name}: what tells {name} from real patients",
        "## Variables: KS or total variation complement, mean of the splits",
        _table(_shapes(cohort, name, spec)),
        "## Recorded values: shares in real patients and in ours",
        _table(_recorded(cohort, large)),
        f"## Rank correlations: the {PAIRS} largest errors",
        _table(_correlations(errors)),
        _recalled(cohort, errors),
        "## Boosted trees: by how much the AUC falls when a variable is shuffled",
        _table(_importances(cohort, spec)),
    ]
    return "\n\n".join(parts) + "\n"


def _shapes(cohort: Cohort, name: str, spec: sm.CohortSpec) -> pd.DataFrame:
    """Return the score of each variable by generator, the furthest from real rows first."""
    splits = [cohort.split(seed) for seed in SPLITS]
    makers: dict[str, Generator] = {
        name: partial(from_specification, spec=spec),
        COPULA: from_copula,
        REAL_ROWS: real_rows,
    }
    table = pd.DataFrame(
        {
            generator: sum(column_shapes(cohort.tables(s, make(cohort, s))) for s in splits)
            / len(splits)
            for generator, make in makers.items()
        }
    )
    gap = table.iloc[:, 0] - table.iloc[:, -1]
    return table.assign(gap=gap).sort_values("gap").rename(columns={"gap": "below real rows"})


def _recorded(cohort: Cohort, large: pd.DataFrame) -> pd.DataFrame:
    """Return what betrays how values are recorded: gaps, the commonest value, round numbers."""
    columns = {}
    for who, frame in (("real", cohort.real), ("ours", large)):
        numbers = frame[cohort.numeric]
        columns[f"missing, {who}"] = frame.isna().mean()
        columns[f"commonest value, {who}"] = numbers.apply(
            lambda column: column.value_counts(normalize=True).max()
        )
        columns[f"multiple of 10, {who}"] = (numbers % 10 == 0).sum() / numbers.notna().sum()
    table = pd.DataFrame(columns, index=[variable.name for variable in cohort.variables])
    return table[sorted(table.columns, key=lambda column: column.partition(",")[0])]


def _correlations(errors: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs that are furthest off."""
    worst = errors.nlargest(PAIRS, "error")
    return worst.set_axis(worst.pop("a") + ", " + worst.pop("b"))


def _stated(cohort: Cohort, spec: sm.CohortSpec, large: pd.DataFrame) -> pd.DataFrame:
    """Return the errors of the rank correlations, with what the specification states of each.

    Its sign follows the specification's own order of codes.
    """
    stated = {frozenset((pair.a, pair.b)): pair.spearman for pair in spec.associations}
    errors = correlation_errors(_beside_all(cohort, large))
    pairs = zip(errors["a"], errors["b"], strict=True)
    errors.insert(2, "stated", [stated.get(frozenset(pair)) for pair in pairs])
    return errors


def _recalled(cohort: Cohort, errors: pd.DataFrame) -> str:
    """Say whether an answer knows more than the population: the very sample."""
    stated = errors[errors["stated"].notna()]
    noise = math.sqrt(2 / math.pi) * (1 - stated["real"] ** 2) / math.sqrt(len(cohort.real))
    return (
        f"The {len(stated)} correlations stated are {short(stated['error'].mean())} from those of "
        "these patients; one who knew the population exactly, but not this sample, would be about "
        f"{short(noise.mean())} away. Much less than that is a sample known by heart."
    )


def _importances(cohort: Cohort, spec: sm.CohortSpec) -> pd.DataFrame:
    ours = cohort.conform(sm.sample(spec, rows=len(cohort.real), seed=0))
    auc, importances = boosted_importances(_beside_all(cohort, ours))
    falls = importances.sort_values(ascending=False)
    return pd.DataFrame({f"of {short(auc)}": falls[falls > 0.001]})


def _beside_all(cohort: Cohort, frame: pd.DataFrame) -> Tables:
    """Return the patients beside all real ones."""
    return cohort.tables(Split(seed=0, train=cohort.real, test=cohort.real), frame)


def _table(frame: pd.DataFrame) -> str:
    rows: list[Sequence[str]] = [
        [str(name), *("" if pd.isna(value) else short(float(value)) for value in row)]
        for name, row in zip(frame.index, frame.to_numpy(), strict=True)
    ]
    return "\n".join(markdown(["", *frame.columns], rows))
