"""Parts of the cohorts that nobody has published, from `subgroups.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from tests.benchmarks.fidelity.cohorts import Cohort

_FILE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Subgroup(Cohort):
    """The patients of a cohort that a query selects, described by one more sentence."""

    where: str
    sentence: str

    @cached_property
    def real(self) -> pd.DataFrame:
        """The real patients of the subgroup."""
        chosen = pd.read_csv(self.folder / "real.csv").query(self.where).index
        text = pd.read_csv(self.folder / "real.csv", dtype=str, keep_default_na=False)
        return self.conform(text.loc[chosen].replace("", None))


def subgroups(cohorts: Iterable[Cohort]) -> Iterator[Subgroup]:
    """Yield the subgroups of these cohorts."""
    by_name = {cohort.name: cohort for cohort in cohorts}
    for name, entry in tomllib.loads(_FILE.read_text(encoding="utf-8")).items():
        if whole := by_name.get(entry["of"]):
            part = entry["where"], entry["sentence"]
            yield Subgroup(name, whole.variables, whole.folder, *part)
