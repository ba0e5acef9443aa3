"""Of which sex and age the patients of a description are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from synth_magic.catalogue.matching import find
from synth_magic.description.labels import sex_of
from synth_magic.description.model import Description
from synth_magic.description.phrases import NARROWS
from synth_magic.engines.offline.passages import Passage, Span
from synth_magic.spec.model import Fact

_ADULT = 18.0
_INFANT = 2.0
_MONTH = 0.09
_CENTRES = ("mean", "p50")
_YOUNG_SEXES = re.compile(
    r"\b(?:(?P<female>females?|girls?)|(?P<male>males?|boys?))\b(?!['’])", re.IGNORECASE
)
_SEXES = re.compile(
    r"\b(?:(?P<female>wom[ae]n|females?|mothers?|girls?|ladies)"
    r"|(?P<male>m[ae]n|males?|fathers?|boys?|gentlemen))\b(?!['’])",
    re.IGNORECASE,
)
_OF_SOME = re.compile(
    r"(?:[0-9]\s*(?:%|per ?cent)\)?(?: (?:of (?:them|whom)|were|are|being))*"
    r"|\b(?:half|third|quarters?|fifths?|most(?:ly)?|mainly|predominantly|largely|proportion"
    r"|percentage|number|share|more|fewer|of whom [0-9]+|including [0-9]+|without"
    r"|exclud\w+(?: pregnant| lactating)?|no|not|other than|born to|sex with|(?:newborns?|infants?"
    r"|babies|children|sons|wives) of(?: [a-z-]+)?))[\s(]*(?:(?:of|were|are) )?(?:the )?$",
    re.IGNORECASE,
)
_SHARE_FOLLOWS = re.compile(
    r"\s*(?:(?:sex|gender)\s*)?(?:(?:was|were|is|made up|accounted for)\s*)?"
    r"[:(=,]?\s*(?:n\s*=\s*)?[0-9][0-9.]*\s*(?:%|\()",
    re.IGNORECASE,
)
_NEWBORN = re.compile(
    r"\b(?:neonat\w+|newborns?|new-born|preterm|premature|(?:at|low) birth|birth ?weight)\b", re.I
)
_INFANTS = re.compile(r"\b(?:infants?|bab(?:y|ies)|toddlers?)\b", re.IGNORECASE)
CHILDREN = re.compile(
    r"\b(?:child(?:ren)?|infants?|neonates?|newborns?|bab(?:y|ies)|toddlers?|adolescents?|teenagers?"
    r"|boys|girls|p(?:a)?ediatric|preschool\w*|school-?children|kids|pupils|preterm infants)\b"
    r"(?!['’]|\s+(?:birth|mortality|deaths?)|[ -–]{1,3}(?:turcotte|pugh))",
    re.IGNORECASE,
)
_NOT_PATIENTS = re.compile(
    r"(?:\b(?:number of|no|without|have|having|had|with|excluding|of)"
    r"|[0-9]\s*%|/)\s*$",
    re.IGNORECASE,
)
_WITH_PARENTS = re.compile(r"\s+and (?:their )?(?:mothers|parents)\b", re.IGNORECASE)
_PARENTS = re.compile(r"\b(?:mothers?|parents?|pregnan\w+|wom[ae]n|deliver\w+)\b", re.IGNORECASE)
_GROWN = re.compile(
    r"\b(?:adults?|m[ae]n|elderly|seniors|veterans|nurses|soldiers|students)\b", re.IGNORECASE
)


def only_sex(passages: Iterable[Passage], taken: Sequence[Span], children: bool) -> str:
    """Return the one sex that the words name, if they name just one; of children, not mothers.

    Where words say that only one of them are the patients, the other may be named too.
    """
    sexes = _YOUNG_SEXES if children else _SEXES
    passages = list(passages)
    kept = {
        str(sex.lastgroup)
        for passage in passages
        for narrows in NARROWS.finditer(passage.text)
        if (sex := sexes.match(passage.text, narrows.end() + 1))
    }
    if len(kept) == 1:
        return kept.pop()
    named = {
        str(match.lastgroup)
        for passage in passages
        if passage.of_people
        for match in sexes.finditer(passage.text)
        if not _is_of_some(passage, match, taken)
    }
    return named.pop() if len(named) == 1 else ""


def has_others(description: Description, sex: str) -> bool:
    """Tell whether figures say that not all patients are of one sex."""
    sexes = _variables(description, "sex")
    return any(
        (fact.variable in sexes and fact.statistic == "share" and 0 < fact.value < 1)
        or (fact.within and fact.within.variable in sexes and sex_of(fact.within.code) != sex)
        for fact in description.facts
    )


def are_children(description: Description, passages: Sequence[Passage]) -> bool:
    """Tell whether all patients are children: by their ages, else by what they are called."""
    ages = list(_ages(description))
    if any(statistic in ("min", *_CENTRES) and years >= _ADULT for statistic, years in ages):
        return False
    highest = [years for statistic, years in ages if statistic in ("max", *_CENTRES)]
    if highest:
        return max(highest) < _ADULT or (max(highest) <= _ADULT and bool(_called(passages)))
    return _called(passages)


def age_group(description: Description, passages: Sequence[Passage]) -> str:
    """Return whether children are newborns, infants or older, as the catalogue calls them."""
    ages = [years for statistic, years in _ages(description) if statistic != "min"]
    text = " ".join(passage.text for passage in passages if passage.of_people)
    if ages:
        return "newborn" if max(ages) < _MONTH else "infants" if max(ages) < _INFANT else "children"
    if _NEWBORN.search(text):
        return "newborn"
    return "infants" if _INFANTS.search(text) else "children"


def _called(passages: Iterable[Passage]) -> bool:
    """Tell whether words call all patients children; of mothers and babies, the first named."""
    text = " ".join(passage.text for passage in passages if passage.of_people)
    children = [
        match
        for match in CHILDREN.finditer(text)
        if not _NOT_PATIENTS.search(text[: match.start()])
    ]
    with_parents = any(_WITH_PARENTS.match(text, match.end()) for match in children)
    if not children or with_parents or _GROWN.search(text):
        return False
    parents = _PARENTS.search(text)
    return parents is None or children[0].start() < parents.start()


def _is_of_some(passage: Passage, match: re.Match[str], taken: Sequence[Span]) -> bool:
    before, start = passage.text[: match.start()], passage.start + match.start()
    if any(low <= start < high for low, high in taken):
        return True
    return bool(_OF_SOME.search(before) or _SHARE_FOLLOWS.match(passage.text, match.end()))


def _ages(description: Description) -> Iterable[tuple[str, float]]:
    """Yield the ages in years that are stated of all patients, each with its statistic."""
    units = _variables(description, "age")
    for fact in description.facts:
        if fact.variable in units and not fact.within and _is_of_age(fact):
            yield fact.statistic, fact.value / units[fact.variable]


def _is_of_age(fact: Fact) -> bool:
    return fact.statistic in ("min", "max", *_CENTRES)


def _variables(description: Description, entry: str) -> dict[str, float]:
    """Return the variables that are an entry, each with how many of its units make one."""
    found = {}
    for variable in description.variables:
        match = find(variable.name, variable.label, variable.unit)
        if match.entry is not None and match.entry.name == entry and match.unit is not None:
            found[variable.name] = match.unit.factor
    return found
