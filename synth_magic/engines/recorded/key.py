"""What an answer is looked up by: what the user controls, and nothing else."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from synth_magic.engines.answer import Question
from synth_magic.engines.rows.method import Method
from synth_magic.engines.settings import Settings

_LINE_END = re.compile(r"\r\n?")
_SPACES = re.compile(r"[^\S\n\t]+")
_BREAKS = re.compile(r"[^\S\t]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Key:
    """A description and examples, and the model and its effort. Two equal keys ask the same.

    `method` says how rows are asked for; None: the specification is.
    """

    description: str
    examples: tuple[dict[str, Any], ...]
    model: str
    effort: str
    method: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, question: Question, settings: Settings) -> Key:
        """Return the key of a question under these settings."""
        return cls(
            normalised(question.description.text),
            tuple(map(dict, question.examples)),
            settings.model,
            settings.effort,
            Method.of(settings).to_dict() if settings.writes_rows else None,
        )

    @property
    def asked(self) -> str:
        """A short hash of the description, wherever its lines break, examples and method."""
        rows = [] if self.method is None else [self.method]
        return _hash([_words(self.description), self.examples, *rows], 16)

    @property
    def stem(self) -> str:
        """The name of its file, without an ending: no word of the user's is in it."""
        return f"{self.asked}-{_hash([self.model, self.effort], 8)}"

    def asks_as(self, other: Key) -> bool:
        """Return whether both ask the same, of whichever model."""
        return self.asked == other.asked and _words(self.description) == _words(other.description)

    def same(self, other: Key) -> bool:
        """Return whether both ask the same, of the same model with the same effort."""
        return self.asks_as(other) and (self.model, self.effort) == (other.model, other.effort)


def changed(parent: Any, text: str | None, refinement: str) -> str:
    """Return a short hash of what a change is made of, whatever digits computers differ in."""
    return _hash([_rounded(parent), _words(normalised(text or "")), _words(refinement)], 8)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"{value:.{_DIGITS}g}"


def _words(text: str) -> str:
    return _BREAKS.sub(" ", text)


def normalised(text: str) -> str:
    """Return a description without what does not change its meaning.

    Unicode is composed, line ends are one, spaces and blank lines stand alone, and none begin or
    end a line or the text. Tabs stay within a line, for they part the cells of a table.
    """
    composed = _LINE_END.sub("\n", unicodedata.normalize("NFC", text))
    lines = [line.lstrip(" ").rstrip() for line in _SPACES.sub(" ", composed).split("\n")]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def _hash(value: Any, digits: int) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode("ascii")).hexdigest()[:digits]
