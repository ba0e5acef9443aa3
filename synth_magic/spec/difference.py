"""What changes, by meaning, from one specification to another, told in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from synth_magic.spec.edits import PERCENT, WORDS, stated_of
from synth_magic.spec.model import By, Fact, Formula, Identifier, Marginal, MeanSD, Shares, Variable
from synth_magic.spec.spike_rules import knots
from synth_magic.spec.text import figure, shown

if TYPE_CHECKING:
    from synth_magic.spec.cohort import CohortSpec

Value: TypeAlias = float | str | None  # None: does not stand in this specification
Figures: TypeAlias = dict[str, Value]  # what stands in a specification, by its name in words
About: TypeAlias = Literal["cohort", "variable", "pair", "missing group", "rule", "fact"]

_WORDS = {**WORDS, "low": "lower bound", "high": "upper bound"}
_DIGITS = 4
_NAMED: tuple[About, ...] = ("missing group", "rule", "fact")


@dataclass(frozen=True, slots=True)
class Change:
    """One field or figure before and after; None where it did not or does not stand.

    `part` is what it belongs to, by its name: a variable, a pair `a - b`, a rule; it is empty for
    the title and the population.
    """

    about: About
    part: str
    figure: str
    before: Value
    after: Value

    @property
    def path(self) -> str:
        """The part and the figure, in words."""
        name = f"{self.about} {self.part}" if self.about in _NAMED else self.part
        return f"{name}: {self.figure}" if name else self.figure

    def __str__(self) -> str:
        before, after = figures_told(self.before, self.after)
        if self.before is None or self.after is None:
            value, word = (after, "new") if self.before is None else (before, "gone")
            return " ".join(filter(None, [self.path, value, f"({word})"]))
        return f"{self.path} {before} -> {after}"


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference of two specifications; false where they mean the same.

    `added` and `removed` name variables; `reordered` says whether the columns that stayed changed
    places; `unchanged` counts the variables that stayed as they were. `stated` are the figures that
    facts say otherwise than before, where the change of figures is to be told in short.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    reordered: bool
    changes: tuple[Change, ...]
    unchanged: int
    stated: tuple[Change, ...] = ()

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

    def brief(self, most: int = 6) -> str:
        """Return one line: of each variable or pair its most telling figure, before and after: one
        that is newly stated, if there is one.

        New variables and those that are gone come first, then the largest changes, `most` in all.
        What is worded otherwise, or differs by less than anyone would see, counts as unchanged.
        """
        from synth_magic.spec.brief import brief

        return brief(self, most)


def diff(before: CohortSpec, after: CohortSpec) -> Difference:
    """Return what changes from `before` to `after`.

    The order of associations, of a pair's names, of rules and facts, the version and the order of
    drawing do not matter.
    """
    old = {variable.name: variable for variable in before.variables}
    new = {variable.name: variable for variable in after.variables}
    kept = [name for name in old if name in new]
    changes = list(_compared("cohort", "", _heading(before), _heading(after)))
    unchanged = 0
    for name in kept:
        in_detail = old[name].marginal.kind == new[name].marginal.kind
        figures = _variable(old[name], in_detail), _variable(new[name], in_detail)
        own = list(_compared("variable", name, *figures))
        unchanged += not own
        changes += own
    first, second = _relations(before), _relations(after)
    for part in first | second:
        changes += _within(part, first.get(part, {}), second.get(part, {}))
    return Difference(
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        reordered=kept != [name for name in new if name in old],
        changes=tuple(changes),
        unchanged=unchanged,
        stated=tuple(_newly_stated(before, after)),
    )


def _newly_stated(before: CohortSpec, after: CohortSpec) -> Iterator[Change]:
    """Yield the figures of facts that are new, with what the earlier specification says of them."""
    facts = {fact.figure: fact.value for fact in before.facts}
    known = {variable.name for variable in before.variables}
    for fact in after.facts:
        if fact.statistic == "direction" or facts.get(fact.figure) == fact.value:
            continue
        if fact.variable not in known:
            continue
        was = facts.get(fact.figure, _stands(before, fact))
        if fact.other_variable:
            part = " - ".join(sorted((fact.variable, fact.other_variable)))
            yield Change("pair", part, "Spearman", was, fact.value)
            continue
        if was is not None:
            was = round(
                was, max(_places(before.variable(fact.variable), fact), _written(fact.value))
            )
        yield Change("variable", fact.variable, stated_of(fact), was, fact.value)


def _stands(spec: CohortSpec, fact: Fact) -> float | None:
    """Return what a specification itself says of the figure of a fact, if it does."""
    if fact.other_variable:
        pair = {fact.variable, fact.other_variable}
        return next((a.spearman for a in spec.associations if {a.a, a.b} == pair), None)
    variable = spec.variable(fact.variable)
    if fact.statistic == "missing":
        return None if fact.within else variable.missing
    marginal: Marginal | None = variable.marginal
    if fact.within and isinstance(marginal, By):
        about = (fact.within.variable,), (fact.within.code,)
        cells = {(marginal.parents, cell.levels): cell.marginal for cell in marginal.cells}
        marginal = cells.get(about)
    if isinstance(marginal, Shares):
        return next((each.share for each in marginal.shares if each.code == fact.code), None)
    names = {"min": ("min", "low"), "max": ("max", "high")}.get(fact.statistic, (fact.statistic,))
    return next(
        (value for name in names if (value := getattr(marginal, name, None)) is not None), None
    )


def _places(variable: Variable, fact: Fact) -> int:
    if fact.statistic in PERCENT:
        return _DIGITS
    return variable.decimals if variable.type == "continuous" else 0


def _written(value: float) -> int:
    text = figure(value)
    return len(text.partition(".")[2]) if "e" not in text else 0


def _within(part: tuple[About, str], before: Figures, after: Figures) -> list[Change]:
    """Return the changes of one part; of a part that is new or gone only its first figure."""
    changes = list(_compared(*part, before, after))
    return changes if before and after else changes[:1]


def _compared(about: About, part: str, before: Figures, after: Figures) -> Iterator[Change]:
    for name in before | after:
        old, new = before.get(name), after.get(name)
        if isinstance(old, int | float) and isinstance(new, int | float):
            same = math.isclose(old, new, rel_tol=1e-9)
        else:
            same = old == new
        if not same:
            yield Change(about, part, name, old, new)


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


def _relations(spec: CohortSpec) -> dict[tuple[About, str], Figures]:
    parts: dict[tuple[About, str], Figures] = {}
    for pair in spec.associations:
        parts["pair", " - ".join(sorted((pair.a, pair.b)))] = {
            "Spearman": pair.spearman,
            "basis": shown(pair.basis),
            "provenance": pair.provenance,
        }
    for group in spec.missing_groups:
        parts["missing group", group.name] = {
            "fraction": group.fraction,
            "variables": ", ".join(sorted(group.variables)),
            "only when": shown(group.only_when),
        }
    for rule in spec.rules:
        parts["rule", rule.expression] = {"reason": shown(rule.reason)}
    for fact in spec.facts:
        about = " - ".join(filter(None, [fact.variable, fact.other_variable]))
        words = [fact.statistic, fact.code, "of", about]
        if fact.within:
            words += ["within", fact.within.variable, fact.within.code]
        figures = parts.setdefault(("fact", shown(fact.quote)), {})
        figures[" ".join(filter(None, words))] = fact.value
    return parts


def figures_told(before: Value, after: Value, times: float = 1) -> tuple[str, str]:
    """Return both values in words; of long numbers the decimals that show what changed."""
    numbers = [value * times for value in (before, after) if isinstance(value, int | float)]
    places = 0
    if numbers:
        moved = abs(numbers[0] - numbers[-1]) or abs(numbers[0])
        first_two_digits = max(0, 1 - math.floor(math.log10(moved))) if moved else 0
        places = max(_decimals(number, first_two_digits) for number in numbers)
    return _told(before, times, places), _told(after, times, places)


def _decimals(value: float, of_long: int) -> int:
    """Return how many decimals a number has, `of_long` at most if it has more than four digits."""
    text = figure(value)
    decimals = len(text.partition(".")[2]) if "e" not in text else 0
    long = len(text.strip("-0.").replace(".", "")) > _DIGITS
    return min(decimals, of_long) if long else decimals


def _told(value: Value, times: float = 1, places: int | None = None) -> str:
    if not isinstance(value, int | float):
        return value or ""
    text = figure(value * times)
    return text if places is None or "e" in text else f"{value * times:.{places}f}"
