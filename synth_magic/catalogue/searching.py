"""Finding what the catalogue holds by words; what is not found is not parsed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeVar, overload

from synth_magic.catalogue.entries import Condition, Entry
from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.pages.page import Grid, Page, cut
from synth_magic.catalogue.spelling import content, key, plain_name
from synth_magic.catalogue.tables import Tables
from synth_magic.errors import SettingError

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["variable", "condition", "source"]
T = TypeVar("T")

_KINDS: tuple[Kind, ...] = ("variable", "condition", "source")
_LIMIT = 20
_LONGEST = 200
_SHORTEST_PART = 4
_SHORTEST_MISSPELT = 4
_ALIKE = 75
_NEAREST = 3
_SHOWN = 60
_CITED = 100
_Fit = tuple[int, tuple[bool, int], int]
_CODE = re.compile(r'^code = "([^"]+)"', re.MULTILINE)
_WHOLE, _BEGINS, _HOLDS, _SCATTERED = range(4)
"""How well a spelling fits, the best first; what is scattered over several fits less."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that fits the words: `found_by` is the name, label, synonym, code or citation."""

    kind: Kind
    name: str
    label: str
    found_by: str

    @property
    def otherwise(self) -> str:
        """The synonym or code that it was found by, if it was not by its name or label."""
        known = self.kind == "source" or self.found_by in (self.name, self.label)
        return "" if known else self.found_by


