"""What takes long is kept for the next run, as long as nothing that it depends on has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pandas as pd

from synth_magic.evaluation import fidelity, privacy, tables, utility
from synth_magic.evaluation.tables import Tables
from tests.benchmarks.fidelity import scores, trained
from tests.benchmarks.fidelity.cohorts import Cohort, Roles, Split

_ALL = ("numpy", "pandas")
_TRAINERS = (*_ALL, "copulas", "ctgan", "rdt", "sdv", "torch")
_METRICS = (*_ALL, "scikit-learn", "scipy", "sdmetrics", "statsmodels")


def _fingerprint(*parts: object) -> str:
    """Return a name for the parts: of a table its values, of a file what stands in it."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, pd.DataFrame):
            digest.update(repr(list(part.columns)).encode())
            digest.update(pd.util.hash_pandas_object(part).to_numpy().tobytes())
        elif isinstance(part, Path):
            digest.update(part.read_bytes())
        else:
            digest.update(repr(part).encode())
    return digest.hexdigest()[:32]


def _code(part: ModuleType) -> str:
    """Return a fingerprint of what gives a part of the scores, read when it is imported."""
    files = sorted(Path(part.__file__).parent.glob("*.py"))
    libraries = map(version, _METRICS)
    return _fingerprint(*libraries, Path(tables.__file__), Path(scores.__file__), *files)


_SCORED: Mapping[Callable[[Tables, Roles], dict[str, float]], str] = {
    scores.fidelity: _code(fidelity),
    scores.privacy: _code(privacy),
    scores.utility: _code(utility),
}


def scored(cohort: Cohort, found: Tables, folder: Path) -> dict[str, float]:
    """Return the scores of synthetic patients: those of an earlier run, if they are the same."""
    frames = (found.synthetic, found.train, found.test, found.synthetic is found.train)
    key = _fingerprint(found.fields, cohort.roles, *frames)
    figures: dict[str, float] = {}
    for part, code in _SCORED.items():
        path = folder / f"{part.__name__}-{_fingerprint(key, code)}.json"
        if not path.exists():
            text = json.dumps(part(found, cohort.roles))
            _write(path, lambda new, text=text: new.write_text(text, encoding="utf-8"))
        figures |= json.loads(path.read_text(encoding="utf-8"))
    return figures


def drawn(
    cohort: Cohort,
    split: Split,
    *,
    folder: Path,
    generator: Callable[..., pd.DataFrame],
    settings: Mapping[str, object],
) -> pd.DataFrame:
    """Return the patients of a generator that is slow to train: those of an earlier run, if any."""
    code = (*map(version, _TRAINERS), Path(trained.__file__))
    named = (_fingerprint(*code), generator.__name__, settings, split.seed)
    path = folder / f"patients-{_fingerprint(*named, cohort.variables, split.train)}.parquet"
    if not path.exists():
        _write(path, generator(cohort, split, **settings).to_parquet)
    return cohort.conform(pd.read_parquet(path))


def _write(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    write(new)
    new.replace(path)
