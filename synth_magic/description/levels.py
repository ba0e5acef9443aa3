"""Levels of a category: which rows are levels, whether they exclude each other, their order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import takewhile

from synth_magic.description.cells import Reading
from synth_magic.description.columns import Column
from synth_magic.description.conventions import Convention
from synth_magic.description.labels import is_missing, sex_of
from synth_magic.description.rows import Node
from synth_magic.spec.model import VariableType

NEARLY_ALL = 0.95
"""Levels whose shares sum to this much are taken to be all the levels there are."""

SLACK = 0.005
"""Shares may miss 1 by this much, beyond what rounding explains, and still be complete."""

_EXCLUSIVE = re.compile(
    r"\b(?:race|races|racial|ethnic\w*|regions?|countr\w+|continent|sex|gender|class|stage|grade|status"
    r"|categor\w+|quartiles?|quintiles?|tertiles?|marital|education\w*|severity|performance|bands?"
    r"|age|age[- ]groups?|blood (?:type|group)|smoking|level)\b",
    re.IGNORECASE,
)
_OVERLAPPING = re.compile(
    r"histor|comorbid|co-?existing|medic|treatment|therap|drug|symptom|risk factor|condition"
    r"|procedure|disease|complication|event|\bsigns?\b|characteristic|demographic|finding|laborator|previous"
    r"|\bprior\b|\buse$|diagnos|intervention|\bother\b|\bsites?\b|metasta|surg",
    re.IGNORECASE,
)
_RANKED_BY = (
    r"(?:nyha|ccs|who|killip|functional|stage|grade|class|asa|ecog|ps|child[- ]pugh|tier|step|level"
    r"|score|group|type|t|n|m)"
)
_RANK = r"(?:[IV]+|[0-9]+)[abc]?"
_GRADED = (
    ("none", "no", "absent", "normal", "trace", "minimal", "very mild", "mild", "moderate",
     "marked", "severe", "very severe", "extreme", "critical", "fatal"),
    ("very low", "low", "lower", "lowest", "medium", "middle", "intermediate", "moderate",
     "average", "high", "higher", "highest", "very high"),
    ("first", "second", "third", "fourth", "fifth", "1st", "2nd", "3rd", "4th", "5th",
     "[QT][1-5]"),
    ("small", "medium", "large", "very large"),
    ("never", "rarely", "sometimes", "often", "usually", "always"),
    ("poor", "fair", "good", "very good", "excellent"),
    ("primary", "secondary", "tertiary", "higher"),
)  # fmt: skip
_INTERVAL = re.compile(r".{0,12}[0-9].{0,25}")
_SCALES = (
    re.compile(rf"(?:{_RANKED_BY}\s*)*{_RANK}(?:\s*(?:[-–/+]|or|to|and)\s*{_RANK})?\+?", re.I),
    _INTERVAL,
    *(re.compile(rf"(?:{'|'.join(words)})(?:\W.*)?", re.I) for words in _GRADED),
)
_YES = re.compile(r"yes|present|positive|true|1", re.IGNORECASE)


def type_of_levels(codes: Sequence[str]) -> VariableType:
    """Return binary for two codes, ordinal where they name ranks, else categorical."""
    if len(codes) <= 2:
        return "binary"
    ordered = any(all(scale.fullmatch(code.strip()) for code in codes) for scale in _SCALES)
    return "ordinal" if ordered else "categorical"


def low_to_high(codes: list[str]) -> list[str]:
    """Put `yes` after `no`; any other order is the printed one."""
    if len(codes) == 2 and _YES.fullmatch(codes[0]) and not _YES.fullmatch(codes[1]):
        return codes[::-1]
    return codes


def share_of(reading: Reading, column: Column) -> float | None:
    """Return the share that a cell states, from its percentage or else from its count."""
    share, count = reading.get("share"), reading.get("count")
    if share is not None or count is None:
        return share
    patients = reading.get("total") or column.total
    return count / patients if patients else None


def overlap(heading: str) -> bool:
    """Tell whether a heading announces a checklist, such as comorbidities."""
    return bool(_OVERLAPPING.search(heading)) and not _EXCLUSIVE.search(heading)


def sums(levels: Sequence[Node], columns: Sequence[Column]) -> list[tuple[float, float]]:
    """Return, for each column, the sum of the levels' shares and what rounding may add to it."""
    found: list[tuple[float, float]] = []
    for column in columns:
        shares = [(n.readings[column.index], column) for n in levels if column.index in n.readings]
        known = [(share_of(r, c), _half_digit(r)) for r, c in shares]
        if any(share is not None for share, _ in known):
            found.append((sum(s or 0 for s, _ in known), sum(half for _, half in known)))
    return found


