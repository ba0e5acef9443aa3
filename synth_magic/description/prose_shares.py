"""Shares of patients in prose: `56% male`, `diabetes in 30%`, `one in five smokes`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from synth_magic.description.phrases import PERSON, STUDY, of_the_study, plain_noun
from synth_magic.description.prose_reading import Reading, Statement
from synth_magic.description.prose_words import (
    OCCASION,
    SHARE,
    Behind,
    group_ahead,
    share_of,
    words_before,
    words_behind,
)
from synth_magic.description.sentences import READ, Sentence

_SHARE = re.compile(SHARE)
_VERBS = re.compile(
    r" *(?:(?:are|is|were|was|be|being|been|have|has|had|having|with|who|that|also|currently"
    r"|already|ever|previously|do|does|did|suffer(?:s|ed|ing)? from|diagnosed with|reported"
    r"|report|the|an?|any|known|documented"
    r"|(?P<denial>not|no|without|free of|never|lack|lacked))\b *)*"
)
_OF_WHOM = re.compile(
    r" *(?:of )?(?P<who>them\b|whom\b|(?:(?:the |all |our |these |those )*[a-z][a-z'-]*"
    r"(?: [a-z'-]+){0,2}?)(?= (?:are|is|were|was|have|has|had|with|without|who|on|taking|smok|die"
    r"|do|did|not)|$))"
)
_DANGLING = re.compile(
    r"(?: +(?:with|and|an?|the|who|whose|had|have|has|aged|of|their|is|are|was|were))* *$"
)
_PEOPLE_LAST = re.compile(rf" (?:{PERSON}|{STUDY}|sex|gender)$")
_SEX_OF_PEOPLE = re.compile(rf" *(?:(?:fe)?male(?= (?:{PERSON})\b)|(?:wo)?men(?= with\b))")
_NO_SUBJECT = re.compile(r"(?:in|among|for|at|with a?|that|than|of)\b")
_FIRST_WORD = re.compile(r"^(?:of|in|for|the|an?|with|some|about|around|roughly|and) ")
_BRACKET_CLOSED = re.compile(r" *[)\]]")
_NOT_A_STATE = re.compile(
    r"\b(?:ci|confidence|interval|reduction|increase|decrease|change|variance|rise|fall|percentile"
    r"|sd|iqr|mean|median|rest|remainder|more|less|others?|power"
    r"|units|hospitals|sites|cent(?:re|er)s|clinics|countries|households|schools|practices)\b|[#%=]"
    r"|^(?:higher|lower|above|below|over|under|older|younger|again|overall|either|both)$"
    r"|\b(?:the|an?|of|in|to|with|at|by|for|from|or|and)$"
)
_FIGURE_NEXT = re.compile(r" #")
_MOST_WORDS = 6
_EQUAL = re.compile(
    r"\b(?:equal (?:numbers?|proportions?|shares?) of|equally (?:split|divided) (?:between|into))"
    r" (?P<one>[a-z]+) and (?P<other>[a-z]+)\b"
)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a share is said to be of, in whom, and the stretch of the sentence that says so."""

    subject: str
    start: int
    end: int
    group: str = ""
    absent: bool = False


def read_equal_shares(sentence: Sentence, reading: Reading) -> None:
    """Read `equal numbers of men and women`."""
    names = reading.names
    for match in list(_EQUAL.finditer(sentence.plain)):
        one, other = names.level(match["one"]), names.level(match["other"])
        if one is None or other is None or one[0] != other[0] or one == other:
            continue
        quote = sentence.take(*match.span())
        for words in match.group("one", "other"):
            reading.state(sentence, Statement(quote, quote.start, words, "share", 0.5, code="yes"))


def read_shares(sentence: Sentence, reading: Reading) -> None:
    """Read the shares of a sentence."""
    for share in list(_SHARE.finditer(sentence.plain)):
        if READ in sentence.plain[share.start() : share.end()]:
            continue
        claim = _claim(sentence, share, reading)
        if claim is None or not (claim.subject or claim.group):
            continue
        if claim.subject and not is_state(claim.subject, reading):
            continue
        reading.state(
            sentence,
            Statement(
                sentence.quote(claim.start, claim.end), sentence.start + claim.start,
                claim.subject, "share", share_of(sentence, share), claim.group,
                code="no" if claim.absent else "yes",
            ),
        )  # fmt: skip
        sentence.take(claim.start, claim.end)


def is_state(subject: str, reading: Reading) -> bool:
    """Tell whether patients can be or have what the words say."""
    names = reading.names
    if names.is_coded(subject):
        return True
    too_long = len(subject.split()) > _MOST_WORDS
    if too_long or _NOT_A_STATE.search(subject) or of_the_study(subject):
        return False
    if names.misspelt(subject) or any(names.is_number(w) for w in names.known_words(subject)):
        return False
    return len(subject) > 1


