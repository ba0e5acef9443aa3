"""What all or none of the patients have: `all on metformin`, `none smoke`, `without diabetes`."""

from __future__ import annotations

import re

from synth_magic.description.phrases import PERSON, plain_noun
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
_ABSENT = re.compile(
    r"\b(?:without|neither|not(?= (?:on|taking|receiving|using|treated with) )|never had"
    r"|(?:never|not)(?: been)? diagnosed with|excluding"
    r"|exclud(?:ed|es|e)(?: were| are)?:?|free (?:of|from)|no(?: known"
    r"| prior)? history of|no)"
    rf" (?:(?:any|known|prior|a history of|history of|(?:those|anyone|{PERSON}) with|{PERSON} on"
    rf"(?= ))\s+)*"
    r"(?P<what>[a-z][a-z0-9'-]*(?: [a-z0-9'-]+){0,3}?(?:(?:, [a-z'-]+(?: [a-z'-]+){0,2}?)*,? "
    r"(?:or|nor|and) [a-z'-]+(?: [a-z'-]+){0,2}?)?)(?=[,;.:()|]|$)"
)
_BARE_NO = re.compile(r"no (?!history|known|prior)")
_LIST = re.compile(r"(?:, (?:or |nor |and )?| or | nor | and )(?:no )?")
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


def read_absences(sentence: Sentence, reading: Reading) -> None:
    """Read `without diabetes` and `excluding those with cancer` as shares of 0."""
    names = reading.names
    heading = EXCLUSION.match(sentence.plain)
    if heading:
        _read_exclusions(sentence, heading.end(), reading)
    for match in list(_ABSENT.finditer(sentence.plain)):
        parts = [re.sub(rf" {PERSON}$", "", p.strip()) for p in _LIST.split(match["what"])]
        may_be_new = not _BARE_NO.match(match[0])
        bare = (_DOING.sub("", p) for p in parts)
        fit = (names.is_coded(p) or (may_be_new and plain_noun(p, 2)) for p in bare)
        if not all(fit) or not all(is_state(p, reading) for p in parts):
            continue
        quote = sentence.take(*match.span())
        for part in parts:
            reading.state(sentence, Statement(quote, quote.start, part, "share", 0.0, code="yes"))
    _read_bare_words(sentence, reading)


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
