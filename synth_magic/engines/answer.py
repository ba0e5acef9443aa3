"""What an engine is asked, and what it answers: a specification, and what made it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from synth_magic.description.model import Description
    from synth_magic.engines.rows.written import Written
    from synth_magic.spec.cohort import CohortSpec

BY_HAND = " Edited by hand since: "
"""In the summary of an origin, what follows was stated by hand."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the user wants to know: a description, and patients given as examples.

    `parent` is the specification that this one takes the place of, if there is one, and
    `parent_text` the description that it was made from: what the change does not concern stays.
    `refinement` holds the words of a change that is asked for without a new description; the text
    of `description` is then the parent's with these words below it. `remarks` are what the user
    should know of how the words were read, whoever answers. `rows` is how many patients are wanted,
    which matters where a model writes them.
    """

    description: Description
    examples: tuple[Mapping[str, Any], ...] = ()
    parent: CohortSpec | None = None
    parent_text: str = ""
    refinement: str = ""
    remarks: tuple[str, ...] = ()
    rows: int = 0

    @property
    def is_change(self) -> bool:
        """Whether other words are said of the parent's patients, so that it is to be changed."""
        if self.parent is None:
            return False
        return bool(self.refinement) or self.parent_text.split() != self.description.text.split()

    @property
    def words_start(self) -> int:
        """Where in the description the words begin that are to be read now."""
        return len(self.description.text) - len(self.refinement) if self.refinement else 0

    @property
    def from_scratch(self) -> Question:
        """The same question, whatever there was before."""
        return replace(self, parent=None, parent_text="", refinement="")


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one or more calls; `estimated` where no server counted them."""

    input_tokens: int = 0
    output_tokens: int = 0
    calls: int = 0
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.calls + other.calls,
            self.estimated or other.estimated,
        )

    @property
    def in_words(self) -> str:
        """`1,200 tokens in, 340 out`, with `about` where they are estimated."""
        about = "about " if self.estimated else ""
        return f"{about}{self.input_tokens:,} tokens in, {self.output_tokens:,} out"

    @property
    def tokens(self) -> int:
        """All tokens, in and out."""
        return self.input_tokens + self.output_tokens


@dataclass(frozen=True, slots=True)
class Origin:
    """What made a specification: `summary` is a sentence that the panel shows.

    `description` is the text it was made from; `not_understood` its words that led to nothing;
    `remarks` are what the user should know of how the rest was read. Of an answer of a language
    model, `model`, `date` (of the answer, ISO), `prompt_version`, `usage`, `cost` (in words, with
    the date of the prices; empty where no price is known) and `recording` (the file's name) say
    the rest. `changed_offline` names what was changed since without the help of what made it.
    """

    engine: str
    summary: str
    description: str = ""
    not_understood: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    model: str = ""
    date: str = ""
    prompt_version: int = 0
    usage: Usage = Usage()
    cost: str = ""
    recording: str = ""
    changed_offline: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the origin as JSON holds it."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        usage = {field.name: getattr(self.usage, field.name) for field in fields(Usage)}
        return own | {
            "not_understood": list(self.not_understood),
            "remarks": list(self.remarks),
            "usage": usage,
            "changed_offline": list(self.changed_offline),
        }

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Origin:
        """Return the origin that `to_dict` wrote."""
        return cls(
            **document
            | {
                "not_understood": tuple(document["not_understood"]),
                "remarks": tuple(document["remarks"]),
                "usage": Usage(**document.get("usage", {})),
                "changed_offline": tuple(document.get("changed_offline", ())),
            }
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A specification and its origin.

    `written` are the patients themselves where a model wrote them; the specification is then learnt
    from these.

    Of a parent that was changed offline, `changed` names what; it is None for what was made anew,
    and for what a model changed.
    """

    spec: CohortSpec
    origin: Origin
    changed: tuple[str, ...] | None = None
    written: Written | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a model has come: `tokens` are of its answer, `variables` those received so far.

    `stage` is what goes on, in a few words: waiting, thinking, writing, part 2 of 3. `text` is the
    answer so far. Of the rows method, `rows` are the patients so far, of as many as are `wanted`.
    """

    model: str
    stage: str
    variables: int = 0
    tokens: int = 0
    text: str = field(default="", repr=False)
    rows: tuple[Mapping[str, Any], ...] = ()
    wanted: int = 0


Watch: TypeAlias = Callable[[Progress], None]


def unwatched(_: Progress) -> None:
    """Watch nothing."""
