"""Real cohorts to be measured against: a folder each, split into what a generator may learn from
and what it is scored on.

A folder holds `description.txt` and `variables.csv`, all that a specification may rest on, and
`real.csv`, which only scores and generators trained on data see. `meta.json`, if there is one, says
what a study would ask of the variables.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from synth_magic.evaluation.tables import Field, Tables

SPLITS = range(5)
TRAINED = 0.7

ORDINAL = frozenset(
    {"education", "general_health", "depressed", "differentiation", "extent", "st_slope"}
)
"""Categorical variables whose codes `variables.csv` lists in order; it does not say which."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A column: its type, and the codes it may hold (none for a number)."""

    name: str
    type: str
    codes: tuple[str, ...] = ()

    @property
    def field(self) -> Field:
        """What the metrics ask to know of it."""
        kind = "code" if self.codes else "number"
        return Field(self.name, kind, self.codes, ordered=self.name in ORDINAL)


@dataclass(frozen=True, slots=True)
class Roles:
    """What a study would ask of the variables.

    An outcome to predict, what gives it away and may not be looked at, what someone may know of a
    patient, and what they would guess from it.
    """

    target: str = ""
    leaks: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Roles:
        """Read the roles; there are none without a file."""
        if not path.exists():
            return cls()
        known = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            known["target"],
            tuple(known["leak_fields"]),
            tuple(known["key_fields"]),
            (known["sensitive_field"],),
        )


@dataclass(frozen=True, slots=True)
class Split:
    """Patients to learn from, and patients to be scored on."""

    seed: int
    train: pd.DataFrame
    test: pd.DataFrame


@dataclass(frozen=True)
class Cohort:
    """Real patients and what is known of their variables."""

    name: str
    variables: tuple[Variable, ...]
    folder: Path

    @classmethod
    def read(cls, folder: Path) -> Cohort:
        """Read what describes a cohort; the patients follow when they are asked for."""
        table = pd.read_csv(folder / "variables.csv", dtype=str, keep_default_na=False)
        variables = tuple(
            Variable(row.name_, row.type, tuple(_codes(row.categories)))
            for row in table.rename(columns={"name": "name_"}).itertuples()
        )
        return cls(folder.name, variables, folder)

    @cached_property
    def real(self) -> pd.DataFrame:
        """All real patients."""
        text = pd.read_csv(self.folder / "real.csv", dtype=str, keep_default_na=False)
        return self.conform(text.replace("", None))

    @cached_property
    def roles(self) -> Roles:
        """What a study would ask of the variables."""
        return Roles.read(self.folder / "meta.json")

    @property
    def numeric(self) -> list[str]:
        """The names of the numeric variables."""
        return [variable.name for variable in self.variables if not variable.codes]

    @property
    def coded(self) -> list[str]:
        """The names of the variables that hold codes."""
        return [variable.name for variable in self.variables if variable.codes]

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the variables in one form for all generators: numbers as floats, codes as text.

        A missing value is NaN or None.
        """
        if absent := [v.name for v in self.variables if v.name not in frame]:
            raise SystemExit(f"{self.name}: there is no column {', '.join(absent)}")
        columns = {}
        for variable in self.variables:
            column = frame[variable.name].reset_index(drop=True)
            if variable.codes:
                column = column.astype(object)
                columns[variable.name] = column.map(str, na_action="ignore").where(
                    column.notna(), None
                )
            else:
                columns[variable.name] = column.astype("float64")
        return pd.DataFrame(columns)

    def split(self, seed: int) -> Split:
        """Return 70 % to learn from and 30 % to be scored on, at random."""
        order = np.random.default_rng(seed).permutation(len(self.real))
        cut = round(TRAINED * len(order))
        train, test = self.real.iloc[order[:cut]], self.real.iloc[order[cut:]]
        return Split(seed, train.reset_index(drop=True), test.reset_index(drop=True))

    def tables(self, split: Split, synthetic: pd.DataFrame) -> Tables:
        """Return synthetic patients beside a split's real ones, as the metrics take them."""
        fields = tuple(variable.field for variable in self.variables)
        return Tables(fields, synthetic, split.train, split.test)


def _codes(categories: str) -> list[str]:
    return [part.partition("=")[0].strip() for part in categories.split(";") if part.strip()]


def read_cohorts(folder: Path) -> list[Cohort]:
    """Read every cohort of a folder, in the order of their names."""
    found = sorted(path.parent for path in folder.glob("*/variables.csv"))
    if not found:
        raise SystemExit(f"{folder} holds no cohorts: folders with variables.csv and real.csv")
    return [Cohort.read(path) for path in found]
