"""Frames to files: CSV or Parquet, with a sidecar that says what made them."""

from __future__ import annotations

import json
from pathlib import Path

from synth_magic.errors import FileError, SettingError, did_you_mean
from synth_magic.frame import PatientFrame
from synth_magic.spec.files import replacing

FORMATS = (".csv", ".parquet")


def write(frame: PatientFrame, path: str | Path) -> tuple[Path, Path]:
    """Write the patients and, beside them, `NAME.synthetic.json`; return both paths.

    The sidecar holds specification, seed, number of rows, version and engine, and says that
    the patients are synthetic. Neither file is ever there half written.

    Raises SettingError for an ending that is neither .csv nor .parquet, FileError where it cannot
    be written.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in FORMATS:
        near = did_you_mean(ending, FORMATS)
        raise SettingError(f"{target.name}: write to a name ending in .csv or .parquet{near}")
    sidecar = target.with_name(target.name + ".synthetic.json")
    origin = frame.cohort.to_dict()
    with replacing(target) as data, replacing(sidecar) as beside:
        if ending == ".csv":
            frame.to_csv(data, index=False)
        else:
            _to_parquet(frame, data)
        beside.write_text(json.dumps(origin, indent=1, ensure_ascii=False), encoding="utf-8")
    return target, sidecar


def _to_parquet(frame: PatientFrame, path: Path) -> None:
    try:
        frame.to_parquet(path, index=False)
    except ImportError as error:
        raise FileError(
            "Parquet needs pyarrow: pip install 'synth_magic[parquet]', or write a .csv"
        ) from error
