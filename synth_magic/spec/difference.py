"""What changes, by meaning, from one specification to another, told in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from synth_magic.spec.model import By, Formula, Identifier, Marginal, MeanSD, Shares, Variable
from synth_magic.spec.spike_rules import knots
from synth_magic.spec.text import figure, shown

if TYPE_CHECKING:
    from synth_magic.spec.cohort import CohortSpec

Value: TypeAlias = float | str | None  # None: does not stand in this specification
Figures: TypeAlias = dict[str, Value]  # what stands in a specification, by its name in words

_WORDS = {
    "min": "lowest", "low": "lower bound", "p01": "1st percentile", "p05": "5th percentile",
    "p25": "lower quartile", "p50": "median", "p75": "upper quartile", "p95": "95th percentile",
    "p99": "99th percentile", "high": "upper bound", "max": "highest",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One field or figure before and after; None where it did not or does not stand."""

    path: str
    before: Value
    after: Value

    def __str__(self) -> str:
        if self.before is None or self.after is None:
            value, word = (self.after, "new") if self.before is None else (self.before, "gone")
            return " ".join(filter(None, [self.path, _told(value), f"({word})"]))
        places = max(_decimals(self.before), _decimals(self.after))
        return f"{self.path} {_told(self.before, places)} -> {_told(self.after, places)}"


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference of two specifications; false where they mean the same.

    `added` and `removed` name variables; `reordered` says whether the columns that stayed changed
    places; `unchanged` counts the variables that stayed as they were.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    reordered: bool
    changes: tuple[Change, ...]
    unchanged: int

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.reordered or self.changes)

    def __str__(self) -> str:
        if not self:
            return "no difference"
        lines = [f"{name}: new variable" for name in self.added]
        lines += [f"{name}: no longer a variable" for name in self.removed]
        lines += ["the columns changed places"] if self.reordered else []
        lines += map(str, self.changes)
        plural = "s" if self.unchanged != 1 else ""
        return "\n".join([*lines, f"{self.unchanged} variable{plural} unchanged"])


def diff(before: CohortSpec, after: CohortSpec) -> Difference:
    """Return what changes from `before` to `after`.

    The order of associations, of a pair's names, of rules and facts, the version and the order of
    drawing do not matter.
    """
    old = {variable.name: variable for variable in before.variables}
    new = {variable.name: variable for variable in after.variables}
    kept = [name for name in old if name in new]
    changes = list(_compared(_heading(before), _heading(after)))
    unchanged = 0
    for name in kept:
        in_detail = old[name].marginal.kind == new[name].marginal.kind
        own = _within(name, _variable(old[name], in_detail), _variable(new[name], in_detail))
        unchanged += not own
        changes += own
    first, second = _relations(before), _relations(after)
    for name in first | second:
        changes += _within(name, first.get(name, {}), second.get(name, {}))
    return Difference(
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        reordered=kept != [name for name in new if name in old],
        changes=tuple(changes),
        unchanged=unchanged,
    )


def _within(name: str, before: Figures, after: Figures) -> list[Change]:
    """Return the changes of one part; of a part that is new or gone only its first figure."""
    changes = [Change(f"{name}: {c.path}", c.before, c.after) for c in _compared(before, after)]
    return changes if before and after else changes[:1]


def _compared(before: Figures, after: Figures) -> Iterator[Change]:
    for path in before | after:
        old, new = before.get(path), after.get(path)
        if isinstance(old, int | float) and isinstance(new, int | float):
            same = math.isclose(old, new, rel_tol=1e-9)
        else:
            same = old == new
        if not same:
            yield Change(path, old, new)


def _heading(spec: CohortSpec) -> Figures:
    return {"title": shown(spec.title), "population": shown(spec.population)}


def _variable(variable: Variable, in_detail: bool) -> Figures:
    figures: Figures = {
        "type": variable.type,
        "label": shown(variable.label),
        "unit": shown(variable.unit),
        "decimals": float(variable.decimals),
    }
    if in_detail:
        figures |= _marginal(variable.marginal)
    else:
        figures["marginal"] = _summary(variable.marginal)
    figures |= {f"share of {figure(spike.value)}": spike.share for spike in variable.spikes}
    if preference := variable.digit_preference:
        figures[f"share rounded to {figure(preference.nearest)}"] = preference.share
    return figures | {
        "missing": variable.missing,
        "hidden": "yes" if variable.hidden else "no",
        "basis": shown(variable.basis),
        "provenance": variable.provenance,
        "certainty": variable.certainty,
    }


def _marginal(marginal: Marginal) -> Figures:
    match marginal:
        case By(parents=parents):
            figures: Figures = {"by": ", ".join(parents)}
            for cell in marginal.cells:
                where = " and ".join(
                    f"{parent} {level}" for parent, level in zip(parents, cell.levels, strict=True)
                )
                own = {"kind": cell.marginal.kind} | _marginal(cell.marginal)
                figures |= {f"{name} in {where}": value for name, value in own.items()}
            return figures
        case Shares(shares=shares):
            order = ", ".join(share.code for share in shares)
            return {"codes": order} | {f"share of {each.code}": each.share for each in shares}
        case Formula(expression=expression, codes=results):
            codes: Figures = {"codes": ", ".join(results)} if results else {}
            return {"formula": expression} | codes
        case Identifier(pattern=pattern):
            return {"pattern": pattern}
        case _:
            spread: Figures = {}
            if isinstance(marginal, MeanSD):
                spread = {"mean": marginal.mean, "SD": marginal.sd}
            return spread | {_WORDS[name]: value for name, _, value in knots(marginal)}


def _summary(marginal: Marginal) -> str:
    figures = _marginal(marginal)
    if isinstance(marginal, By):
        return f"by {figures['by']}"
    return ", ".join(f"{name} {_told(value)}" for name, value in figures.items())


def _relations(spec: CohortSpec) -> dict[str, Figures]:
    parts: dict[str, Figures] = {}
    for pair in spec.associations:
        parts[" - ".join(sorted((pair.a, pair.b)))] = {
            "Spearman": pair.spearman,
            "basis": shown(pair.basis),
            "provenance": pair.provenance,
        }
    for group in spec.missing_groups:
        parts[f"missing group {group.name}"] = {
            "fraction": group.fraction,
            "variables": ", ".join(sorted(group.variables)),
            "only when": shown(group.only_when),
        }
    for rule in spec.rules:
        parts[f"rule {rule.expression}"] = {"reason": shown(rule.reason)}
    for fact in spec.facts:
        about = " - ".join(filter(None, [fact.variable, fact.other_variable]))
        words = [fact.statistic, fact.code, "of", about]
        if fact.within:
            words += ["within", fact.within.variable, fact.within.code]
        figures = parts.setdefault(f"fact {shown(fact.quote)}", {})
        figures[" ".join(filter(None, words))] = fact.value
    return parts


def _decimals(value: Value) -> int:
    text = figure(value) if isinstance(value, int | float) else ""
    return len(text.partition(".")[2]) if "e" not in text else 0


def _told(value: Value, places: int = 0) -> str:
    if isinstance(value, int | float):
        return f"{value:.{places}f}" if places else figure(value)
    return value or ""
