"""PatientFrame, a DataFrame that knows its cohort, and Cohort, which can draw it again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any

import pandas as pd

from synth_magic import __version__
from synth_magic.engines.answer import BY_HAND, Origin
from synth_magic.engines.carrying import in_order
from synth_magic.engines.rows.written import Written
from synth_magic.errors import RowsError, SettingError
from synth_magic.evaluation.checks import check, table
from synth_magic.sampling import CompiledCohort, compiled
from synth_magic.sampling import sample as draw
from synth_magic.sampling.edits import edited
from synth_magic.sampling.lately import keep
from synth_magic.sampling.respecified import respecified
from synth_magic.spec import CohortSpec, Fact
from synth_magic.spec.edits import is_edit, named, told
from synth_magic.spec.marks import ATTRS_KEY

DEFAULT_ROWS = 100
SEEDS = 2**63
LARGE_BYTES = 500_000_000
_BYTES_PER_VALUE = 9

LEARNT = "Drawn from a specification learnt from patients that a model wrote. "
"""So begins the origin of others than those that a model wrote itself."""
_AS_A_WHOLE = "the specification as a whole"
_NAMED = 5

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


@dataclass(frozen=True, slots=True, repr=False)
class Cohort:
    """A specification, and the seed and number of rows of the frame it stands for.

    Where a model wrote the patients themselves, `written` holds them, and the specification, learnt
    from them, draws others.
    """

    spec: CohortSpec
    seed: int
    rows: int
    origin: Origin
    written: Written | None = None

    def __repr__(self) -> str:
        shown = sum(not variable.hidden for variable in self.spec.variables)
        title = f": {self.spec.title}" if self.spec.title else ""
        return f"<Cohort of {self.rows:,} rows and {shown:,} columns, seed {self.seed}{title}>"

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
        return cls.from_dict(json.loads(text))

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Cohort:
        """Return the cohort that `to_dict` wrote. Raises SpecificationError."""
        written = document.get("written")
        return cls(
            CohortSpec.from_dict(document["spec"]),
            document["seed"],
            document["rows"],
            Origin.from_dict(document["origin"]),
            Written.from_dict(written) if written else None,
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
            **({"written": self.written.to_dict()} if self.written else {}),
        }

    @property
    def compiled(self) -> CompiledCohort:
        """The specification compiled, with notes on what had to give."""
        return compiled(self.spec)

    def frame(self) -> PatientFrame:
        """Draw the patients: always the same for this specification, seed and number of rows.

        Where a model wrote them, these are the ones that it wrote.
        """
        if self.written is not None:
            patients = PatientFrame(self.written.frame(self.spec.variables))
        else:
            patients = PatientFrame(draw(self.compiled, self.rows, self.seed))
        text = json.dumps(self.to_dict(), ensure_ascii=False)
        patients.attrs[ATTRS_KEY] = text
        keep(_drawn, text, self)
        return patients

    def resample(
        self, rows: int | None = None, seed: int | None = None, *, large: bool = False
    ) -> PatientFrame:
        """Draw other patients of this cohort: the next seed unless one is given.

        Where a model wrote the present ones, these are drawn from what was learnt from them.
        Raises RowsError for a number of rows that cannot be drawn, SettingError for a seed that is
        none.
        """
        columns = len(self.spec.variables)
        wanted = checked_rows(self.rows if rows is None else rows, columns, large=large)
        other = checked_seed((self.seed + 1) % SEEDS if seed is None else seed)
        return Cohort(self.spec, other, wanted, self._learnt().origin).frame()

    def _learnt(self) -> Cohort:
        """Return this cohort without patients whom a model wrote; the origin says so."""
        if self.written is None:
            return self
        return replace(self, origin=of_learnt(self.origin), written=None)

    def edited(self, *facts: Fact) -> Cohort:
        """Return this cohort with figures stated by hand; rows and seed stay.

        `patients.cohort.edited(edit("age", "p50", 71)).frame()` draws them with a median age of 71.
        A figure takes the place of what was stated of the same figure before. A described mean or
        SD that cannot stand beside a quantile gives way, and the remarks of the origin say so.
        Raises SettingError for a figure that its variable cannot have, SamplingError for one that
        it cannot have beside what else is stated.
        """
        spec, before = edited(self.spec, *facts), self._learnt()
        origin = _by_hand(before.origin, spec)
        remarks = (*origin.remarks, *_given_way(self.spec, spec, facts))
        return replace(before, spec=spec, origin=replace(origin, remarks=remarks))

    def respecified(self, spec: CohortSpec) -> Cohort:
        """Return this cohort with another specification in place of its own; rows and seed stay.

        What has other figures than before counts as stated, and earlier facts that these
        contradict are left out. Raises SpecificationError and SamplingError.
        """
        spec.validate()
        meant = in_order(respecified(self.spec, spec), self.spec)
        spec, before = compiled(meant).spec, self._learnt()
        return replace(before, spec=spec, origin=_by_hand(before.origin, spec, _AS_A_WHOLE))

    def as_code(self) -> str:
        """Return Python that makes the patients again, complete on its own."""
        if self.written is not None:
            document = json.dumps(self.to_dict(), indent=1)
            return (
                "import json\n\nimport synth_magic as sm\n\n"
                f'cohort = json.loads(r"""\n{document}\n""")\n'
                "patients = sm.Cohort.from_dict(cohort).frame()\n"
            )
        try:
            checked_rows(self.rows, len(self.spec.variables), large=False)
            large = ""
        except RowsError:
            large = ", large=True"
        # JSON fits in a raw string as it is: it escapes each quote and backslash within its own
        # strings, never has three quotes in a row, and ends with a brace.
        return (
            "import synth_magic as sm\n\n"
            f'spec = sm.CohortSpec.from_json(r"""\n{self.spec.to_json()}""")\n'
            f"patients = sm.sample(spec, rows={self.rows}, seed={self.seed}{large})\n"
        )

    def panel(self) -> None:
        """Show the panel of this cohort in a notebook, and one line of text elsewhere."""
        from IPython.display import display

        display(self)  # type: ignore[no-untyped-call]

    def checks(self, frame: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return stated beside achieved, one figure a row.

        Of `frame` if one is given, else of the cohort's own patients with their hidden variables.
        """
        if frame is None and self.written is not None:
            frame = self.frame()
        elif frame is None:
            frame = draw(self.compiled, self.rows, self.seed, hidden=True)
        return table(check(self.compiled, frame))

    def facts(self, frame: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return the checks of what the user stated."""
        checks = self.checks(frame)
        return checks[checks["kind"] == "fact"].drop(columns="kind")


def of_learnt(origin: Origin) -> Origin:
    """Return the origin of patients that are drawn from what was learnt from written ones."""
    return replace(origin, summary=LEARNT + origin.summary)


def _by_hand(origin: Origin, spec: CohortSpec, what: str = "") -> Origin:
    """Return an origin that says once what was edited by hand."""
    made, _, since = origin.summary.partition(BY_HAND)
    whole = [_AS_A_WHOLE] if what or _AS_A_WHOLE in since else []
    names = [named(fact) for fact in spec.facts if is_edit(fact)]
    more = [f"and {len(names) - _NAMED} more"] if len(names) > _NAMED else []
    said = ", ".join([*whole, *names[:_NAMED], *more])
    return replace(origin, summary=f"{made}{BY_HAND}{said}.")


def _given_way(before: CohortSpec, after: CohortSpec, edits: Iterable[Fact]) -> Iterator[str]:
    """Say which earlier facts are gone without another value in their place."""
    figures = {fact.figure for fact in after.facts}
    said = ", ".join(map(told, edits))
    for fact in before.facts:
        if fact.figure not in figures:
            yield f"{told(fact)} (“{fact.quote}”) gave way to what was stated by hand: {said}."


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
