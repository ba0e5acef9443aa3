"""Conditions that a text names: diseases, procedures, settings, populations and regions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations

from rapidfuzz import process
from rapidfuzz.distance import OSA

from synth_magic.catalogue.entries import Condition
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.spelling import key, plain_name
from synth_magic.engines.offline.picture import family
from synth_magic.engines.offline.places import PLACES

Words = tuple[str, ...]

_WORD = re.compile(r"[A-Za-zÀ-ɏ0-9β]+(?:['’]s\b)?")
_SHORTEST_MISSPELT = 8
_BEFORE, _AFTER = 5, 4
_PHRASE_ENDS = re.compile(r"[.;:]|\b(?:without|not?|nor|who|aged|risk|and|or)\b", re.IGNORECASE)

_ABBREVIATIONS = {
    "all": "acute_lymphoblastic_leukaemia",
    "ad": "alzheimer",
    "aids": "hiv",
    "as": "spondyloarthritis",
    "ms": "multiple_sclerosis",
    "pd": "parkinson",
}
"""What has this meaning in capitals only, and is no synonym for that reason."""

_ALSO_WORDS = frozenset(
    ("am", "cap", "car", "cf", "ed", "er", "gad", "hit", "it", "mash", "mm", "nash", "pad", "pe",
     "pid", "pm", "sam", "un", "us", "who"),
) | {key(name) for name in _ABBREVIATIONS}  # fmt: skip
_NOUNS = {
    "asthmatic": "asthma", "cirrhotic": "cirrhosis", "diabetic": "diabete", "elder": "elderly",
    "hypertensive": "hypertension", "schizophrenic": "schizophrenia", "epileptic": "epilepsy",
}  # fmt: skip
"""What patients are called by what they have, in one spelling: `type 1 diabetics`."""
_VAGUE = frozenset(
    ("a", "an", "the", "of", "in", "at", "on", "for", "with", "by", "to", "and", "or", "from",
     "trial", "patient", "people", "adult", "clinic", "cohort", "study", "treatment", "therapy",
     "disease", "case", "women", "men", "due", "after", "before", "non"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """A condition and where it is named; `words` are those of the name, in one spelling."""

    condition: Condition
    words: Words
    start: int
    end: int


def mentions(text: str) -> Iterator[Mention]:
    """Yield the conditions that a text names, of names within others only the longest.

    One wrong letter is allowed in long words, and words nearby may say which kind it is.
    """
    found = list(_WORD.finditer(text))
    words = [_plain(match[0]) for match in found]
    at = 0
    while at < len(words):
        hit = _named_at(words, found, at)
        if hit is None:
            at += 1
            continue
        name, condition = hit
        last = at + len(name)
        nearby = _nearby(text, found, words, at, last)
        start, end = found[at].start(), found[last - 1].end()
        yield Mention(_kind_of(condition, nearby), name, start, end)
        at = last


def named(name: str) -> Condition | None:
    """Return the condition that has a name."""
    found = _names().get(words_of(name))
    return catalogue().conditions[found] if found else None


def words_of(name: str) -> Words:
    """Return the words of a name as they are compared."""
    words = (key(word) for word in plain_name(name).split())
    return tuple(_NOUNS.get(word, word) for word in words if word)


def _named_at(
    words: Sequence[str], found: Sequence[re.Match[str]], at: int
) -> tuple[Words, Condition] | None:
    for name, condition in _index().get(words[at], ()):
        matches = tuple(words[at : at + len(name)]) == name
        if matches and all(
            found[at + place][0].rstrip("s").isupper()
            for place, word in enumerate(name)
            if word in _ALSO_WORDS
        ):
            return name, catalogue().conditions[condition]
    return None


def _nearby(
    text: str, found: Sequence[re.Match[str]], words: Sequence[str], first: int, last: int
) -> frozenset[str]:
    """Return the words around a name that belong to the same phrase."""
    low = max(0, first - _BEFORE)
    start = found[low].start()
    ends = list(_PHRASE_ENDS.finditer(text, start, found[first].start()))
    start = ends[-1].end() if ends else start
    high = min(len(found), last + _AFTER)
    end = found[high - 1].end()
    stop = _PHRASE_ENDS.search(text, found[last - 1].end(), end)
    end = stop.start() if stop else end
    return frozenset(
        words[i]
        for i in (*range(low, first), *range(last, high))
        if start <= found[i].start() < end
    )


def _kind_of(condition: Condition, nearby: frozenset[str]) -> Condition:
    """Return the kind of a condition that words around its name say it is."""
    kinds = [(said, kind) for said, kind in _kinds().get(condition.name, ()) if said <= nearby]
    for _, name in sorted(kinds, key=lambda item: len(item[0]), reverse=True):
        kind = catalogue().conditions[name]
        if condition in family(kind):
            return kind
    return condition


@lru_cache(maxsize=8192)
def _plain(word: str) -> str:
    """Return a word as names have it, a wrong letter in a long word put right."""
    plain = key(plain_name(word))
    known = _vocabulary()
    if plain in _NOUNS:
        return _NOUNS[plain]
    if len(plain) < _SHORTEST_MISSPELT or not plain.isalpha() or plain in known[plain[0]]:
        return plain
    near = process.extractOne(
        plain, known[plain[0]], scorer=OSA.distance, score_cutoff=1, processor=None
    )
    return near[0] if near and len(near[0]) >= _SHORTEST_MISSPELT else plain


@cache
def _vocabulary() -> Mapping[str, Sequence[str]]:
    """Return all words of names by their first letter."""
    known: dict[str, dict[str, None]] = defaultdict(dict)
    for names in _index().values():
        for words, _ in names:
            for word in words:
                known[word[0]][word] = None
    return defaultdict(tuple, {letter: tuple(words) for letter, words in known.items()})


@cache
def _index() -> Mapping[str, Sequence[tuple[Words, str]]]:
    """Return the names of conditions by their first word, the longest first."""
    index: dict[str, list[tuple[Words, str]]] = defaultdict(list)
    for words in sorted(_names(), key=len, reverse=True):
        index[words[0]].append((words, _names()[words]))
    return index


@cache
def _names() -> Mapping[Words, str]:
    """Return which condition has a name: its own before synonyms, and those before places."""
    spellings = list(catalogue().conditions.spellings())
    every = [(called, name) for name, label, _ in spellings for called in (name, label)]
    every += [(called, name) for name, _, synonyms in spellings for called in synonyms]
    every += _ABBREVIATIONS.items()
    every += [(place, region) for region, places in PLACES.items() for place in places]
    names: dict[Words, str] = {}
    for called, name in every:
        if words := words_of(called):
            names.setdefault(words, name)
    return names


@cache
def _kinds() -> Mapping[str, Sequence[tuple[frozenset[str], str]]]:
    """Return by condition what names of others add to its own: `severe`, `stage iv`."""
    kinds: dict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
    known = _names()
    for words, kind in known.items():
        for low, high in combinations(range(len(words) + 1), 2):
            name = known.get(words[low:high], kind)
            said = frozenset(words[:low] + words[high:]) - _VAGUE
            if name != kind and said:
                kinds[name].append((said, kind))
    return kinds
