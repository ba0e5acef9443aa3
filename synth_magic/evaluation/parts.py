"""The metrics in parts: each is announced, and one that fails takes no other with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TypeAlias

from synth_magic.errors import SettingError
from synth_magic.evaluation import privacy, utility
from synth_magic.evaluation.fidelity import correlations, detection, missing, shapes, trends
from synth_magic.evaluation.roles import Roles
from synth_magic.evaluation.score import Score
from synth_magic.evaluation.tables import Tables

Scores: TypeAlias = Callable[[Tables, int], Iterable[Score]]
"""Figures of tables; the number is a seed for what is drawn at random."""

_LIBRARIES = ("sdmetrics", "sklearn", "statsmodels")


@dataclass(frozen=True, slots=True)
class Part:
    """Some metrics under one name."""

    name: str
    scores: Scores


def parts(roles: Roles) -> tuple[Part, ...]:
    """Return all metrics, in the order of a report; those of utility if there is a target."""
    always = (
        Part("distributions", lambda tables, _: shapes.scores(tables)),
        Part("pairs of variables", lambda tables, _: trends.scores(tables)),
        Part("rank correlations", lambda tables, _: correlations.scores(tables)),
        Part("detection", lambda tables, seed: detection.scores(tables, seed=seed)),
        Part("missing values", lambda tables, _: missing.scores(tables)),
        Part("privacy", lambda tables, seed: privacy.scores(
            tables, keys=roles.keys, sensitive=roles.sensitive, seed=seed)),
    )  # fmt: skip
    if not roles.target:
        return always
    return (*always, Part("utility", lambda tables, seed: utility.scores(
        tables, target=roles.target, seed=seed)))  # fmt: skip


def check_libraries() -> None:
    """Raise SettingError if a library of the metrics is not installed."""
    if not all(map(find_spec, _LIBRARIES)):
        raise SettingError(
            "comparing with real patients needs SDMetrics, scikit-learn and statsmodels: pip "
            "install 'synth_magic[evaluate]' (SDMetrics takes no pandas 3 yet, so pandas 2 comes "
            "with it)"
        )
