"""A report as JSON: figures and what was compared, and no patient."""

from __future__ import annotations

import math
import platform
from collections.abc import Iterable
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from synth_magic import __version__
from synth_magic.evaluation.report.readings import reading
from synth_magic.evaluation.result import Result, Setup

LIBRARIES = ("numpy", "pandas", "scipy", "scikit-learn", "sdmetrics", "statsmodels")


def record(results: Iterable[Result], setup: Setup) -> dict[str, Any]:
    """Return everything that a report says; what is not a number is None."""
    return {
        "report": "synthetic patients compared with real patients",
        "synthetic": {"patients": setup.synthetic, "made_by": setup.made_by},
        "real": {"patients": setup.real, "held_out": setup.held_out},
        "setup": {name: _plain(value) for name, value in asdict(setup).items()},
        "results": [_result(result) for result in results],
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """Return the versions of what did the arithmetic."""
    return {
        "synth_magic": __version__,
        "python": platform.python_version(),
        **{name: _version(name) for name in LIBRARIES},
    }


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"


def _result(result: Result) -> dict[str, Any]:
    metric = result.metric
    return {
        "group": metric.group,
        "metric": metric.name,
        "meaning": metric.meaning,
        "better": metric.better,
        "of": result.of,
        "synthetic": {
            "mean": _finite(result.mean),
            "sd": _finite(result.sd),
            "splits": [_finite(value) for value in result.values],
        },
        "real": {
            "mean": _finite(result.real),
            "splits": [_finite(value) for value in result.reals],
        },
        "reading": reading(result),
        "why": result.why,
    }


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
