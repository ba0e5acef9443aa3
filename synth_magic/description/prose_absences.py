"""What all or none of the patients have: `all on metformin`, `none smoke`, `without diabetes`."""

from __future__ import annotations

import re

from synth_magic.description.phrases import PERSON, plain_noun
from synth_magic.description.prose_reading import Reading, Statement
from synth_magic.description.prose_shares import is_state
from synth_magic.description.sentences import Sentence

_EVERYONE = re.compile(
    rf"\b(?P<who>all|everyone|everybody|(?:every|each|all) {PERSON}|none|no one|no-one|nobody"
    rf"|no {PERSON})\b"
    rf"(?: of)?(?: the| our| them| these)*(?: {PERSON})?"
    r"(?P<verb>(?: (?:are|is|were|was|currently|have|has|had|been))*)"
    r" (?P<what>(?:on|taking|receiving|using|with|treated with|smok\w+|[a-z-]+)[a-z0-9' -]{0,60})"
)
_NOT_QUITE = re.compile(r"\b(?:not|almost|nearly|virtually|if|when|after) $")
_EXCLUSION = re.compile(r"(?:exclu[a-z]+)(?: criteria)?(?: were)? ?: *")
_DOING = re.compile(r"(?:on|taking|receiving|using|treated with) ")
_ABSENT = re.compile(
    r"\b(?:without|excluding|exclud(?:ed|es|e)(?: were| are)?:?|free (?:of|from)|no(?: known"
    r"| prior)? history of|no)"
    rf" (?:(?:any|known|prior|a history of|history of|(?:those|anyone|{PERSON}) with|{PERSON} on"
    rf"(?= ))\s+)*"
    r"(?P<what>[a-z][a-z0-9'-]*(?: [a-z0-9'-]+){0,3}?(?:(?:, [a-z'-]+(?: [a-z'-]+){0,2}?)*,? "
    r"(?:or|nor|and)"
    r" [a-z'-]+(?: [a-z'-]+){0,2}?)?)(?=[,;.:()|]|$)"
)
_LIST = re.compile(r", (?:or |nor |and )?| or | nor | and ")


def read_everyone(sentence: Sentence, reading: Reading) -> None:
    """Read `all on metformin` and `none smoke`."""
    names = reading.names
    for match in list(_EVERYONE.finditer(sentence.plain)):
        if _NOT_QUITE.search(sentence.plain, 0, match.start()):
            continue
        stop = sentence.after(match.start("what"))
        what = sentence.plain[match.start("what") : min(match.end(), stop)].rstrip()
        what = re.sub(r"^(?:with|have|had|a history of) ", "", what)
        held = bool(re.search(r"\b(?:have|has|had)$", match["verb"]))
        if not (_DOING.match(what) or held or names.is_coded(what)) or not plain_state(what):
            continue
        if not is_state(what, reading) or re.search(r"\bnot\b", what):
            continue
        share = 0.0 if match["who"].startswith("no") else 1.0
        end = match.start("what") + len(
            sentence.plain[match.start("what") : min(match.end(), stop)].rstrip()
        )
        quote = sentence.take(match.start(), end)
        reading.state(sentence, Statement(quote, quote.start, what, "share", share, code="yes"))


def plain_state(words: str) -> bool:
    return plain_noun(_DOING.sub("", words))


def read_absences(sentence: Sentence, reading: Reading) -> None:
    """Read `without diabetes` and `excluding those with cancer` as shares of 0."""
    names = reading.names
    heading = _EXCLUSION.match(sentence.plain)
    if heading:
        _read_exclusions(sentence, heading.end(), reading)
    for match in list(_ABSENT.finditer(sentence.plain)):
        parts = [re.sub(rf" {PERSON}$", "", p.strip()) for p in _LIST.split(match["what"])]
        bare_no = match[0].startswith("no ") and not match[0].startswith(
            ("no history", "no known", "no prior")
        )
        fit = [p for p in parts if names.is_coded(p) or (not bare_no and plain_noun(p, 2))]
        if len(fit) < len(parts) or any(not is_state(p, reading) for p in parts):
            continue
        quote = sentence.take(*match.span())
        for part in parts:
            reading.state(sentence, Statement(quote, quote.start, part, "share", 0.0, code="yes"))


def _read_exclusions(sentence: Sentence, position: int, reading: Reading) -> None:
    """Read the list after `Exclusion criteria:`; what is no plain condition is left unread."""
    sentence.take(0, position)
    for match in list(re.finditer(r"(?:(?!,|;|\||\bor\b|\band\b).)+", sentence.plain)):
        words = match[0].strip()
        if plain_noun(words) and is_state(words, reading):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            quote = sentence.take(start, start + len(words))
            reading.state(sentence, Statement(quote, quote.start, words, "share", 0.0, code="yes"))
