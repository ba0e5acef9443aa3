"""A difference in one line: the most telling figure of each part that changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from synth_magic.spec.difference import Change, figures_told

if TYPE_CHECKING:
    from synth_magic.spec.difference import Difference

_WORDING = ("title", "population", "label", "basis", "provenance", "certainty", "reason")
_TELLING = ("median", "mean", "share")
_SHARES = ("share", "missing", "fraction")
_SEEN = 1e-3  # of a figure: what changes by less looks the same
_LETTERS = 40


def brief(difference: Difference, most: int) -> str:
    """Return what changed in one line, `most` parts of it, and how much did not."""
    if not difference:
        return "no difference"
    parts = _by_part(difference.changes)
    seen = {part: own for part, all_ in parts.items() if (own := [c for c in all_ if _is_seen(c)])}
    stated = _by_part(filter(_is_seen, difference.stated))
    alike = [part for part in parts if part[0] == "variable" and part not in seen]
    lines = [f"{_cut(name)}: no longer a variable" for name in difference.removed]
    lines += [f"{_cut(name)}: new variable" for name in difference.added]
    parts_told = (stated.get(part) or own for part, own in seen.items() if part[0] != "fact")
    lines += _lines(parts_told, difference.stated)
    lines += ["the columns changed places"] if difference.reordered else []
    # What facts change is seen in the variables; they are told where nothing else is.
    lines = lines or _lines(seen.values()) or ["only the wording changed"]
    more = [f"and {len(lines) - most} more"] if len(lines) > most else []
    unchanged = difference.unchanged + len(alike)
    plural = "s" if unchanged != 1 else ""
    return "; ".join([*lines[:most], *more, f"{unchanged} variable{plural} unchanged"])


def _by_part(changes: Iterable[Change]) -> dict[tuple[str, str], list[Change]]:
    parts: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        parts[change.about, change.part].append(change)
    return parts


def _lines(parts: Iterable[list[Change]], stated: Collection[Change] = ()) -> list[str]:
    """Return one line for each part, the largest changes first."""
    telling = [min(reversed(own), key=_rank) for own in parts]  # of two shares the last: yes, male
    telling.sort(key=_size, reverse=True)
    return [_line(change, is_stated=change in stated) for change in telling]


def _rank(change: Change) -> tuple[int, float]:
    """Return how soon a figure is told: a median, else a mean, else the share that moved most."""
    for rank, name in enumerate(_TELLING):
        if change.figure.startswith(name):
            return rank, -_size(change)
    return len(_TELLING), 0.0


def _is_seen(change: Change) -> bool:
    match change.before, change.after:
        case float() | int() as before, float() | int() as after:
            return abs(after - before) > _SEEN * max(abs(before), abs(after))
        case None, _:
            return True
        case _, None:
            return True
    return change.figure not in _WORDING


def _size(change: Change) -> float:
    """Return how far a share or a correlation moved; of another figure, as part of it."""
    match change.before, change.after:
        case float() | int() as before, float() | int() as after:
            moved = round(abs(after - before), 9)  # both shares of a pair move alike
            if change.about == "pair" or change.figure.startswith(_SHARES):
                return moved
            return moved / max(abs(before), abs(after))
    return 1.0


def _line(change: Change, *, is_stated: bool) -> str:
    before, after = _told(change)
    if change.before is None and is_stated:
        return f"{_name(change)} {after}"
    if change.before is None or change.after is None:
        value, word = (after, "new") if change.before is None else (before, "gone")
        return " ".join(filter(None, [_name(change), value, f"({word})"]))
    return f"{_name(change)} {before} → {after}"


def _name(change: Change) -> str:
    match change.about:
        case "pair":
            return " – ".join(map(_cut, change.part.split(" - ")))
        case "rule":
            return f"rule {_cut(change.part)}"
        case "cohort":
            return change.figure
        case "missing group":
            return f"missing group {_cut(change.part)}: {change.figure}"
    return f"{_cut(change.part)}: {change.figure.removeprefix('marginal')}".rstrip()


def _told(change: Change) -> tuple[str, str]:
    if change.about == "rule":
        return "", ""
    is_share = change.about != "pair" and change.figure.startswith(_SHARES)
    values = figures_told(change.before, change.after, 100 if is_share else 1)
    before, after = (f"{value}%" if is_share and value else _cut(value) for value in values)
    return before, after


def _cut(text: str) -> str:
    return text if len(text) <= _LETTERS else text[: _LETTERS - 1] + "…"