@dataclass(frozen=True, slots=True, repr=False)
class Hits(Sequence[Hit]):
    """What fits some words, the best first; `total` counts those beyond the limit as well."""

    words: str
    hits: tuple[Hit, ...]
    total: int

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[index]

    def __len__(self) -> int:
        return len(self.hits)

    @property
    def page(self) -> Page:
        """The hits as a page."""
        quoted = f"“{cut(self.words, _SHOWN)}”"
        if not self.hits:
            return Page(f"Nothing in the catalogue fits {quoted}", ())
        title = f"{self.total:,} in the catalogue fit{'s' if self.total == 1 else ''} {quoted}"
        if self.total > len(self):
            title += f", the first {len(self)}"
        rows = [(hit.name, hit.kind, hit.label, hit.otherwise) for hit in self.hits]
        return Page(title, (Grid("", ("Name", "Kind", "Label", "Found by"), rows),))

    def frame(self) -> pd.DataFrame:
        """Return a DataFrame with a row for each hit: name, kind, label, found_by."""
        import pandas as pd

        rows = [(hit.name, hit.kind, hit.label, hit.found_by) for hit in self.hits]
        return pd.DataFrame(rows, columns=["name", "kind", "label", "found_by"])

    def __repr__(self) -> str:
        return str(self.page)

    def _repr_html_(self) -> str:
        from html import escape

        import pandas as pd

        with pd.option_context("display.max_colwidth", _CITED + 1):
            table = self.frame().to_html(index=False, border=0) if self.hits else ""
        return f"<p>{escape(self.page.title)}</p>{table}"


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A name, label, synonym or code; `own` are name and label."""

    written: str
    plain: str
    key: str
    own: bool


@dataclass(frozen=True, slots=True)
class _Item:
    """What can be found; `text` holds each word of its spellings after a space."""

    kind: Kind
    name: str
    label: str
    spellings: Sequence[_Spelling]
    text: str

    def holds(self, word: str) -> bool:
        """Tell whether a word begins like this one."""
        return f" {word}" in self.text

    def has_part(self, word: str) -> bool:
        """Tell whether a word begins like this one, or a longer one has it inside."""
        return self.holds(word) or (len(word) >= _SHORTEST_PART and word in self.text)


def found(words: str, limit: int = _LIMIT) -> Hits:
    """Return what fits some words. Raises SettingError."""
    if not plain_name(words[:_LONGEST]):
        raise SettingError("write the words to look for in the catalogue, such as: heart failure")
    if limit < 1:
        raise SettingError(f"the limit must be 1 or more, not {limit}")
    ranked = _ranked(words)
    hits = tuple(Hit(item.kind, item.name, item.label, by) for item, by in ranked[:limit])
    return Hits(words, hits, len(ranked))


def variable_named(name: str) -> Entry:
    """Return the variable of this name. Raises SettingError."""
    return _named("variable", name, catalogue().entries)


def condition_named(name: str) -> Condition:
    """Return the condition of this name. Raises SettingError."""
    return _named("condition", name, catalogue().conditions)


def _named(kind: Kind, name: str, tables: Tables[T]) -> T:
    if name in tables:
        return tables[name]
    near = [item.name for item, _ in _ranked(name) if item.kind == kind][:_NEAREST]
    hint = f"; the nearest: {', '.join(near)}" if near else ""
    raise SettingError(f"the catalogue has no {kind} named {cut(name, _SHOWN)!r}{hint}")


def _ranked(words: str) -> list[tuple[_Item, str]]:
    """Return what fits some words with the spelling that does, the best first."""
    said = plain_name(words[:_LONGEST])
    return _fitting(said) or _fitting(" ".join(map(_corrected, said.split())))


def _fitting(said: str) -> list[tuple[_Item, str]]:
    """Return what fits a plain name as it is spelt."""
    if not said:
        return []
    words, whole = content(said) or said.split(), key(said)
    fits = [
        (_best(item, said, whole, words), item)
        for item in _items()
        if all(map(item.has_part, words)) or item.holds(whole)
    ]
    fits.sort(key=lambda fit: _place(*fit))
    return [(item, item.spellings[place].written) for (_, _, place), item in fits]


def _place(fit: _Fit, item: _Item) -> tuple[object, ...]:
    """Return what orders hits: sources come last, but for one that is named whole."""
    level, closeness, _ = fit
    last = item.kind == "source" and level > _WHOLE
    return last, level, _KINDS.index(item.kind), closeness, item.name


def _best(item: _Item, said: str, whole: str, words: Iterable[str]) -> _Fit:
    """Return how well the best spelling of an item fits, what settles ties, and which it is."""
    return min(
        (_level(spelling, said, whole, words), (not spelling.own, len(spelling.plain)), place)
        for place, spelling in enumerate(item.spellings)
    )


def _level(spelling: _Spelling, said: str, whole: str, words: Iterable[str]) -> int:
    if spelling.key == whole:
        return _WHOLE
    if spelling.plain.startswith(said):
        return _BEGINS
    if all(f" {word}" in f" {spelling.plain}" for word in words):
        return _HOLDS
    return _SCATTERED + sum(word not in spelling.plain for word in words)


def _corrected(word: str) -> str:
    """Return the word that occurs and is most like one, of several the most frequent."""
    from rapidfuzz import fuzz, process

    if len(word) < _SHORTEST_MISSPELT:
        return word
    often = _vocabulary()
    near = process.extract(word, often.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return max(near, key=lambda each: (each[1], often[each[0]]))[0] if near else word


@cache
def _items() -> Sequence[_Item]:
    """Return all that can be found."""
    store = catalogue()
    return [
        *(_item("variable", *names) for names in _names(store.entries)),
        *(_item("condition", *names) for names in _names(store.conditions)),
        *(
            _item("source", source.id, cut(source.short, _CITED), (source.citation, source.address))
            for source in store.sources.values()
        ),
    ]


def _names(tables: Tables[T]) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Yield the name, the label, and synonyms and code of each table."""
    for name, label, synonyms in tables.spellings():
        code = _CODE.search(tables.texts[name][1])
        yield name, label, (*synonyms, *([code[1]] if code else []))


def _item(kind: Kind, name: str, label: str, others: Iterable[str]) -> _Item:
    spellings = [
        _Spelling(written, plain := plain_name(written), key(plain), place < 2)
        for place, written in enumerate((name, label, *others))
    ]
    text = " ".join(dict.fromkeys(word for s in spellings for word in (s.plain, s.key)))
    return _Item(kind, name, label, spellings, f" {text}")


@cache
def _vocabulary() -> Counter[str]:
    """Return how often each word of some length stands in names of variables and conditions."""
    texts = (item.text for item in _items() if item.kind != "source")
    words = Counter(word for text in texts for word in text.split())
    return Counter({word: n for word, n in words.items() if len(word) >= _SHORTEST_MISSPELT})
