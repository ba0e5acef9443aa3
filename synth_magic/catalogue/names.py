"""The names of all entries, prepared for looking up."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from rapidfuzz import process
from rapidfuzz.distance import OSA

from synth_magic.catalogue.entries import Entry
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.spelling import QUALIFIERS, content, key, plain_name

_SHORTEST_MISSPELT = 7
_TWO_TYPOS = 11
_LONG_PHRASE = 4
_NEAREST = 4
_OFTEN = 6
_SIGNED = re.compile(r"\W*\w{0,2}[+%-]+")
_TURNING = frozenset(
    {"non", "not", "no", "without", "low", "reduced", "high", "elevated", "raised", "abnormal"}
    | {"preserved", "normal", "left", "right", "previous", "last", "next", "first", "second"}
)
_OPPOSITES = (
    ("hypo", "hyper"), ("pre", "post"), ("micro", "macro"), ("brady", "tachy"), ("oligo", "poly"),
    ("intra", "inter"), ("intra", "extra"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """What entries are called: the name of each by a plain name, by its key and by its words.

    `vocabulary` holds all words by their first letter; `words` those that are no typing errors.
    """

    by_name: Mapping[str, str]
    by_key: Mapping[str, str]
    by_words: Mapping[frozenset[str], str]
    phrases: Sequence[tuple[frozenset[str], str]]
    vocabulary: Mapping[str, Sequence[str]]
    words: frozenset[str]
    words_by_entry: Mapping[str, frozenset[str]]

    def named(self, name: str) -> Entry | None:
        """Return the entry that a plain name names whole, its words in whatever order."""
        found = self.by_name.get(name) or self.by_key.get(key(name))
        return _entry(found or self.by_words.get(content(name), ""))

    def abbreviated(self, name: str) -> Entry | None:
        """Return the entry that a plain name without its blanks is a key of."""
        return _entry(self.by_key.get(name.replace(" ", ""), ""))

    def within(self, name: str) -> Entry | None:
        """Return the one entry whose name is a long phrase, said with one word more."""
        said = content(name)
        found = ((said - phrase, entry) for phrase, entry in self.phrases if phrase < said)
        return _only(e for more, e in found if len(more) == 1 and not more & _TURNING)

    def misspelt(self, name: str) -> Entry | None:
        """Return the one entry that a plain name names when its misspelt words are put right."""
        choices = [self._meant(word) for word in name.split()]
        if all(choice == [word] for choice, word in zip(choices, name.split(), strict=True)):
            return None
        found = (self.named(" ".join(words)) for words in product(*choices))
        return _only(entry.name for entry in found if entry)

    def _meant(self, word: str) -> Sequence[str]:
        """Return the known words nearest to one that is not known, or the word as it is."""
        if len(word) < _SHORTEST_MISSPELT or not word.isalpha() or word in self.words:
            return [word]
        allowed = 2 if len(word) >= _TWO_TYPOS else 1
        near = process.extract(
            word, self.vocabulary.get(word[0], ()),
            scorer=OSA.distance, score_cutoff=allowed, limit=_NEAREST,
        )  # fmt: skip
        least = min((distance for _, distance, _ in near if distance), default=0)
        meant = [known for known, distance, _ in near if distance == least]
        return [known for known in meant if not _opposite(word, known)] or [word]


def _entry(name: str) -> Entry | None:
    return catalogue().entries[name] if name else None


def _only(names: Iterable[str]) -> Entry | None:
    found = set(names)
    return _entry(found.pop()) if len(found) == 1 else None


def _opposite(a: str, b: str) -> bool:
    return any(
        (a.startswith(one) and b.startswith(other)) or (a.startswith(other) and b.startswith(one))
        for one, other in _OPPOSITES
    )


@cache
def names() -> Names:
    """Return the names of the catalogue's entries, those of its own before synonyms."""
    spellings = list(catalogue().entries.spellings())
    own = [(called, name) for name, label, _ in spellings for called in (name, label)]
    synonyms = [(called, name) for name, _, others in spellings for called in others]
    every = [(plain_name(n), e) for n, e in (*own, *synonyms) if not _SIGNED.fullmatch(n)]
    by_name: dict[str, str] = {}
    by_key: dict[str, str] = {}
    by_words: dict[frozenset[str], str] = {}
    of_entries: dict[str, set[str]] = {name: set() for name, _, _ in spellings}
    for name, entry in every:
        by_name.setdefault(name, entry)
        by_key.setdefault(key(name), entry)
        of_entries[entry].update(name.split())
        if len(said := content(name)) > 1 and not said <= QUALIFIERS:
            shared = by_words.setdefault(said, entry) != entry
            by_words[said] = "" if shared else entry
    vocabulary: dict[str, list[str]] = defaultdict(list)
    for word in sorted(by_key.keys() | set().union(*of_entries.values())):
        if len(word) >= _SHORTEST_MISSPELT and word.isalpha():
            vocabulary[word[0]].append(word)
    often = Counter(word for name, _ in every for word in set(name.split()))
    established = {word for name, _ in own for word in plain_name(name).split()}
    established |= {word for word, count in often.items() if count >= _OFTEN}
    return Names(
        by_name,
        by_key,
        by_words,
        [(said, entry) for said, entry in by_words.items() if entry and len(said) >= _LONG_PHRASE],
        vocabulary,
        frozenset(established),
        {name: frozenset(words) for name, words in of_entries.items()},
    )
