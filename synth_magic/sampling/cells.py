"""The marginals of one variable by the levels of its parents, while facts are put in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise, product

import numpy as np

from synth_magic.errors import SamplingError
from synth_magic.sampling import adjust, shares, spread
from synth_magic.sampling.crossing import cell_shares
from synth_magic.sampling.grid import Floats
from synth_magic.sampling.numeric import NumericMarginal, solve
from synth_magic.sampling.recording import Recorded, Recording
from synth_magic.spec.edits import is_edit
from synth_magic.spec.intervals import interval_text, parse_interval
from synth_magic.spec.model import (
    CODED_TYPES,
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
    Within,
)
from synth_magic.spec.spike_rules import bounds

Levels = tuple[str, ...]

_MOST_PARENTS = 2
_TURNS = 30
_NOBODY = 1e-12


class Cells:
    """One marginal for each combination of levels; a single one where there are no parents.

    Cells that a fact about a group has settled are held when a fact about everybody follows.
    """

    def __init__(
        self,
        variable: Variable,
        by_name: Mapping[str, Variable],
        associations: Sequence[Association] = (),
    ) -> None:
        self._variable, self._by_name, self._associations = variable, by_name, associations
        self._recording = Recording.of(variable)
        self._parents: Levels = ()
        self._cells: dict[Levels, SimpleMarginal] = {}
        if isinstance(variable.marginal, By):
            self._parents = variable.marginal.parents
            self._cells = {cell.levels: cell.marginal for cell in variable.marginal.cells}
        elif not isinstance(variable.marginal, Formula | Identifier):
            self._cells = {(): variable.marginal}
        self._held: dict[str, set[Levels]] = {}
        self._weights: dict[tuple[Levels, ...], dict[Levels, float]] = {}

    def marginal(self) -> By | SimpleMarginal:
        """Return the marginal with all facts in."""
        if not self._parents:
            return self._cells[()]
        return By(self._parents, tuple(Cell(at, m) for at, m in self._cells.items()))

    # --- what they say

    def recorded(self, within: Within | None) -> Recorded:
        """Return what is recorded of a number in all patients or in a group that it differs by."""
        cells = self._where(within)
        weighted = zip(self._weighted(cells), map(self._number, cells), strict=True)
        parts = [(w, solve(m, self._recording).recorded.parts) for w, m in weighted]
        total = sum(weight for weight, _ in parts)
        return Recorded.of(
            *((weight / total * own, pieces) for weight, all_ in parts for own, pieces in all_)
        )

    def ends(self, within: Within | None) -> tuple[float, float]:
        """Return the bounds of a number in all patients or in a group, infinite without one."""
        ends = [bounds(self._number(at)) for at in self._where(within)]
        return min(low for low, _ in ends), max(high for _, high in ends)

    def shares(self, within: Within | None) -> dict[str, float]:
        """Return the share of each code in all patients or in a group that they differ by."""
        weighted = self._weighted_shares(self._where(within))
        total = sum(weight * share.share for weight, m in weighted for share in m.shares)
        return {
            code: sum(weight * shares.share_of(m, code) for weight, m in weighted) / total
            for code in self._variable.codes
        }

    # --- groups

    def split(self, within: Within) -> None:
        """Make the marginal differ between the group and the others, if it does not yet.

        Raises SamplingError where it differs by two other parents already.
        """
        if within.variable in self._parents:
            if not self._is_coded(within.variable):
                self._cut(self._parents.index(within.variable), within.code)
        else:
            if len(self._parents) == _MOST_PARENTS:
                raise SamplingError(
                    f"{self._variable.name} already differs by {' and '.join(self._parents)}; "
                    f"it cannot differ by {within.variable} too"
                )
            if self._is_coded(within.variable):
                levels = self._by_name[within.variable].codes
            else:
                levels = _parts((-np.inf, np.inf), within.code)
            self._parents = (*self._parents, within.variable)
            self._cells = {
                (*at, level): m for (at, m), level in product(self._cells.items(), levels)
            }

    def _cut(self, place: int, interval: str) -> None:
        """Part the bins of a numeric parent at the bounds of an interval."""
        self._cells = {
            (*at[:place], part, *at[place + 1 :]): marginal
            for at, marginal in self._cells.items()
            for part in _parts(parse_interval(at[place]), interval)
        }

    def _is_coded(self, name: str) -> bool:
        return self._by_name[name].type in CODED_TYPES

    def _where(self, within: Within | None) -> list[Levels]:
        if within is None:
            return list(self._cells)
        place = self._parents.index(within.variable)
        if self._is_coded(within.variable):
            return [at for at in self._cells if at[place] == within.code]
        low, high = parse_interval(within.code)
        inside = {at: parse_interval(at[place]) for at in self._cells}
        return [at for at, (a, b) in inside.items() if low <= a and b <= high]

    def _weighted(self, cells: Sequence[Levels]) -> list[float]:
        """Return the share of patients in each cell; groups without any keep their figures."""
        key = (self._parents, *self._cells)
        if key not in self._weights:
            self._weights = {key: dict(zip(self._cells, self._shares_of_cells(), strict=True))}
        return [max(self._weights[key][at], _NOBODY) for at in cells]

    def _shares_of_cells(self) -> list[float]:
        if not self._parents:
            return [1.0] * len(self._cells)
        parent = self._by_name[self._parents[0]]
        if len(self._parents) == 1 and not isinstance(parent.marginal, By | Formula | Identifier):
            return [_share(parent, level) for (level,) in self._cells]
        return cell_shares(self._parents, self._cells, self._by_name, self._associations)

    def _parted(self, where: Sequence[Levels], key: str) -> tuple[list[Levels], list[Levels]]:
        held = self._held.setdefault(key, set())
        parts = [at for at in where if at not in held], [at for at in where if at in held]
        held.update(where)
        return parts

    # --- facts

    def state(self, facts: Sequence[Fact]) -> None:
        """Put facts about one group of patients, or about all, in place."""
        where = self._where(facts[0].within)
        if self._variable.type in CODED_TYPES:
            self._state_shares({f.code: f.value for f in facts if f.statistic == "share"}, where)
        else:
            by_hand = {fact.statistic for fact in facts if is_edit(fact)}
            self._state_numbers({fact.statistic: fact.value for fact in facts}, by_hand, where)

    def _state_shares(self, stated: Mapping[str, float], where: Sequence[Levels]) -> None:
        parts = {code: self._parted(where, code) for code in stated}
        if len(where) == 1:
            if any(free for free, _ in parts.values()):
                self._cells[where[0]] = shares.with_shares(self._shares(where[0]), stated)
            return
        for _ in range(1 if len(stated) == 1 else _TURNS):
            for code, share in stated.items():
                free, held = parts[code]
                found = shares.with_pooled_share(
                    self._weighted_shares(free), self._weighted_shares(held), code, share
                )
                self._cells.update(zip(free, found, strict=True))

    def _state_numbers(
        self, stated: Mapping[str, float], by_hand: Collection[str], where: Sequence[Levels]
    ) -> None:
        """Put figures of a number in place; bounds give way to none that are stated `by_hand`, but
        to these a described mean or SD does."""
        low, high = stated.get("min"), stated.get("max")
        mean, sd = stated.get("mean"), stated.get("sd")
        quantiles = {name: stated[name] for name in QUANTILE_LEVELS if name in stated}
        if low is not None or high is not None:
            for at in where:
                self._cells[at] = adjust.bounded(
                    self._number(at), self._recording, low, high, keep_moments=mean is not None
                )
        if not quantiles and mean is None and sd is None:
            return
        free, held = self._parted(where, "numbers")
        if not free:
            return
        if quantiles:
            self._state_quantiles(quantiles, free, held)
            if (mean is not None or sd is not None) and len(where) == 1:
                marginal = self._number(where[0])
                known = -np.inf if low is None else low, np.inf if high is None else high
                self._cells[where[0]] = spread.with_tails(
                    marginal,
                    self._recording,
                    quantiles,
                    mean,
                    sd,
                    ends=bounds(marginal) if by_hand else known,
                    gently=bool(by_hand) and not {"mean", "sd"} & set(by_hand),
                )
        else:
            found = spread.with_moments(
                self._weighted_numbers(free),
                self._weighted_numbers(held),
                self._recording,
                mean,
                sd,
                firm=bool(by_hand),
            )
            self._cells.update(zip(free, found, strict=True))

    def _state_quantiles(
        self, stated: Mapping[str, float], free: Sequence[Levels], held: Sequence[Levels]
    ) -> None:
        if len(free) == 1 and not held:
            marginal = self._number(free[0])
            self._cells[free[0]] = adjust.with_quantiles(marginal, self._recording, stated)
            return
        names = sorted(stated, key=lambda name: QUANTILE_LEVELS[name])
        goals = np.array([stated[name] for name in names])
        ends = [bounds(self._number(at)) for at in free]
        low, high = min(low for low, _ in ends), max(high for _, high in ends)
        for _ in range(_TURNS):
            pooled = self._weighted_numbers([*free, *held])
            now = adjust.pooled_quantiles(pooled, self._recording, names)
            if np.allclose(now, goals, rtol=1e-6, atol=0.05 * 10.0**-self._recording.decimals):
                return
            old, new = _within_ends(now, goals, low, high)
            for at in free:
                self._cells[at] = adjust.mapped(self._number(at), self._recording, old, new)

    def _weighted_shares(self, cells: Sequence[Levels]) -> list[tuple[float, Shares]]:
        return list(zip(self._weighted(cells), map(self._shares, cells), strict=True))

    def _weighted_numbers(self, cells: Sequence[Levels]) -> list[tuple[float, NumericMarginal]]:
        return list(zip(self._weighted(cells), map(self._number, cells), strict=True))

    def _shares(self, at: Levels) -> Shares:
        marginal = self._cells[at]
        assert isinstance(marginal, Shares)
        return marginal

    def _number(self, at: Levels) -> NumericMarginal:
        marginal = self._cells[at]
        assert not isinstance(marginal, Shares)
        return marginal


def _within_ends(old: Floats, new: Floats, low: float, high: float) -> tuple[Floats, Floats]:
    """Add the bounds to values that move, so that nothing leaves them."""
    below = [low] if -np.inf < low < min(old[0], new[0]) else []
    above = [high] if max(old[-1], new[-1]) < high < np.inf else []
    return np.array([*below, *old, *above]), np.array([*below, *new, *above])


def _parts(whole: tuple[float, float], interval: str) -> tuple[str, ...]:
    low, high = whole
    edges = [low, *(x for x in parse_interval(interval) if low < x < high), high]
    return tuple(interval_text(*part) for part in pairwise(edges))


def _share(variable: Variable, level: str) -> float:
    """Return the share of patients who have a level of a variable without parents."""
    marginal = variable.marginal
    assert not isinstance(marginal, By | Formula | Identifier)
    if isinstance(marginal, Shares):
        return shares.share_of(marginal, level)
    low, high = parse_interval(level)
    result = solve(marginal, Recording.of(variable)).recorded
    return float(result.mass[(result.values >= low) & (result.values < high)].sum())
