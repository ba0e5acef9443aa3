"""PatientFrame, a DataFrame that knows its cohort, and Cohort, which can draw it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import pandas as pd

from synth_magic import __version__
from synth_magic.engines.answer import Origin
from synth_magic.errors import RowsError, SettingError
from synth_magic.evaluation.checks import check, table
from synth_magic.sampling import CompiledCohort, compiled
from synth_magic.sampling import sample as draw
from synth_magic.sampling.lately import keep
from synth_magic.spec import CohortSpec

ATTRS_KEY = "synth_magic"
"""The one key in `df.attrs`: a JSON string with specification, seed, rows and origin."""

DEFAULT_ROWS = 100
SEEDS = 2**63
LARGE_BYTES = 500_000_000
_BYTES_PER_VALUE = 9

_drawn: dict[str, Cohort] = {}


class PatientFrame(pd.DataFrame):
    """Synthetic patients: a DataFrame to every library, with `.cohort` to draw them again.

    Whatever is derived from it (`head()`, a merge, a pickle) is a plain DataFrame.
    """

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return pd.DataFrame

    def __reduce__(self) -> Any:
        plain = pd.DataFrame(self)
        plain.attrs = dict(self.attrs)
        return plain.__reduce__()

    @property
    def cohort(self) -> Cohort:
        """The cohort that these patients were drawn from, rebuilt from `attrs`."""
        return Cohort.of(self)


@dataclass(frozen=True, slots=True)
class Cohort:
    """A specification, and the seed and number of rows of the frame it stands for."""

    spec: CohortSpec
    seed: int
    rows: int
    origin: Origin

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Cohort:
        """Rebuild the cohort of a frame, or of a copy or a file of it that kept `attrs`.

        Raises SettingError for a frame that was not made here.
        """
        text = frame.attrs.get(ATTRS_KEY)
        if text is None:
            raise SettingError(
                "this frame carries no cohort: it was not made here, or its attrs are gone"
            )
        if text in _drawn:
            return _drawn[text]
        data = json.loads(text)
        return cls(
            CohortSpec.from_dict(data["spec"]),
            data["seed"],
            data["rows"],
            Origin.from_dict(data["origin"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything that makes the frame again, for JSON; says that it is synthetic."""
        return {
            "synthetic": True,
            "version": __version__,
            "seed": self.seed,
            "rows": self.rows,
            "origin": self.origin.to_dict(),
            "spec": self.spec.to_dict(),
        }

    @property
    def compiled(self) -> CompiledCohort:
        """The specification compiled, with notes on what had to give."""
        return compiled(self.spec)

    def frame(self) -> PatientFrame:
        """Draw the patients: always the same for this specification, seed and number of rows."""
        patients = PatientFrame(draw(self.compiled, self.rows, self.seed))
        text = json.dumps(self.to_dict(), ensure_ascii=False)
        patients.attrs[ATTRS_KEY] = text
        keep(_drawn, text, self)
        return patients

    def resample(
        self, rows: int | None = None, seed: int | None = None, *, large: bool = False
    ) -> PatientFrame:
        """Draw other patients of this cohort: the next seed unless one is given.

        Raises RowsError for a number of rows that cannot be drawn, SettingError for a seed that is
        none.
        """
        columns = len(self.spec.variables)
        wanted = checked_rows(self.rows if rows is None else rows, columns, large=large)
        other = checked_seed((self.seed + 1) % SEEDS if seed is None else seed)
        return Cohort(self.spec, other, wanted, self.origin).frame()

    def checks(self, frame: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return stated beside achieved, one figure a row.

        Of `frame` if one is given, else of the cohort's own patients with their hidden variables.
        """
        if frame is None:
            frame = draw(self.compiled, self.rows, self.seed, hidden=True)
        return table(check(self.compiled, frame))

    def facts(self, frame: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return the checks of what the user stated."""
        checks = self.checks(frame)
        return checks[checks["kind"] == "fact"].drop(columns="kind")


def checked_rows(rows: int, columns: int, *, large: bool) -> int:
    """Return a number of rows of so many columns.

    Raises RowsError for more than fits easily in memory, unless `large` allows it.
    """
    number = checked_count(rows)
    size = number * columns * _BYTES_PER_VALUE
    if size > LARGE_BYTES and not large:
        raise RowsError(
            f"{number:,} rows of {columns} columns take about {size / 1e9:.1f} GB of memory; "
            "allow it with large=True (--large in a cell or on the command line)"
        )
    return number


def checked_count(rows: int) -> int:
    """Return a number of rows, or raise RowsError for what is none."""
    number = _whole(rows)
    if number is None or number < 1:
        raise RowsError(f"rows must be a whole number of at least 1, not {rows!r}")
    return number


def checked_seed(seed: int) -> int:
    """Return a seed, or raise SettingError for what is none."""
    number = _whole(seed)
    if number is None or not 0 <= number < SEEDS:
        raise SettingError(f"seed must be a whole number from 0 to 2^63 - 1, not {seed!r}")
    return number


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, Integral):
        return None
    return int(value)
