"""The metrics in parts: each is announced, and one that fails takes no other with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TypeAlias, get_args

from synth_magic.errors import SettingError, did_you_mean
from synth_magic.evaluation import privacy, utility
from synth_magic.evaluation.fidelity import correlations, detection, missing, shapes, trends
from synth_magic.evaluation.roles import Roles, names
from synth_magic.evaluation.score import Group, Score
from synth_magic.evaluation.tables import Tables

Scores: TypeAlias = Callable[[Tables, int], Iterable[Score]]
"""Figures of tables; the number is a seed for what is drawn at random."""

GROUPS: tuple[str, ...] = get_args(Group)

_LIBRARIES = ("sdmetrics", "sklearn", "statsmodels")


@dataclass(frozen=True, slots=True)
class Part:
    """Some metrics of a group under one name."""

    group: Group
    name: str
    scores: Scores


def parts(roles: Roles, only: str | Iterable[str] = ()) -> tuple[Part, ...]:
    """Return the metrics of some groups, or of all, in the order of a report.

    Those of utility need a target. Raises SettingError for a group that does not exist, and where
    nothing is left to compare.
    """
    wanted = set(names(only, "only"))
    if unknown := sorted(wanted - set(GROUPS)):
        near = did_you_mean(unknown[0], GROUPS)
        raise SettingError(f"only {unknown[0]!r} means nothing{near}; write {', '.join(GROUPS)}")
    if wanted == {"utility"} and not roles.target:
        raise SettingError("utility needs a target: the column that a model shall predict")
    every = (
        Part("fidelity", "distributions", lambda tables, _: shapes.scores(tables)),
        Part("fidelity", "pairs of variables", lambda tables, _: trends.scores(tables)),
        Part("fidelity", "rank correlations", lambda tables, _: correlations.scores(tables)),
        Part("fidelity", "detection", lambda tables, seed: detection.scores(tables, seed=seed)),
        Part("fidelity", "missing values", lambda tables, _: missing.scores(tables)),
        Part("privacy", "privacy", lambda tables, seed: privacy.scores(
            tables, keys=roles.keys, sensitive=roles.sensitive, seed=seed)),
        Part("utility", "utility", lambda tables, seed: utility.scores(
            tables, target=roles.target, seed=seed)),
    )  # fmt: skip
    possible = set(GROUPS) if roles.target else {"fidelity", "privacy"}
    chosen = (wanted or possible) & possible
    return tuple(part for part in every if part.group in chosen)


def check_libraries() -> None:
    """Raise SettingError if a library of the metrics is not installed."""
    if not all(map(find_spec, _LIBRARIES)):
        raise SettingError(
            "comparing with real patients needs SDMetrics, scikit-learn and statsmodels: pip "
            "install 'synth_magic[evaluate]' (SDMetrics takes no pandas 3 yet, so pandas 2 comes "
            "with it)"
        )
