"""Synthetic patients beside real ones: every metric over repeated splits of the real ones."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from synth_magic.errors import SettingError
from synth_magic.evaluation.doubts import cut, doubts, untold
from synth_magic.evaluation.parts import Part, check_libraries, parts
from synth_magic.evaluation.reading import Patients, read
from synth_magic.evaluation.report.report import Report
from synth_magic.evaluation.result import Result, Setup
from synth_magic.evaluation.roles import Roles
from synth_magic.evaluation.score import Metric, Score
from synth_magic.evaluation.splits import MOST_ROWS, checked_splits, splits_of
from synth_magic.spec import CohortSpec

STOPPED = "stopped; nothing was compared to the end"


@dataclass(frozen=True, slots=True)
class Step:
    """What is about to be done, in words, after `done` of `of` steps."""

    done: int
    of: int
    doing: str

    def __str__(self) -> str:
        return f"{self.doing}, {self.done + 1} of {self.of}"


Watch: TypeAlias = Callable[[Step], None]


def unwatched(_: Step) -> None:
    """Watch nothing."""


def evaluate(
    synthetic: pd.DataFrame,
    real: pd.DataFrame,
    *,
    holdout: pd.DataFrame | None = None,
    target: str | None = None,
    keys: str | Iterable[str] = (),
    sensitive: str | Iterable[str] = (),
    codes: str | Iterable[str] = (),
    leave_out: str | Iterable[str] = (),
    only: str | Iterable[str] = (),
    spec: CohortSpec | None = None,
    splits: int = 5,
    seed: int = 0,
    made_by: str = "",
    watch: Watch = unwatched,
) -> Report:
    """Return how synthetic patients compare with real ones; see `synth_magic.evaluate`.

    `spec` says what the columns are; `made_by` is a sentence on what made the synthetic patients.
    An interrupt ends it at once.
    """
    check_libraries()
    wanted = checked_splits(splits)
    roles = Roles.of(target, keys=keys, sensitive=sensitive, codes=codes, leave_out=leave_out)
    every = parts(roles, only)
    if not (spec is None or isinstance(spec, CohortSpec)):
        raise SettingError(f"spec must be a CohortSpec, not {type(spec).__name__}")
    try:
        patients = read(
            synthetic, real, holdout, codes=roles.codes, leave_out=roles.leave_out, spec=spec
        )
        roles.check(patients.columns, patients.left_out)
        number = 1 if holdout is not None else wanted
        found = list(_compared(patients, every, number, seed, watch))
    except KeyboardInterrupt:
        raise KeyboardInterrupt(STOPPED) from None
    first = next(splits_of(patients, number, seed))
    tables = (first.synthetic, first.train, first.test)
    setup = Setup(
        synthetic=len(synthetic),
        real=len(real),
        columns=patients.columns,
        splits=number,
        seed=seed,
        held_out=0 if holdout is None else len(holdout),
        used=MOST_ROWS if sum(map(len, tables)) < patients.rows else 0,
        target=roles.target,
        keys=roles.keys,
        sensitive=roles.sensitive,
        made_by=made_by,
        left_out=tuple(patients.left_out.values()),
        remarks=(
            *doubts(synthetic, real, spec, patients.columns, held_out=holdout is not None),
            *cut(roles.target, first),
            *_failures(found),
            *patients.remarks,
            *(() if only else untold(roles.target, roles.keys)),
        ),
    )
    return Report(_results(found), setup, first)


@dataclass(frozen=True, slots=True)
class _Failure:
    """A part that a library did not bring to an end; of the error its type alone is told."""

    part: str
    error: str


def _compared(
    patients: Patients, every: tuple[Part, ...], splits: int, seed: int, watch: Watch
) -> Iterator[Score | _Failure]:
    """Give the figures of all splits."""
    of = splits * len(every)
    for split, tables in enumerate(splits_of(patients, splits, seed)):
        at_random = int(np.random.SeedSequence([seed, split]).generate_state(1)[0])
        where = f"split {split + 1} of {splits}: " if splits > 1 else ""
        for place, part in enumerate(every):
            watch(Step(split * len(every) + place, of, where + part.name))
            try:
                yield from part.scores(tables, at_random)
            except Exception as error:  # of a library; its words may hold a patient's values
                yield _Failure(part.name, type(error).__name__)


def _results(found: Iterable[Score | _Failure]) -> tuple[Result, ...]:
    """Return the scores of the splits gathered, in the order in which they first came."""
    gathered: dict[tuple[Metric, str], list[Score]] = {}
    for score in found:
        if isinstance(score, Score):
            gathered.setdefault((score.metric, score.of), []).append(score)
    return tuple(_result(metric, of, scores) for (metric, of), scores in gathered.items())


def _result(metric: Metric, of: str, scores: list[Score]) -> Result:
    values = tuple(score.value for score in scores if not math.isnan(score.value))
    reals = tuple(score.real for score in scores if not math.isnan(score.real))
    why = "" if values else next((score.why for score in scores if score.why), "")
    return Result(metric, of, values, reals, why)


def _failures(found: Iterable[Score | _Failure]) -> Iterator[str]:
    """Say which parts failed, and in how many splits."""
    times = Counter(failure for failure in found if isinstance(failure, _Failure))
    for failure, count in times.items():
        splits = "split" if count == 1 else "splits"
        yield (
            f"The part on {failure.part} failed in {count} {splits} ({failure.error}); figures "
            "of it are missing."
        )
