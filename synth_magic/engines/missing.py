"""Which values are missing: overall, and differently in each group of patients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from synth_magic.engines.subjects import Subject
from synth_magic.engines.writing import named, text
from synth_magic.spec.model import MissingGroup, Within

_ALIKE = 0.01


def missing_in_all(subject: Subject, subjects: Mapping[str, Subject]) -> float:
    """Return the share of all patients without a value, from the groups' where it is unstated."""
    stated = subject.stated.missing(None)
    if stated is not None:
        return stated
    for parent, shares in _by_parent(subject, subjects):
        weights = parent.stated.overall.shares
        even = 1 / len(parent.codes)
        return sum(share * weights.get(code, even) for code, share in shares.items())
    return 0.0


def missing_in_groups(subjects: Mapping[str, Subject]) -> Iterator[MissingGroup]:
    """Yield a missing group for each group of patients, where their shares differ visibly."""
    for subject in subjects.values():
        for parent, shares in _by_parent(subject, subjects):
            every = [shares.get(code, 0.0) for code in parent.codes]
            if max(every) - min(every) <= _ALIKE or subject.stated.missing(None) is not None:
                continue
            for code, share in shares.items():
                yield MissingGroup(
                    f"{subject.name} missing in {code}",
                    (subject.name,),
                    share,
                    f"{named(parent.name)} == {text(code)}",
                )


def _by_parent(
    subject: Subject, subjects: Mapping[str, Subject]
) -> Iterator[tuple[Subject, Mapping[str, float]]]:
    """Yield the first variable by whose codes missing shares are stated, and these shares."""
    groups = [Within(fact.within.variable, fact.within.code) for fact in subject.stated.facts
              if fact.statistic == "missing" and fact.within]  # fmt: skip
    for name in dict.fromkeys(group.variable for group in groups[:1]):
        parent = subjects[name]
        if parent.coded:
            own = (group for group in groups if group.variable == name)
            yield parent, {group.code: subject.stated.missing(group) or 0.0 for group in own}
