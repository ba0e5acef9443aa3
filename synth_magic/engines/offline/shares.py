"""The marginal of a coded variable: from its shares, and where there are none, equal ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synth_magic.engines.offline.guesses import GUESS
from synth_magic.engines.offline.stated import Figures
from synth_magic.engines.offline.subjects import Subject
from synth_magic.spec.model import Share, Shares

_SOME = 0.25
"""The share of patients who have what a table records as yes or no, where nothing is known."""

_WHOLE = 0.995
"""Published shares that sum to this leave out nothing but their rounding."""

_HALF_A_PERCENT = 0.005


def from_figures(figures: Figures, codes: Sequence[str]) -> Shares | None:
    """Return the shares if all codes but one are stated, or those stated make up the whole."""
    stated = figures.shares
    total = sum(stated.values())
    unstated = [code for code in codes if code not in stated]
    if not stated or (len(unstated) > 1 and total < _WHOLE):
        return None
    rest = round(max(0.0, 1 - total) / len(unstated), 12) if unstated else 0.0
    return scaled(codes, {code: stated.get(code, rest) for code in codes})


def short_of_whole(figures: Figures, codes: Sequence[str]) -> bool:
    """Tell whether all codes are stated, and yet leave out more than their rounding."""
    most = 1 - len(codes) * _HALF_A_PERCENT
    return set(codes) <= figures.shares.keys() and sum(figures.shares.values()) < most


def scaled(codes: Sequence[str], weights: Mapping[str, float]) -> Shares:
    """Return shares in proportion to weights."""
    total = sum(weights.values())
    return Shares(tuple(Share(code, weights[code] / total) for code in codes))


def _is_a_no(code: str) -> bool:
    return code.casefold() in ("no", "absent", "negative", "false", "0", "none")


def guess(subject: Subject) -> tuple[Shares, str]:
    """Return assumed shares, and what to state instead."""
    codes, stated = subject.codes, subject.stated.overall.shares
    if not stated and len(codes) == 2 and subject.described.type == "binary" and _is_a_no(codes[0]):
        basis = (
            f"{GUESS}, with nothing to go on: {_SOME:.0%} have it; state the share to replace it"
        )
        return scaled(codes, dict(zip(codes, (1 - _SOME, _SOME), strict=True))), basis
    left = max(0.0, 1 - sum(stated.values())) / max(1, len(codes) - len(stated))
    shares = scaled(codes, {code: stated.get(code, left) for code in codes})
    what = "half and half" if len(codes) == 2 else "equal shares"
    what = "equal shares for what was not stated" if stated else what
    basis = f"{GUESS}, with nothing to go on: {what}; state the share of each code to replace it"
    return shares, basis
