"""Scores of all that is compared, on every cohort and split."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from tests.benchmarks.fidelity.cohorts import SPLITS, Cohort
from tests.benchmarks.fidelity.contenders import Source
from tests.benchmarks.fidelity.kept import scored

Scores: TypeAlias = dict[str, dict[str, list[dict[str, float]]]]
"""By generator and cohort: one dictionary of metrics for each split."""


def measure(found: Iterable[Cohort], sources: Mapping[str, Source], kept: Path) -> Scores:
    """Score each generator on the cohorts that it knows, cohort by cohort.

    What has been scored before is looked up in the folder `kept`.
    """
    from threadpoolctl import threadpool_limits

    results: Scores = {name: {} for name in sources}
    for cohort in found:
        splits = [cohort.split(seed) for seed in SPLITS]
        for name, source in sources.items():
            start = time.perf_counter()
            if generator := source(cohort):
                with threadpool_limits(1):  # on tables this small, several threads mostly wait
                    results[name][cohort.name] = [
                        scored(cohort, cohort.tables(split, generator(cohort, split)), kept)
                        for split in splits
                    ]
                seconds = time.perf_counter() - start
                print(f"{cohort.name}: {name} ({seconds:.1f} s)", file=sys.stderr, flush=True)
    return results
