"""Frames to files: CSV or Parquet, with a sidecar that says what made them."""

from __future__ import annotations

import json
from itertools import chain, count
from os.path import lexists
from pathlib import Path
from typing import Any

import pandas as pd

from synth_magic.engines.answer import Origin
from synth_magic.errors import FileError, SettingError, did_you_mean
from synth_magic.frame import DEFAULT_ROWS, Cohort
from synth_magic.spec import CohortSpec
from synth_magic.spec.files import read_text, replacing

FORMATS = (".csv", ".parquet")
_BESIDE = ".synthetic.json"


def write(frame: pd.DataFrame, path: str | Path) -> tuple[Path, Path]:
    """Write the patients and, beside them, `NAME.synthetic.json`; return both paths.

    The sidecar holds specification, seed, number of rows, version and engine, says that the
    patients are synthetic, and whether they are as drawn or were changed since. Neither file is
    ever there half written.

    Raises SettingError for an ending that is neither .csv nor .parquet and for a frame that was
    not made here, FileError where it cannot be written.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in FORMATS:
        near = did_you_mean(ending, FORMATS)
        raise SettingError(f"{target.name}: write to a name ending in .csv or .parquet{near}")
    sidecar = _beside(target)
    cohort = Cohort.of(frame)
    record = {**cohort.to_dict(), "as_drawn": frame.equals(pd.DataFrame(cohort.frame()))}
    with replacing(target) as data, replacing(sidecar) as beside:
        if ending == ".csv":
            frame.to_csv(data, index=False)
        else:
            _to_parquet(frame, data)
        beside.write_text(json.dumps(record, indent=1, ensure_ascii=False), encoding="utf-8")
    return target, sidecar


def free(path: Path) -> Path:
    """Return a path if nothing stands there or beside it, else the next: `name-2.csv` and so on."""
    stem, dot, endings = path.name.partition(".")
    names = chain([path.name], (f"{stem}-{number}{dot}{endings}" for number in count(2)))
    paths = (path.with_name(name) for name in names)
    return next(p for p in paths if not (lexists(p) or lexists(_beside(p))))


def read(path: str | Path) -> tuple[CohortSpec, int, int, Origin | None]:
    """Read a specification, or the record beside a file: specification, rows, seed and origin.

    Raises FileError, or SpecificationError for what is neither.
    """
    text = read_text(Path(path))
    try:
        record = json.loads(text)
    except ValueError:
        record = None
    if isinstance(record, dict) and record.get("synthetic") is True and "spec" in record:
        spec = CohortSpec.from_dict(record["spec"])
        return spec, record.get("rows", DEFAULT_ROWS), record.get("seed", 0), _origin(record)
    if isinstance(record, dict) and "exchanges" in record:
        raise FileError(
            f"{str(path)!r} is a recorded answer: it is replayed for its description by the engine "
            "'recorded'"
        )
    return CohortSpec.from_json(text), DEFAULT_ROWS, 0, None


def _beside(path: Path) -> Path:
    return path.with_name(path.name + _BESIDE)


def _origin(record: dict[str, Any]) -> Origin | None:
    """Return what the record says of its making, if that can be read."""
    try:
        return Origin.from_dict(record["origin"])
    except (KeyError, TypeError):
        return None


def _to_parquet(frame: pd.DataFrame, path: Path) -> None:
    try:
        frame.to_parquet(path, index=False)
    except ImportError as error:
        raise FileError(
            "Parquet needs pyarrow: pip install 'synth_magic[parquet]', or write a .csv"
        ) from error
