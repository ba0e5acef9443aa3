"""The report of a comparison with real patients."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from synth_magic.errors import FileError, SettingError, did_you_mean
from synth_magic.evaluation.report import page, summary
from synth_magic.evaluation.report.plain import plain
from synth_magic.evaluation.report.plots.sheet import Picture
from synth_magic.evaluation.report.readings import reading
from synth_magic.evaluation.report.record import record
from synth_magic.evaluation.result import Result, Setup
from synth_magic.evaluation.tables import Tables
from synth_magic.spec.files import replacing

NO_PATIENTS = (
    "The pictures need the patients, which a copy of a report does not hold: compare them again."
)


@dataclass(frozen=True, eq=False, repr=False)
class Report:
    """How synthetic patients compare with real ones. Print it, or let a notebook show it.

    `tables` are those of the first split, in memory for the pictures alone: no patient is in what
    a report shows, writes or is pickled to.
    """

    results: tuple[Result, ...]
    setup: Setup
    tables: Tables | None = None

    def __repr__(self) -> str:
        return plain(self.results, self.setup)

    def __reduce__(self) -> tuple[Any, ...]:
        return Report, (self.results, self.setup)

    @property
    def summary(self) -> str:
        """The dozen lines that matter most."""
        return "\n".join(summary.lines(self.results))

    def table(self) -> pd.DataFrame:
        """Return a row for each figure.

        `group` and `metric` name it, `of` says what of the table is meant (empty: the whole),
        `synthetic` and `sd` are mean and standard deviation over the splits, `real` is the mean of
        the same figure of real patients in the place of the synthetic ones, `reading` says it in
        words.
        """
        columns = ["group", "metric", "of", "synthetic", "sd", "real", "reading"]
        rows = [
            (r.metric.group, r.metric.name, r.of, r.mean, r.sd, r.real, reading(r))
            for r in self.results
        ]
        return pd.DataFrame(rows, columns=columns)

    def plot(self, name: str) -> Picture:
        """Return a picture: "marginals", "correlations", "pairs", "distances" or "coefficients".

        A notebook shows it, `.png` holds it. No single real patient can be read in it. Raises
        SettingError for another name, where there is nothing to draw, and for a copy of a report.
        """
        from synth_magic.evaluation.report.plots.pictures import PICTURES

        if name not in PICTURES:
            known = ", ".join(map(repr, PICTURES))
            near = did_you_mean(str(name), PICTURES)
            raise SettingError(f"there is no plot {str(name)[:60]!r}{near}; the plots are {known}")
        if self.tables is None:
            raise SettingError(NO_PATIENTS)
        picture = PICTURES[name](self.tables, self.setup.target)
        if picture is None:
            raise SettingError(f"these patients have nothing to draw for {name!r}")
        return picture

    def to_dict(self) -> dict[str, Any]:
        """Return everything that the report says, for JSON: what has no figure is None."""
        return record(self.results, self.setup)

    def to_json(self) -> str:
        """Return everything that the report says as JSON."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False, allow_nan=False)

    def to_html(self) -> str:
        """Return a part of a page that needs nothing else: figures, readings, pictures."""
        note = "" if self.tables else NO_PATIENTS
        return page.page(self.results, self.setup, self._pictures(), note)

    def _repr_html_(self) -> str:
        return self.to_html()

    def _pictures(self) -> Iterator[Picture]:
        from synth_magic.evaluation.report.plots.pictures import PICTURES

        if self.tables is not None:
            for draw in PICTURES.values():
                if (picture := draw(self.tables, self.setup.target)) is not None:
                    yield picture

    def write(self, path: str | Path) -> Path:
        """Write a page (.html) or all figures (.json), and return the path.

        The file is there whole or not at all. Raises SettingError for another ending, FileError
        where it cannot be written.
        """
        target = checked_path(path)
        is_page = target.suffix.lower() == ".html"
        text = page.document(self.to_html(), self.setup) if is_page else self.to_json()
        with replacing(target) as file:
            file.write_text(text, encoding="utf-8")
        return target


def checked_path(path: str | Path, *endings: str) -> Path:
    """Return a path that a report can be written to; raise SettingError or FileError."""
    target, allowed = Path(path), endings or (".html", ".json")
    if target.suffix.lower() not in allowed:
        near = did_you_mean(target.suffix, allowed)
        raise SettingError(f"{target.name}: write to a name ending in {' or '.join(allowed)}{near}")
    if target.is_dir() or not target.parent.is_dir():
        why = "is a directory" if target.is_dir() else "no such file or directory"
        raise FileError(f"cannot write {str(target)!r}: {why}")
    return target
