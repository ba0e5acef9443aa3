"""Frames to files: CSV or Parquet, with a sidecar that says what made them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import chain, count
from os.path import lexists
from pathlib import Path
from typing import Any

import pandas as pd

from synth_magic.engines.answer import Origin
from synth_magic.engines.rows.written import Written
from synth_magic.errors import FileError, SettingError, did_you_mean
from synth_magic.frame import DEFAULT_ROWS, Cohort
from synth_magic.spec import CohortSpec
from synth_magic.spec.files import read_text, replacing
from synth_magic.spec.marks import ATTRS_KEY

FORMATS = (".csv", ".parquet")
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_BESIDE = ".synthetic.json"
_NO_PYARROW = "Parquet needs pyarrow: pip install 'synth_magic[parquet]'"


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


def read_patients(path: str | Path) -> pd.DataFrame:
    """Read patients from a CSV or Parquet file; those that were written here carry their cohort.

    Raises SettingError for another ending, FileError, and SpecificationError for a record beside
    the file that is not valid.
    """
    source = Path(path)
    ending = source.suffix.lower()
    if ending not in FORMATS:
        near = did_you_mean(ending, FORMATS)
        raise SettingError(f"{source.name}: read from a name ending in .csv or .parquet{near}")
    frame = _from_csv(source) if ending == ".csv" else _from_parquet(source)
    frame.attrs = {}  # what else wrote into a file has no say
    if (beside := _beside(source)).exists():
        record = read(beside)
        if record.origin is not None:
            cohort = Cohort(record.spec, record.seed, record.rows, record.origin, record.written)
            frame.attrs[ATTRS_KEY] = json.dumps(cohort.to_dict(), ensure_ascii=False)
    return frame


def free(path: Path) -> Path:
    """Return a path if nothing stands there or beside it, else the next: `name-2.csv` and so on."""
    stem, dot, endings = path.name.partition(".")
    names = chain([path.name], (f"{stem}-{number}{dot}{endings}" for number in count(2)))
    paths = (path.with_name(name) for name in names)
    return next(p for p in paths if not (lexists(p) or lexists(_beside(p))))


@dataclass(frozen=True, slots=True)
class Record:
    """What makes patients again; `origin` is None where that is not known.

    `written` are the patients themselves, where a model wrote them.
    """

    spec: CohortSpec
    rows: int = DEFAULT_ROWS
    seed: int = 0
    origin: Origin | None = None
    written: Written | None = None


def read(path: str | Path) -> Record:
    """Read a specification, or the record beside a file.

    Raises FileError, or SpecificationError for what is neither.
    """
    text = read_text(Path(path))
    try:
        record = json.loads(text)
    except ValueError:
        record = None
    if isinstance(record, dict) and record.get("synthetic") is True and "spec" in record:
        spec = CohortSpec.from_dict(record["spec"])
        rows, seed = record.get("rows", DEFAULT_ROWS), record.get("seed", 0)
        return Record(spec, rows, seed, _origin(record), _written(record))
    if isinstance(record, dict) and "exchanges" in record:
        raise FileError(
            f"{str(path)!r} is a recorded answer: it is replayed for its description by the engine "
            "'recorded'"
        )
    return Record(CohortSpec.from_json(text))


def _beside(path: Path) -> Path:
    return path.with_name(path.name + _BESIDE)


def _origin(record: dict[str, Any]) -> Origin | None:
    """Return what the record says of its making, if that can be read."""
    try:
        return Origin.from_dict(record["origin"])
    except (KeyError, TypeError):
        return None


def _written(record: dict[str, Any]) -> Written | None:
    try:
        return Written.from_dict(record["written"])
    except (KeyError, TypeError):
        return None


def _from_csv(path: Path) -> pd.DataFrame:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:  # a path is never an address
            frame = pd.read_csv(file, low_memory=False)
    except UnicodeDecodeError as error:
        raise FileError(f"cannot read {str(path)!r}: it is no UTF-8 text") from error
    except OSError as error:
        raise FileError(f"cannot read {str(path)!r}: {(error.strerror or '').lower()}") from error
    except ValueError as error:  # of the parser
        words = " ".join(str(error).split())
        raise FileError(f"cannot read {str(path)!r}: it is no CSV: {words}") from error
    if len(frame.columns) == 1 and (found := set(frame.columns[0]) & set(_OTHER_SEPARATORS)):
        separator = _OTHER_SEPARATORS[found.pop()]
        raise FileError(f"cannot read {str(path)!r}: {separator} part its columns; write commas")
    return frame


def _from_parquet(path: Path) -> pd.DataFrame:
    try:
        with path.open("rb") as file:
            return pd.read_parquet(file)
    except ImportError as error:
        raise FileError(f"{_NO_PYARROW}, or read a .csv") from error
    except OSError as error:
        words = error.strerror or "it is no Parquet file"
        raise FileError(f"cannot read {str(path)!r}: {words.lower()}") from error
    except ValueError as error:
        raise FileError(f"cannot read {str(path)!r}: it is no Parquet file") from error


def _to_parquet(frame: pd.DataFrame, path: Path) -> None:
    try:
        frame.to_parquet(path, index=False)
    except ImportError as error:
        raise FileError(f"{_NO_PYARROW}, or write a .csv") from error
