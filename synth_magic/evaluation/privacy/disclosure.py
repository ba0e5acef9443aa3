"""What the synthetic patients tell about a real one of whom some variables are known.

Whoever knows the keys of a real training patient looks up the synthetic rows with the same keys,
and takes a sensitive value from one of them at random: the share of right values is the correct
attribution probability, CAP. Real rows held out, as many as there are synthetic ones, show what
real patients tell of each other, which no data that are of use can hide.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_magic.evaluation.privacy.rows import MISSING, Places, patterns, places
from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.tables import Field, Tables, some

SAMPLE = 1_000
"""The most rows on each side: SDMetrics goes through them one by one."""

BINS = 5
"""Numbers and dates are cut into so many parts of about as many real training rows each."""

_HOW = (
    "Known are the keys; missing is a value of its own, and numbers are cut into fifths of the"
    f" real training rows. Of at most {SAMPLE:,} rows, drawn at random."
)
CAP = Metric(
    "CategoricalCAP",
    "privacy",
    1,
    "SDMetrics' CategoricalCAP: how often a sensitive value of a real training row, taken from a"
    f" random synthetic row with the same keys, is wrong; rows without such are left out. {_HOW}",
)
DISCLOSURE = Metric(
    "Disclosure",
    "privacy",
    -1,
    "How far the keys lead to the sensitive value, beyond what its distribution among the synthetic"
    " rows gives away: 0 is no further, 1 is always to the right value, below 0 they mislead."
    f" {_HOW}",
)


def scores(
    tables: Tables, *, keys: Sequence[str] = (), sensitive: Sequence[str] = (), seed: int = 0
) -> Iterator[Score]:
    """Yield both metrics of each sensitive variable; nothing without keys or sensitive ones."""
    if not keys:
        return
    fields = {field.name: field for field in tables.fields}
    for name in sensitive:
        known = [fields[key] for key in keys if key in fields and key != name]
        if name in fields and known:
            yield from _of(tables, known, fields[name], seed)
        else:
            why = "no key variable to know it by" if name in fields else "no such variable"
            yield from (Score(metric, np.nan, of=name, why=why) for metric in (CAP, DISCLOSURE))


def _of(tables: Tables, keys: list[Field], sensitive: Field, seed: int) -> Iterator[Score]:
    number = min(len(tables.synthetic), len(tables.test) or SAMPLE, SAMPLE)
    frames = [
        some(tables.train, SAMPLE, seed),
        some(tables.synthetic, number, seed),
        some(tables.test, number, seed),
    ]
    known = [
        pd.DataFrame({key.name: level(tables, key, frame) for key in keys}) for frame in frames
    ]
    real, synthetic, test = (
        pd.DataFrame({"key": key, "sensitive": level(tables, sensitive, frame)})
        for key, frame in zip(patterns(known), frames, strict=True)
    )
    found, expected = attack(synthetic, real), attack(test, real)
    unlike = "no real training row has the keys of a synthetic one"
    why = unlike if np.isnan(found.protection) else ""
    yield Score(CAP, found.protection, expected.protection, sensitive.name, why)
    why = why or ("only one value" if np.isnan(found.disclosure) else "")
    yield Score(DISCLOSURE, found.disclosure, expected.disclosure, sensitive.name, why)


@dataclass(frozen=True, slots=True)
class Attack:
    """How often a sensitive value is wrong: from rows with the same keys, and from any row."""

    protection: float
    baseline: float

    @property
    def disclosure(self) -> float:
        """The share of the baseline's errors that the keys put right, NaN if it makes none."""
        return 1 - self.protection / self.baseline if self.baseline > 0 else np.nan


def attack(synthetic: pd.DataFrame, real: pd.DataFrame) -> Attack:
    """Return what comes of rows of a `key` and a `sensitive` value; NaN if no keys agree.

    SDMetrics' own DisclosureProtection takes for a baseline a guess that is as good for a rare
    value as for a common one; knowing the distribution alone, one does better.
    """
    from sdmetrics.single_table import CategoricalCAP

    alike = real[real["key"].isin(synthetic["key"])]
    if alike.empty:
        return Attack(np.nan, np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SDMetrics calls its metrics of this family deprecated
        protection = CategoricalCAP.compute(
            alike, synthetic, key_fields=["key"], sensitive_fields=["sensitive"]
        )
    shares = synthetic["sensitive"].value_counts(normalize=True)
    return Attack(float(protection), float(1 - alike["sensitive"].map(shares).fillna(0.0).mean()))


def level(tables: Tables, field: Field, frame: pd.DataFrame) -> Places:
    """Return codes by their place, and numbers and dates by their fifth of the training rows."""
    if field.kind == "code":
        return places(field, frame[field.name])
    values = frame[field.name].to_numpy(dtype=np.float64)
    known = tables.train[field.name].dropna()
    if known.empty:
        return np.where(np.isnan(values), MISSING, 0)
    cuts = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1]))
    return np.where(np.isnan(values), MISSING, np.digitize(values, cuts))