def _claim(sentence: Sentence, share: re.Match[str], reading: Reading) -> _Claim | None:
    """Find the subject of a share: before its bracket, after it, or before it."""
    behind = words_behind(sentence, share.start(), reading.names)
    opened = sentence.plain[: share.start()].rstrip()
    closed = _BRACKET_CLOSED.match(sentence.plain, share.end())
    if closed and opened.endswith(("(", "[")):
        behind = words_behind(sentence, len(opened) - 1, reading.names)
        return _claim_behind(sentence, behind, share.start(), closed.end(), reading)
    ahead = _claim_ahead(sentence, share, reading)
    if ahead is None or _rather_before(behind.subject, ahead.subject, reading):
        return _claim_behind(sentence, behind, share.start(), share.end(), reading)
    if behind.denied:
        return None
    if behind.group:
        return replace(ahead, group=ahead.group or behind.group, start=behind.start)
    return ahead


def _rather_before(before: str, after: str, reading: Reading) -> bool:
    """Tell whether a share is of the words before it although words follow it.

    So it is in `diabetes 30% hypertension 45%`, but not in `sex 40% female`.
    """
    names = reading.names
    level = names.level(after)
    named = bool(before and names.find(before) and names.is_coded(before))
    return named and not (level and level[0] == names.find(before))


def _claim_behind(
    sentence: Sentence, behind: Behind, position: int, end: int, reading: Reading
) -> _Claim | None:
    """Read `diabetes in` before a share, and `of men` after it."""
    subject, group = behind.subject, behind.group
    if not subject and reading.names.level(behind.last):
        subject, group = behind.last, ""
    end, who = group_ahead(sentence, end, reading.names)
    if who is None or _FIGURE_NEXT.match(sentence.plain, end):
        return None
    headed = sentence.plain[:position].rstrip().endswith(":")
    if not subject and not group and headed:
        subject = words_before(sentence, position)
        start = sentence.before(len(sentence.plain[:position].rstrip()) - 1)
        start += len(sentence.plain[start:]) - len(sentence.plain[start:].lstrip())
        return _Claim(subject, start, end, who) if plain_noun(subject) else None
    subject = _FIRST_WORD.sub("", subject)
    start = min(behind.start, position)
    return _Claim(subject, start, end, who or group, behind.denied)


def _claim_ahead(sentence: Sentence, share: re.Match[str], reading: Reading) -> _Claim | None:
    """Read `of women are smokers` after a share."""
    names = reading.names
    stop = sentence.after(share.end())
    figure = sentence.plain.find("#", share.end(), stop)
    stop = figure if figure >= 0 else stop
    begin, group = share.end(), ""
    whom = _OF_WHOM.match(sentence.plain, begin, stop)
    if whom:
        of = bool(sentence.plain[begin : whom.start("who")].strip())
        who = names.people(whom["who"])
        plain_people = re.fullmatch(PERSON, whom["who"]) and not names.level(whom["who"])
        if _of_those_before(sentence, whom["who"], reading) or (of and who is None):
            return None
        if who is not None and (of or plain_people):
            begin, group = whom.end(), who
    verbs = _VERBS.match(sentence.plain, begin, stop)
    denial = verbs["denial"] if verbs else None
    begin = verbs.end() if verbs else begin
    words = _DANGLING.sub("", sentence.plain[begin:stop])
    words, end, whose = _part_group(sentence, begin, words, reading)
    if sex := _SEX_OF_PEOPLE.match(words):
        words, end = sex[0], begin + sex.end()
    elif people := _PEOPLE_LAST.search(words):
        words, end = words[: people.start()], begin + people.start()
    subject = " ".join(words.split())
    bare = re.sub(r"^non[ -]", "", subject)
    negated = bare != subject and names.is_coded(bare)
    subject = bare if negated else subject
    if denial == "never" and subject.startswith("smok"):
        denial, subject = None, f"never {subject}"
    unclear = denial in ("no", "lack", "lacked") and not names.is_coded(subject)
    if not subject or unclear or _NO_SUBJECT.match(subject):
        return None
    return _Claim(subject, share.start(), end, whose or group, bool(denial) != negated)


def _of_those_before(sentence: Sentence, who: str, reading: Reading) -> bool:
    """Tell whether "of them" means a part of the patients: those of a share before."""
    return bool(re.match(r"(?:them|whom|those|these)\b", who)) and any(
        s.sentence == sentence.start and s.statistic == "share" for s in reading.statements
    )


def _part_group(
    sentence: Sentence, begin: int, words: str, reading: Reading
) -> tuple[str, int, str]:
    """Part `diabetes in women` into the state and the patients; return also where it ends."""
    end = begin + len(words)
    for link in re.finditer(r" (?:in|among|amongst|for) ", words):
        group_end, who = group_ahead(sentence, begin + link.start(), reading.names)
        if who is not None and group_end >= end:
            return words[: link.start()], end, who
    occasion = OCCASION.search(words)
    return (words[: occasion.start()] if occasion else words), end, ""
