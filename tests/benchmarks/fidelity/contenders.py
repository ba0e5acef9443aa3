"""All that is compared, by name: for each cohort, what draws patients, if it can."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from tests.benchmarks.fidelity.answers import specification
from tests.benchmarks.fidelity.cohorts import Cohort
from tests.benchmarks.fidelity.generators import (
    Generator,
    from_fit,
    from_specification,
    real_rows,
    some_real_rows,
    uninformed,
)
from tests.benchmarks.fidelity.kept import drawn
from tests.benchmarks.fidelity.trained import Training, from_copula, from_ctgan, from_tvae
from tests.benchmarks.fidelity.written import PARTS, ROWS, written

Source: TypeAlias = Callable[[Cohort], Generator | None]

OURS = "ours"
OFFLINE = "offline"
WRITTEN = "rows"
LEARNT = "rows, learnt"

FIT = "fit"
COPULA = "copula"
KERNEL_COPULA = "copula, kernel densities"
CTGAN = "CTGAN"
TVAE = "TVAE"
UNINFORMED = "uninformed"
REAL_ROWS = "real rows"

BASELINES = (FIT, COPULA, KERNEL_COPULA, CTGAN, TVAE, UNINFORMED, REAL_ROWS)
"""What is compared with those that saw no data; all but chance learn from the training part."""

FULL_REQUEST = "full request"
SOME_REAL_ROWS = f"{ROWS} real rows"


def specified(folder: Path | None) -> Source:
    """Return what draws from the answers in a folder; without one, from the offline engine's."""

    def source(cohort: Cohort) -> Generator | None:
        spec = specification(cohort, folder)
        return partial(from_specification, spec=spec) if spec else None

    return source


def as_written(*without: str) -> Source:
    """Return the patients that a model wrote, the same for each split."""

    def source(cohort: Cohort) -> Generator | None:
        patients = written(cohort, *without)
        return None if patients is None else lambda cohort, _: cohort.conform(patients)

    return source


def learnt(cohort: Cohort) -> Generator | None:
    """Return what draws from a specification learnt from the patients that a model wrote."""
    patients = written(cohort)
    return None if patients is None else partial(from_specification, spec=patients.cohort.spec)


def always(generator: Generator) -> Source:
    """Return a generator that needs no answer."""
    return lambda _: generator


def baselines(kept: Path, training: Training, *, kernel: bool = False) -> dict[str, Source]:
    """Return what learns from the training part, chance, and the training part itself."""

    def trained(draw: Generator, **settings: object) -> Source:
        return lambda _: partial(drawn, folder=kept, generator=draw, settings=settings)

    found = {
        FIT: always(from_fit),
        COPULA: trained(from_copula),
        KERNEL_COPULA: trained(from_copula, marginals="gaussian_kde"),
        CTGAN: trained(from_ctgan, training=training),
        TVAE: trained(from_tvae, training=training),
        UNINFORMED: always(uninformed),
        REAL_ROWS: always(real_rows),
    }
    return {name: source for name, source in found.items() if kernel or name != KERNEL_COPULA}


def ablated(cohort: Cohort) -> bool:
    """Whether patients were written of a cohort with some part of the request left out."""
    return any(written(cohort, part) is not None for part in PARTS)


def ablation() -> dict[str, Source]:
    """Return the patients that a model wrote with one part of the request left out at a time."""
    parts = {f"without {part}": as_written(part) for part in PARTS}
    real = always(partial(some_real_rows, rows=ROWS))
    return {FULL_REQUEST: as_written(), **parts, SOME_REAL_ROWS: real}
