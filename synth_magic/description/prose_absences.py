"""What all or none of the patients have: `all on metformin`, `none smoke`, `without diabetes`."""

from __future__ import annotations

import re

from synth_magic.description.phrases import NARROWS, PERSON, plain_noun
from synth_magic.description.prose_reading import Reading, Statement
from synth_magic.description.prose_shares import is_state
from synth_magic.description.prose_words import EXCLUSION
from synth_magic.description.sentences import Sentence

_EVERYONE = re.compile(
    rf"\b(?P<who>all|everyone|everybody|(?:every|each|all) {PERSON}|none|no one|no-one|nobody"
    rf"|no {PERSON})\b(?: of)?(?: the| our| them| these)*(?: {PERSON})?"
    r"(?P<verb>(?: (?:are|is|were|was|currently|have|has|had|been))*)"
    r" (?P<what>(?:on|taking|receiving|using|with|treated with|smok\w+|[a-z-]+)[a-z0-9' -]{0,60})"
)
_NOT_QUITE = re.compile(r"\b(?:not|almost|nearly|virtually|if|when|after) $")
_HAVING = re.compile(r"^(?:with|have|had|a history of) ")
_HAVE = re.compile(r"\b(?:have|has|had)$")
_DOING = re.compile(r"(?:on|taking|receiving|using|treated with) ")
_WHAT_IS_ABSENT = (
    r"\b(?:(?<!with or )(?<!with and )without|neither|but not(?! (?:on|taking|receiving|using"
    r"|treated with) )|not(?= (?:on|taking|receiving|using|treated with) )|never had"
    r"|(?:never|not)(?: been)? diagnosed with|excluding"
    r"|exclud(?:ed|es|e)(?: were| are)?:?|free (?:of|from)|no(?: known"
    r"| prior)? history of|no)"
    rf" (?:(?:any|known|prior|a history of|history of|(?:those|anyone|{PERSON}) with|{PERSON} on"
    rf"(?= ))\s+)*"
    r"(?P<what>[a-z][a-z0-9'-]*(?: [a-z0-9'-]+){0,3}?(?:(?:, [a-z'-]+(?: [a-z'-]+){0,2}?)*,? "
    r"(?:or|nor|and) (?!(?:with|on|who|had|have|aged|treated) )[a-z'-]+(?: [a-z'-]+){0,2}?)?)"
)
_ABSENT = re.compile(rf"{_WHAT_IS_ABSENT}(?=[,;.:()|]|$)")
_ABSENT_SOMEWHERE = re.compile(
    rf"{_WHAT_IS_ABSENT}(?= (?:in|at|from|among|during|on|who|whose|aged|living|attending|seen"
    r"|admitted|recruited|registered|treated|followed|undergoing|(?:and|but|with) [a-z]+) )"
)
_PLACE = re.compile(
    r" (?:(?:living|seen|recruited) )?(?:in|at|from) (?:the )?(?:[A-Z]|primary care)"
)
_BARE_NO = re.compile(r"(?:but not|no (?!history|known|prior))")
_LIST = re.compile(r"(?:, (?:or |nor |and )?| or | nor | and )(?:no |without )?")
_RELATED = re.compile(r"\b(?:correlat|associat|relat|differ|predict|affect|depend)\w*")
_ONLY_WITH = re.compile(
    rf" (?:(?:wom[ae]n|m[ae]n|{PERSON}) )?(?:with|who (?:have|had|reported)"
    r"|who (?:have been|had been|were) (?:told (?:that )?they (?:have|had)|diagnosed with))"
    r" (?P<what>[a-z][a-z'-]*(?: [a-z'-]+){0,3}?)"
    r"(?=[,;.:()|]|$| (?:in|at|from|and|who|whose|aged) )"
)
_BARE_WORD = re.compile(rf"\b(?:non[ -](?P<non>[a-z]+)|(?P<free>[a-z]+)[ -]free)(?= {PERSON}\b|$)")
_COMPARED = re.compile(r"\b(?:in|among|amongst|than|and|or|vs|versus|for|from|with) $")


