"""The tables of the catalogue's TOML files, each parsed when it is first asked for.

The files hold megabytes, of which a description needs a few tables. So the text is parted where a
table begins, its names are read off, and nothing else is parsed before it is wanted.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Generic, TypeVar

Table = dict[str, Any]
T = TypeVar("T")

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_PAIR = re.compile(r'^ *\{ *a = "(\w+)", *b = "(\w+)".*\}', re.MULTILINE)


def read(name: str) -> Table:
    """Return a whole file, parsed."""
    return tomllib.loads(_text(name))


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _files(folder: str) -> Iterator[tuple[str, str]]:
    """Yield the topic and the text of each file of a folder."""
    paths = sorted(files(__package__).joinpath(folder).iterdir(), key=lambda path: path.name)
    for path in paths:
        if path.name.endswith(".toml"):
            yield path.name.removesuffix(".toml"), path.read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Tables(Mapping[str, T], Generic[T]):
    """Tables by the value of their first key, `name` or `id`; each is parsed when asked for."""

    texts: Mapping[str, tuple[str, str]]
    make: Callable[[Table], T]
    made: dict[str, T] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: str, kind: str, key: str, make: Callable[[Table], T]) -> Tables[T]:
        """Find the tables of one kind in all files of a folder; each gets its file as `topic`."""
        begins = re.compile(rf"^\[\[{kind}\]\]$", re.MULTILINE)
        first = re.compile(rf'^{key} = "([^"]+)"', re.MULTILINE)
        texts = {}
        for topic, text in _files(folder):
            for table in begins.split(text)[1:]:
                found = first.search(table)
                assert found is not None
                texts[found[1]] = topic, table
        return cls(texts, make)

    def __getitem__(self, name: str) -> T:
        if name not in self.made:
            topic, text = self.texts[name]
            self.made[name] = self.make(tomllib.loads(text) | {"topic": topic})
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    def spellings(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Yield the name, label and synonyms of each table, without parsing it."""
        for name, (_, text) in self.texts.items():
            label = re.search(r'^label = "([^"]+)"', text, re.MULTILINE)
            synonyms = re.search(r"^synonyms = \[(.*?)\]", text, re.MULTILINE | re.DOTALL)
            assert label is not None
            yield name, label[1], tuple(_STRING.findall(synonyms[1])) if synonyms else ()


@dataclass(frozen=True, slots=True)
class Pairs(Generic[T]):
    """Lines of tables that tie two names, by the two."""

    lines: Mapping[frozenset[str], str]
    make: Callable[[Table], T]
    made: dict[frozenset[str], T] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: str, make: Callable[[Table], T]) -> Pairs[T]:
        """Find the lines that begin with `a` and `b` in all files of a folder."""
        lines = {
            frozenset(match.groups()): match[0]
            for _, text in _files(folder)
            for match in _PAIR.finditer(text)
        }
        return cls(lines, make)

    def among(self, names: frozenset[str]) -> Iterator[T]:
        """Yield what ties two of the names."""
        for pair, line in self.lines.items():
            if pair <= names:
                if pair not in self.made:
                    self.made[pair] = self.make(tomllib.loads(f"pair = {line.strip()}")["pair"])
                yield self.made[pair]

    def all(self) -> Iterator[T]:
        """Yield all of it."""
        yield from self.among(frozenset().union(*self.lines))
