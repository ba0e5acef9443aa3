"""Synthetic and real patients, as a user gives them, to columns of one form."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from synth_magic.errors import EvaluationError, SettingError, did_you_mean
from synth_magic.evaluation.forms import in_unicode
from synth_magic.evaluation.kinds import (
    HELD_OUT,
    REAL,
    SYNTHETIC,
    Column,
    NotComparedError,
    read_column,
)
from synth_magic.evaluation.likeness import remarks_on, the_same_twice
from synth_magic.evaluation.tables import Field
from synth_magic.spec import CohortSpec
from synth_magic.spec.text import listed, shown

FEWEST_ROWS = 30
FEWEST_HELD_OUT = 10

_ARGUMENTS = {SYNTHETIC: "synthetic", REAL: "real", HELD_OUT: "holdout"}


@dataclass(frozen=True, slots=True)
class Patients:
    """What is compared: tables of the same columns in one form, as `Tables` describes it.

    `left_out` says of each column that is not compared why, `remarks` what else to know.
    """

    fields: tuple[Field, ...]
    synthetic: pd.DataFrame
    real: pd.DataFrame
    holdout: pd.DataFrame | None
    left_out: Mapping[str, str]
    remarks: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(field.name for field in self.fields)

    @property
    def rows(self) -> int:
        """The number of rows of all tables together."""
        return sum(len(f) for f in (self.synthetic, self.real, self.holdout) if f is not None)


def read(
    synthetic: pd.DataFrame,
    real: pd.DataFrame,
    holdout: pd.DataFrame | None = None,
    *,
    codes: Collection[str] = (),
    leave_out: Collection[str] = (),
    spec: CohortSpec | None = None,
) -> Patients:
    """Return the columns that the tables share, in the order of the synthetic ones.

    A column is what `spec` says that it is, else what it holds: text, categories, booleans, numbers
    of one or two values, and the columns named in `codes` are codes; other numbers are numbers;
    datetimes and text that holds nothing but ISO dates are dates. Identifiers, free text and what
    has no values are left out. Codes that few real patients have and no synthetic one are made one.
    No argument is changed.

    Raises SettingError for what is no DataFrame, EvaluationError for tables that cannot be
    compared. No message holds a value of a real patient.
    """
    tables = {SYNTHETIC: _checked(synthetic, SYNTHETIC), REAL: _checked(real, REAL)}
    if holdout is not None:
        tables[HELD_OUT] = _checked(holdout, HELD_OUT)
    variables = {variable.name: variable for variable in spec.variables} if spec else {}
    left_out = dict(_not_in_all(tables))
    for name in leave_out:
        if any(name in frame.columns for frame in tables.values()):
            left_out[name] = f"{shown(name)} is left out as you asked."
    columns: list[Column] = []
    for name in tables[SYNTHETIC].columns.difference(list(left_out), sort=False):
        parts = {table: frame[name] for table, frame in tables.items()}
        try:
            columns.append(read_column(name, parts, variables.get(name), as_code=name in codes))
        except NotComparedError as reason:
            left_out[name] = f"{shown(name)} is left out: {reason}."
        except Exception as error:  # of pandas; its words may hold a patient's value
            kind = type(error).__name__
            left_out[name] = f"{shown(name)} is left out: it cannot be read ({kind})."
    if not columns:
        why = list(left_out.values()) or ["there is none."]
        raise EvaluationError("\n  ".join(["no column can be compared:", *why]))
    read = {table: _joined(columns, table) for table in tables}
    remarks = [remark for column in columns for remark in remarks_on(column)]
    return Patients(
        fields=tuple(column.field for column in columns),
        synthetic=read[SYNTHETIC],
        real=read[REAL],
        holdout=read.get(HELD_OUT),
        left_out=left_out,
        remarks=(*the_same_twice(read), *remarks),
    )


def _checked(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return a frame with names of text, or raise for what cannot be compared."""
    if not isinstance(frame, pd.DataFrame):
        raise SettingError(f"{_ARGUMENTS[table]} must be a DataFrame, not {type(frame).__name__}")
    least = FEWEST_HELD_OUT if table == HELD_OUT else FEWEST_ROWS
    if len(frame) < least:
        raise EvaluationError(
            f"{table} are {len(frame)}, too few to compare; it takes at least {least}"
        )
    names = pd.Index([in_unicode(str(name)) for name in frame.columns])
    twice = list(names[names.duplicated()].unique())
    if twice:
        raise EvaluationError(
            f"{table} have two columns of one name: {listed(twice)}; give each its own"
        )
    return frame.set_axis(names, axis="columns")


def _not_in_all(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str]]:
    """Give each column that some table lacks, with a sentence."""
    names = dict.fromkeys(name for frame in tables.values() for name in frame.columns)
    for name in names:
        having = [table for table, frame in tables.items() if name in frame.columns]
        lacking = [table for table in tables if table not in having]
        if lacking:
            others = [
                other
                for table in lacking
                for other in tables[table].columns
                if not all(other in tables[there].columns for there in having)
            ]
            where = f"only in {having[0]}" if len(having) == 1 else f"not in {lacking[0]}"
            yield name, f"{shown(name)} is {where}{did_you_mean(name, others)}."


def _joined(columns: Collection[Column], table: str) -> pd.DataFrame:
    return pd.DataFrame({column.field.name: column.parts[table] for column in columns})
