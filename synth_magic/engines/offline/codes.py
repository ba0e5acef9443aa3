"""What the user's codes mean: which of them is `yes`, `male` or class III of a catalogue entry."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from synth_magic.catalogue.entries import Entry
from synth_magic.catalogue.matching import plain_name
from synth_magic.description.labels import sex_of
from synth_magic.description.model import Code, DescribedVariable
from synth_magic.spec.model import Shares

_YES = frozenset({"yes", "y", "true", "t", "present", "positive", "pos", "1"})
_NO = frozenset(
    {"no", "n", "false", "f", "absent", "negative", "neg", "none", "0"}
    | {"alive", "living", "survived", "censored"}
)
_DENIED = re.compile(r"(?:no|not|non|never|without|absence of) (?P<what>.+)")
_ROMAN = {"1": "i", "2": "ii", "3": "iii", "4": "iv", "5": "v"}


def meanings(described: DescribedVariable, entry: Entry) -> Mapping[str, str] | None:
    """Return for each code of a variable the code of an entry that it stands for.

    None where one of them stands for nothing there, or two for the same.
    """
    if not isinstance(entry.marginal, Shares):
        return None
    known = tuple(share.code for share in entry.marginal.shares)
    if not described.codes:
        return {code: code for code in known}
    found: dict[str, str] = {}
    for code in described.codes:
        meaning = _meaning(code, described, entry, known)
        if meaning is None or meaning in found.values():
            return None
        found[code.code] = meaning
    return found


def _meaning(
    code: Code, described: DescribedVariable, entry: Entry, known: Sequence[str]
) -> str | None:
    words = [plain_name(text) for text in (code.label, code.code) if text]
    if entry.name == "sex":
        return _sex(words, described.name)
    plain = {plain_name(own): own for own in known}
    if "yes" in plain and (answer := _answer(words, entry)):
        return answer
    for word in words:
        short = re.sub(r"\b(?:nyha|class|functional|grade)\b", "", word).strip()
        for spelling in (word, short, _ROMAN.get(short, short)):
            if spelling in plain:
                return plain[spelling]
    return None


def _sex(words: Sequence[str], name: str) -> str | None:
    for word in words:
        sex = {"m": "male", "f": "female"}.get(word) or sex_of(word)
        if sex:
            return sex
    named = sex_of(name.replace("_", " "))
    if named and words and words[0] in _YES | _NO:
        other = "male" if named == "female" else "female"
        return named if words[0] in _YES else other
    return None


def _answer(words: Sequence[str], entry: Entry) -> str | None:
    """Return `yes` or `no`, also for a code that says the name of the entry, or denies it."""
    names = {plain_name(name) for name in (entry.name, entry.label, *entry.synonyms)}
    for word in words:
        if word in _YES or word in names:
            return "yes"
        denied = _DENIED.fullmatch(word)
        if word in _NO or (denied and denied["what"] in names):
            return "no"
    return None


def low_to_high(codes: Sequence[str], meaning: Mapping[str, str], entry: Entry | None) -> list[str]:
    """Return the codes of a binary variable in order: numbers rising, no before yes."""
    if all(code.isdecimal() for code in codes):
        return sorted(codes, key=int)
    if entry is not None and isinstance(entry.marginal, Shares):
        known = [share.code for share in entry.marginal.shares]
        return sorted(codes, key=lambda code: known.index(meaning[code]))
    return sorted(codes, key=lambda code: plain_name(code) in _YES)
