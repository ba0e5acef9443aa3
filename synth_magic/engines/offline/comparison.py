"""What differs between the description of a specification and the one that is to hold now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from synth_magic.description.model import Description
from synth_magic.engines.answer import Question
from synth_magic.engines.carrying import holding
from synth_magic.engines.claude.quotes import place
from synth_magic.engines.offline.choosing import names_nothing
from synth_magic.engines.offline.reading import other_words, read_before, read_with_remarks
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.edits import is_edit
from synth_magic.spec.model import Fact


@dataclass(frozen=True, slots=True)
class Comparison:
    """A description `now`, and what it says otherwise than the one before.

    `figures` are new or stated otherwise. Of variables, `added` are to be made, `removed` are named
    no more, and `named` are named anew though the specification has them. `population` and `words`
    tell whether the population is described otherwise, and whether anything else is. `units` are
    remarks on figures that were stated in other units.
    """

    now: Description
    figures: tuple[Fact, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    named: tuple[str, ...]
    in_common: bool
    population: bool
    words: bool
    stated: tuple[Fact, ...]
    undescribed: bool
    units: tuple[str, ...]

    @classmethod
    def of(cls, question: Question, parent: CohortSpec) -> Comparison:
        """Compare the description of a question with the one of its parent."""
        now, units = read_with_remarks(parent, question.description.text)
        before, stated = read_before(parent, question.parent_text)
        earlier = {(fact.figure, fact.value) for fact in stated}
        figures = tuple(fact for fact in now.facts if (fact.figure, fact.value) not in earlier)
        known = {variable.name for variable in parent.variables}
        touched = {fact.variable for fact in figures}
        names = [variable.name for variable in now.variables]
        names_before = [variable.name for variable in before.variables]
        return cls(
            now,
            figures,
            added=tuple(
                name
                for name in names
                if name not in known and (name in touched or name not in names_before)
            ),
            removed=tuple(
                name
                for name in names_before
                if name in known and name not in names and not names_nothing(now)
            ),
            named=tuple(name for name in names if name in known and name not in names_before),
            in_common=names_nothing(now) or not known.isdisjoint(names),
            population=bool(now.population) and now.population != before.population,
            words=bool(question.parent_text) and other_words(before, now),
            stated=stated,
            undescribed=not question.parent_text,
            units=units,
        )

    @property
    def of_added(self) -> tuple[Fact, ...]:
        """All figures of the variables that are to be made."""
        return tuple(fact for fact in self.now.facts if fact.variable in self.added)

    def kept(self, facts: Iterable[Fact]) -> tuple[Fact, ...]:
        """Return which facts still hold, with the words that they have now."""
        here = {(fact.figure, fact.value): fact for fact in self.now.facts}
        held = [
            fact if is_edit(fact) else here.get((fact.figure, fact.value)) or self._said(fact)
            for fact in holding(facts, self.figures)
        ]
        return tuple(fact for fact in held if fact is not None)

    def gone(self, facts: Iterable[Fact]) -> tuple[Fact, ...]:
        """Return which facts are stated no more, though nothing else takes their place."""
        kept = {fact.figure for fact in self.kept(facts)}
        return tuple(f for f in holding(facts, self.figures) if f.figure not in kept)

    def _said(self, fact: Fact) -> Fact | None:
        """Return a fact that only a model had read, if its words still stand there."""
        if self.undescribed:
            return fact
        read = any(fact.figure == other.figure for other in self.stated)
        found = None if read else place(fact.quote, self.now.text)
        return found and replace(fact, quote=" ".join(found[0].split()), start=found[1])