def read_everyone(sentence: Sentence, reading: Reading) -> None:
    """Read `all on metformin` and `none smoke`."""
    names = reading.names
    for match in list(_EVERYONE.finditer(sentence.plain)):
        if _NOT_QUITE.search(sentence.plain, 0, match.start()):
            continue
        stop = min(match.end(), sentence.after(match.start("what")))
        printed = sentence.plain[match.start("what") : stop].rstrip()
        what = _HAVING.sub("", printed)
        does = _DOING.match(what) or _HAVE.search(match["verb"]) or names.is_coded(what)
        if not does or not plain_noun(_DOING.sub("", what)) or not is_state(what, reading):
            continue
        share = 0.0 if match["who"].startswith("no") else 1.0
        quote = sentence.take(match.start(), match.start("what") + len(printed))
        reading.state(sentence, Statement(quote, quote.start, what, "share", share, code="yes"))
    _read_only_with(sentence, reading)


def _read_only_with(sentence: Sentence, reading: Reading) -> None:
    """Read `holds only the men who have been told that they have diabetes`."""
    narrows = NARROWS.search(sentence.plain)
    match = _ONLY_WITH.match(sentence.plain, narrows.end()) if narrows else None
    if match and reading.names.is_coded(match["what"]):
        quote = sentence.take(*match.span("what"))
        statement = Statement(quote, quote.start, match["what"], "share", 1.0, code="yes")
        reading.state(sentence, statement)


def read_absences(sentence: Sentence, reading: Reading) -> None:
    """Read `without diabetes` and `excluding those with cancer` as shares of 0."""
    heading = EXCLUSION.match(sentence.plain)
    if heading:
        _read_exclusions(sentence, heading.end(), reading)
    for pattern in (_ABSENT, _ABSENT_SOMEWHERE):
        _read_absent(sentence, pattern, reading)
    _read_bare_words(sentence, reading)


def _read_absent(sentence: Sentence, pattern: re.Pattern[str], reading: Reading) -> None:
    """Read what patients are without; before other words than a place, only what is known."""
    names = reading.names
    for match in list(pattern.finditer(sentence.plain)):
        if match[0].startswith("but not") and _RELATED.search(sentence.plain, 0, match.start()):
            continue
        parts = [re.sub(rf" {PERSON}$", "", p.strip()) for p in _LIST.split(match["what"])]
        ends = pattern is _ABSENT or _PLACE.match(sentence.text, match.end())
        may_be_new = bool(ends) and not _BARE_NO.match(match[0])
        bare = (_DOING.sub("", p) for p in parts)
        fit = (names.is_coded(p) or (may_be_new and plain_noun(p, 2)) for p in bare)
        if not all(fit) or not all(is_state(p, reading) for p in parts):
            continue
        quote = sentence.take(*match.span())
        for part in parts:
            reading.state(sentence, Statement(quote, quote.start, part, "share", 0.0, code="yes"))


def _read_bare_words(sentence: Sentence, reading: Reading) -> None:
    """Read `non-diabetic adults` and `cancer-free adults`, unless they are one of two groups."""
    names = reading.names
    for match in list(_BARE_WORD.finditer(sentence.plain)):
        what = match["non"] or match["free"]
        compared = _COMPARED.search(sentence.plain, 0, match.start())
        repeated = len(re.findall(rf"\b{what}", sentence.plain)) > 1
        if compared or repeated or names.level(what) or not names.is_coded(what):
            continue
        quote = sentence.take(*match.span())
        reading.state(sentence, Statement(quote, quote.start, what, "share", 0.0, code="yes"))


def _read_exclusions(sentence: Sentence, position: int, reading: Reading) -> None:
    """Read the list after `Exclusion criteria:`; what is no plain condition is left unread."""
    sentence.take(0, position)
    for match in list(re.finditer(r"(?:(?!,|;|\||\bor\b|\band\b).)+", sentence.plain)):
        words = match[0].strip()
        if plain_noun(words) and is_state(words, reading):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            quote = sentence.take(start, start + len(words))
            reading.state(sentence, Statement(quote, quote.start, words, "share", 0.0, code="yes"))
