"""What is gathered while prose is read, before it is settled which variables the words mean."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from synth_magic.description.model import Quote
from synth_magic.description.phrases import NARROWS
from synth_magic.description.prose_names import Names
from synth_magic.description.sentences import Sentence
from synth_magic.spec.model import Statistic


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure: what it is about, of which statistic, in whom.

    `subject` is "" for what the sentence spoke of last, `at` is where it stands. `group` holds the
    words for the patients. A share is that of `code`: "yes", "no" or a level of its own. `narrows`
    if the sentence says which of those spoken of are the patients.
    """

    quote: Quote
    at: int
    subject: str
    statistic: Statistic
    value: float
    group: str = ""
    code: str = ""
    other: str = ""
    unit: str = ""
    decimals: int | None = None
    sentence: int = 0
    narrows: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A variable named without a figure, with its levels if they are listed."""

    quote: Quote
    subject: str
    codes: tuple[str, ...] = ()
    ordered: bool = False
    sentence: int = 0


@dataclass(slots=True)
class Reading:
    """All that was read so far. `headings` are groups that hold for what follows them."""

    names: Names
    text: str = ""
    statements: list[Statement] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    unread: list[Quote] = field(default_factory=list)
    complete: list[Quote] = field(default_factory=list)
    rows: int | None = None
    headings: list[tuple[int, str]] = field(default_factory=list)

    def state(self, sentence: Sentence, statement: Statement) -> None:
        """Add a statement; one without a group takes that of the heading before it."""
        if not math.isfinite(statement.value):
            self.unread.append(statement.quote)
            return
        if not statement.group:
            groups = (who for at, who in reversed(self.headings) if at <= statement.quote.start)
            statement = replace(statement, group=next(groups, ""))
        narrows = bool(NARROWS.search(sentence.text))
        self.statements.append(replace(statement, sentence=sentence.start, narrows=narrows))

    def mention(self, sentence: Sentence, mention: Mention) -> None:
        self.mentions.append(replace(mention, sentence=sentence.start))