def complete(levels: Sequence[Node], columns: Sequence[Column]) -> bool:
    """Tell whether the levels' shares sum to 1 in every column, but for rounding."""
    totals = sums(levels, columns)
    return bool(totals) and all(abs(total - 1) <= slack + SLACK for total, slack in totals)


def outside(levels: Sequence[Node], columns: Sequence[Column]) -> list[Node]:
    """Return the levels with a bare count beside others with percentages, which leave them out."""

    def has(node: Node, statistic: str) -> bool:
        return any(reading.get(statistic) for reading in node.readings.values())

    counted = [n for n in levels if has(n, "count") and not has(n, "share") and not has(n, "total")]
    rest = [level for level in levels if level not in counted]
    return counted if rest and complete(rest, columns) else []


def exclusive(heading: str, levels: Sequence[Node], columns: Sequence[Column]) -> bool:
    """Tell whether each patient has one of the levels, and only one."""
    if complete(levels, columns):
        return True
    if overlap(heading):
        return False
    named = _EXCLUSIVE.search(heading) and not _OVERLAPPING.search(heading)
    if named or all(_INTERVAL.fullmatch(level.label.name) for level in levels):
        return True
    return all(NEARLY_ALL <= total <= 1 + slack for total, slack in sums(levels, columns))


def adopt(
    nodes: Sequence[Node], columns: Sequence[Column], read_again: Callable[[Node, Convention], None]
) -> list[Node]:
    """Put levels under their heading in a table that does not indent them.

    A heading is a row without values. Its levels are the rows of counts or shares that follow,
    without a convention of their own where the heading has one, until their shares sum to 1.
    `read_again` reads a row by the convention of its heading.
    """
    adopted: list[Node] = []
    rest = list(nodes)
    while rest:
        node = rest.pop(0)
        adopted.append(node)
        if node.has_values or node.children:
            continue
        while rest and rest[0].names_statistics and rest[0].has_values:
            node.children.append(rest.pop(0))
        if node.children:
            continue
        before = [(row.label, row.readings) for row in rest]
        levels: list[Node] = []
        for row in rest:
            if node.label.convention and not row.label.convention:
                row.readings = {}
                read_again(row, node.label.convention)
            if not _is_level(row, node):
                break
            levels.append(row)
        if not overlap(node.label.name):
            levels = _until_complete(levels, columns)
        node.children = levels
        for row, (label, readings) in zip(rest[len(levels) :], before[len(levels) :], strict=True):
            row.label, row.readings = label, readings
        rest = rest[len(levels) :]
    return adopted


def _is_level(row: Node, heading: Node) -> bool:
    own = bool(row.label.convention) and bool(heading.label.convention)
    sexes = re.fullmatch(r"(?:sex|gender).*", heading.label.name, re.I) and not sex_of(
        row.label.name
    )
    return row.is_share and not row.children and not own and not row.label.unit and not sexes


def _until_complete(levels: list[Node], columns: Sequence[Column]) -> list[Node]:
    for count in range(2, len(levels) + 1):
        if complete(levels[:count], columns):
            after = takewhile(lambda level: is_missing(level.label.name), levels[count:])
            return levels[: count + len(list(after))]
    return levels


def _half_digit(reading: Reading) -> float:
    """Return half of the last digit in which a share is printed."""
    decimals = next((s.decimals for s in reading.stats if s.statistic == "share"), None)
    return 0.0 if decimals is None else 0.5 * 10.0 ** -(decimals + 2)
