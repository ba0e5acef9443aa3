"""Facts win: make a specification say what the user stated, whatever an engine answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from synth_magic.errors import SamplingError
from synth_magic.sampling import adjust
from synth_magic.sampling.numeric import NumericMarginal, Recording, solve
from synth_magic.sampling.table import codes_of
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.intervals import interval_text, parse_interval
from synth_magic.spec.model import (
    CODED_TYPES,
    NUMERIC_TYPES,
    QUANTILE_LEVELS,
    Association,
    By,
    Cell,
    Fact,
    Formula,
    Identifier,
    Shares,
    SimpleMarginal,
    Variable,
)

ASSUMED_SPEARMAN = 0.3
"""Size given to an association of which only the direction was stated."""

Levels = tuple[str, ...]


def honour(spec: CohortSpec) -> CohortSpec:
    """Return the specification with its facts in place; doing it twice changes nothing more.

    Facts on a formula or an identifier cannot be imposed: the checks show them.
    """
    if not spec.facts:
        return spec
    by_name = {v.name: v for v in spec.variables}
    for name in dict.fromkeys(fact.variable for fact in spec.facts):
        facts = [fact for fact in spec.facts if fact.variable == name]
        if not isinstance(by_name[name].marginal, Formula | Identifier):
            by_name[name] = _with_facts(by_name[name], facts, by_name)
    associations = _with_correlations(spec.associations, spec.facts, by_name)
    return replace(
        spec,
        variables=tuple(by_name[v.name] for v in spec.variables),
        associations=associations,
    )


def _with_correlations(
    associations: Iterable[Association], facts: Iterable[Fact], by_name: Mapping[str, Variable]
) -> tuple[Association, ...]:
    pairs = {frozenset((a.a, a.b)): a for a in associations}
    for fact in facts:
        key = frozenset((fact.variable, fact.other_variable))
        if fact.statistic == "spearman":
            pairs[key] = Association(
                fact.variable, fact.other_variable, fact.value, f"“{fact.quote}”", "stated"
            )
        elif fact.statistic == "direction":
            size = pairs[key].spearman * fact.value if key in pairs else 0.0
            if size < 0.05:
                basis = f"direction stated (“{fact.quote}”), size assumed"
                pairs[key] = Association(
                    fact.variable, fact.other_variable, ASSUMED_SPEARMAN * fact.value, basis
                )
    return tuple(pairs.values())


def _with_facts(
    variable: Variable, facts: Sequence[Fact], by_name: Mapping[str, Variable]
) -> Variable:
    shown = [f for f in facts if f.statistic not in ("missing", "spearman", "direction")]
    for fact in facts:
        if fact.statistic == "missing" and fact.within is None:
            variable = replace(variable, missing=fact.value)
    if not shown:
        return variable
    cells = _Cells(variable, by_name)
    for fact in shown:
        if fact.within is not None:
            cells.split_by(fact.within.variable, fact.within.code)
    coded = variable.type in CODED_TYPES
    cells.state([f for f in shown if f.within is not None], coded=coded)
    cells.state([f for f in shown if f.within is None], coded=coded)
    return replace(variable, marginal=cells.marginal(), provenance="stated")


class _Cells:
    """The marginals of one variable by the levels of its parents, while facts are put in."""

    def __init__(self, variable: Variable, by_name: Mapping[str, Variable]) -> None:
        self._variable, self._by_name = variable, by_name
        self._recording = Recording(
            0 if variable.type != "continuous" else variable.decimals,
            variable.type != "continuous",
            variable.spikes,
            variable.digit_preference,
        )
        marginal = variable.marginal
        self._parents: Levels = marginal.parents if isinstance(marginal, By) else ()
        self._cells: dict[Levels, SimpleMarginal] = (
            {cell.levels: cell.marginal for cell in marginal.cells}
            if isinstance(marginal, By)
            else {(): marginal}  # type: ignore[dict-item]
        )
        self._held: dict[str, set[Levels]] = {}

    def marginal(self) -> By | SimpleMarginal:
        """Return the marginal with all facts in."""
        if not self._parents:
            return self._cells[()]
        return By(self._parents, tuple(Cell(at, m) for at, m in self._cells.items()))

    def split_by(self, parent: str, code: str) -> None:
        """Make the marginal differ by a parent, if it does not yet."""
        if parent in self._parents:
            return
        if len(self._parents) == 2:
            raise SamplingError(
                f"{self._variable.name} already differs by {' and '.join(self._parents)}; "
                f"it cannot differ by {parent} too"
            )
        levels = self._levels_of(parent, code)
        self._parents = (*self._parents, parent)
        self._cells = {
            (*at, level): marginal for (at, marginal), level in product(self._cells.items(), levels)
        }

    def _levels_of(self, parent: str, code: str) -> list[str]:
        variable = self._by_name[parent]
        if variable.type in CODED_TYPES:
            return list(codes_of(variable))
        low, high = parse_interval(code)
        cuts = [-np.inf, *(x for x in (low, high) if np.isfinite(x)), np.inf]
        return [interval_text(a, b) for a, b in zip(cuts[:-1], cuts[1:], strict=True)]

    def state(self, facts: Sequence[Fact], *, coded: bool) -> None:
        """Put facts in: one group of patients after the other."""
        for within in dict.fromkeys(fact.within for fact in facts):
            about = [fact for fact in facts if fact.within == within]
            where = [
                at
                for at in self._cells
                if within is None
                or self._same_level(at[self._parents.index(within.variable)], within.code)
            ]
            if coded:
                self._state_shares(about, where)
            else:
                self._state_numbers({fact.statistic: fact.value for fact in about}, where)

    def _same_level(self, level: str, code: str) -> bool:
        if level == code:
            return True
        try:
            return parse_interval(level) == parse_interval(code)
        except ValueError:
            return False

    # --- shares

    def _state_shares(self, facts: Sequence[Fact], where: Sequence[Levels]) -> None:
        stated = {fact.code: fact.value for fact in facts if fact.statistic == "share"}
        if len(where) == 1:
            at = where[0]
            self._cells[at] = adjust.with_shares(self._shares(at), stated)
        else:
            for _ in range(20 if len(stated) > 1 else 1):
                for code, share in stated.items():
                    self._state_pooled_share(code, share, where)
        for code in stated:
            self._held.setdefault(code, set()).update(where)

    def _state_pooled_share(self, code: str, share: float, where: Sequence[Levels]) -> None:
        held = self._held.get(code, set())
        free = [at for at in where if at not in held]
        weighted = self._weights()
        odds = adjust.share_odds(
            [(weighted[at], self._shares(at)) for at in free],
            [(weighted[at], self._shares(at)) for at in where if at in held],
            code,
            share,
        )
        if odds is None:
            return
        for at in free:
            self._cells[at] = adjust.with_odds(self._shares(at), code, odds)

    def _shares(self, at: Levels) -> Shares:
        marginal = self._cells[at]
        assert isinstance(marginal, Shares)
        return marginal

    # --- numbers

    def _state_numbers(self, stated: Mapping[str, float], where: Sequence[Levels]) -> None:
        held = self._held.get("number", set())
        free = [at for at in where if at not in held]
        bounds = {name: stated[name] for name in ("min", "max") if name in stated}
        moments = {name: stated[name] for name in ("mean", "sd") if name in stated}
        quantiles = {name: stated[name] for name in QUANTILE_LEVELS if name in stated}
        if bounds:
            for at in where:
                self._bound(at, bounds.get("min"), bounds.get("max"))
        if quantiles:
            for at in free:
                self._cells[at] = adjust.with_quantiles(
                    self._number(at), self._recording, quantiles
                )
        elif moments and free:
            self._state_moments(moments, free, [at for at in where if at in held])
        if quantiles or moments:
            self._held.setdefault("number", set()).update(where)

    def _bound(self, at: Levels, low: float | None, high: float | None) -> None:
        marginal = self._number(at)
        values = solve(marginal, self._recording).recorded.values
        if (low is None or low <= values[0]) and (high is None or high >= values[-1]):
            return
        self._cells[at] = adjust.truncated(marginal, self._recording, low, high)

    def _state_moments(
        self, stated: Mapping[str, float], free: Sequence[Levels], held: Sequence[Levels]
    ) -> None:
        weights = self._weights()
        mean, sd = stated.get("mean"), stated.get("sd")
        for _ in range(12):
            shift, scale = adjust.affine_for(
                [(weights[at], self._number(at)) for at in free],
                [(weights[at], self._number(at)) for at in held],
                self._recording,
                mean,
                sd,
            )
            if abs(shift) < 1e-6 * (sd or abs(mean or 0) or 1) and abs(scale - 1) < 1e-6:
                return
            for at in free:
                self._cells[at] = adjust.moved(self._number(at), self._recording, shift, scale)

    def _number(self, at: Levels) -> NumericMarginal:
        marginal = self._cells[at]
        assert not isinstance(marginal, Shares)
        return marginal

    def _weights(self) -> dict[Levels, float]:
        """Return the share of patients in each cell, the parents taken as independent."""
        return {
            at: float(
                np.prod(
                    [
                        self._level_share(p, level)
                        for p, level in zip(self._parents, at, strict=True)
                    ]
                )
            )
            for at in self._cells
        }

    def _level_share(self, parent: str, level: str) -> float:
        variable = self._by_name[parent]
        marginal = variable.marginal
        if isinstance(marginal, Shares):
            return adjust.share_of(marginal, level)
        if isinstance(marginal, By | Formula | Identifier) or variable.type not in NUMERIC_TYPES:
            return 1.0
        low, high = parse_interval(level)
        result = solve(marginal, Recording(variable.decimals)).recorded
        return float(result.mass[(result.values >= low) & (result.values < high)].sum())
