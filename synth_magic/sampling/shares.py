"""Give shares of codes the stated values; the rest keep their proportions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from scipy import optimize

from synth_magic.sampling.grid import Floats
from synth_magic.spec.model import Share, Shares

_Share = TypeVar("_Share", float, Floats)

_UNCHANGED = 1e-9


def share_of(marginal: Shares, code: str) -> float:
    """Return the share of one code."""
    return next(s.share for s in marginal.shares if s.code == code)


def with_shares(marginal: Shares, stated: Mapping[str, float]) -> Shares:
    """Return shares with the stated ones in place; the rest keep their proportions."""
    if all(abs(share_of(marginal, code) - share) < _UNCHANGED for code, share in stated.items()):
        return marginal
    total = sum(stated.values())
    others = [s for s in marginal.shares if s.code not in stated]
    rest = sum(s.share for s in others)
    left = max(1.0 - total, 0.0)

    def share(old: Share) -> float:
        if old.code in stated:
            return stated[old.code] / (1.0 if others and total <= 1 else total)
        return old.share * left / rest if rest > 0 else left / len(others)

    return Shares(tuple(Share(s.code, share(s)) for s in marginal.shares))


def with_pooled_share(
    free: Sequence[tuple[float, Shares]],
    held: Sequence[tuple[float, Shares]],
    code: str,
    goal: float,
) -> list[Shares]:
    """Return the free shares with the odds of `code` multiplied by one factor, so that the mixture
    with the held ones has the stated share; unchanged where no factor does."""
    total = sum(weight for weight, _ in (*free, *held))
    fixed = sum(weight * share_of(marginal, code) for weight, marginal in held)

    def excess(log_odds: float) -> float:
        pooled = sum(w * with_odds(share_of(m, code), log_odds) for w, m in free)
        return (pooled + fixed) / total - goal

    if abs(excess(0)) < _UNCHANGED or excess(-30) > 0 or excess(30) < 0:
        return [marginal for _, marginal in free]
    log_odds = float(optimize.brentq(excess, -30, 30, xtol=1e-10))
    return [with_shares(m, {code: with_odds(share_of(m, code), log_odds)}) for _, m in free]


def with_odds(share: _Share, log_odds: float) -> _Share:
    """Return a share with its odds multiplied by a factor, given as its logarithm."""
    odds = float(np.exp(log_odds))
    return share * odds / (1 - share + share * odds)
