"""Scores of every generator on every cohort and split; those of the baselines are kept."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from synth_magic.evaluation import fidelity, tables
from tests.benchmarks.fidelity import cohorts, generators, scores
from tests.benchmarks.fidelity.answers import specification
from tests.benchmarks.fidelity.cohorts import SPLITS, Cohort, Split
from tests.benchmarks.fidelity.generators import BASELINES, from_specification
from tests.benchmarks.fidelity.scores import score

Scores: TypeAlias = dict[str, dict[str, list[dict[str, float]]]]
"""By generator and cohort: one dictionary of metrics for each split."""

LIBRARIES = ("sdv", "copulas", "rdt", "sdmetrics", "scikit-learn", "scipy", "pandas", "numpy")
CODE = (
    *(Path(module.__file__) for module in (cohorts, generators, scores, tables)),
    *sorted(Path(fidelity.__file__).parent.glob("*.py")),
)


def measure(
    found: Iterable[Cohort],
    answers: Mapping[str, Path | None],
    baselines: Iterable[str],
    kept: Path,
) -> Scores:
    """Score each folder of answers and each baseline, cohort by cohort.

    A cohort that none of the folders knows is left out.
    """
    baselines = list(baselines)
    results: Scores = {name: {} for name in (*answers, *baselines)}
    for cohort in found:
        specs = {name: specification(cohort, folder) for name, folder in answers.items()}
        if not any(specs.values()):
            continue
        splits = [cohort.split(seed) for seed in SPLITS]
        for name, spec in specs.items():
            if spec is not None:
                _say(cohort, name)
                results[name][cohort.name] = [
                    score(cohort.tables(split, from_specification(cohort, split, spec)))
                    for split in splits
                ]
        for name in baselines:
            _say(cohort, name)
            results[name][cohort.name] = [_baseline(cohort, split, name, kept) for split in splits]
    return results


def _baseline(cohort: Cohort, split: Split, name: str, kept: Path) -> dict[str, float]:
    """Return the scores of a baseline: those of an earlier run, if nothing has changed since."""
    path = kept / f"{_fingerprint(cohort, split, name)}.json"
    if not path.exists():
        found = score(cohort.tables(split, BASELINES[name](cohort, split)))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(found), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def _fingerprint(cohort: Cohort, split: Split, name: str) -> str:
    """Return a name for all that a baseline's scores depend on: data, libraries and this code."""
    digest = hashlib.sha256(repr((name, split.seed, cohort.variables)).encode())
    for frame in (split.train, split.test):
        digest.update(pd.util.hash_pandas_object(frame).to_numpy().tobytes())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}".encode())
    for path in CODE:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _say(cohort: Cohort, generator: str) -> None:
    print(f"{cohort.name}: {generator}", file=sys.stderr, flush=True)
