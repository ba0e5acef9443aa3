"""Shares of patients in prose: `56% male`, `diabetes in 30%`, `one in five smokes`, `none smoke`."""

from __future__ import annotations

import re

from synth_magic.description.phrases import PERSON, STUDY
from synth_magic.description.prose_reading import Reading, Statement
from synth_magic.description.prose_words import SHARE, group_ahead, share_of, words_behind
from synth_magic.description.sentences import Sentence

_SHARE = re.compile(SHARE)
_VERBS = re.compile(
    r" *(?:(?:are|is|were|was|be|being|been|have|has|had|having|with|who|that|also|currently|already|ever|previously|do"
    r"|does|did|suffer(?:s|ed|ing)? from|diagnosed with|reported|report|the|an?|any|known|documented|(?P<not>not|no"
    r"|without|free of|never|lack|lacked))\b *)*"
)
_OF_WHOM = re.compile(
    r" *(?:of )?(?P<who>them\b|whom\b|(?:(?:the |all |our |these |those )*[a-z][a-z'-]*(?: [a-z'-]+){0,2}?)"
    r"(?= (?:are|is|were|was|have|has|had|with|without|who|on|taking|smok|die|do|did|not)|$))"
)
_DANGLING = re.compile(
    r"(?: +(?:with|and|an?|the|who|whose|had|have|has|aged|of|their|is|are|was|were))* *$"
)
_TRAILING_PEOPLE = re.compile(rf" (?:{PERSON}|{STUDY}|cohort|sex|gender)$")
_LEADING = re.compile(r"^(?:of|in|for|the|an?|with|some|about|around|roughly|and) ")
_LONGEST = 6
_NOT_A_STATE = re.compile(
    r"\b(?:ci|confidence|interval|reduction|increase|decrease|change|variance|rise|fall|percentile"
    r"|sd|iqr|mean|median|rest|remainder|more|less|others?)\b|[#%=]"
)


def read_shares(sentence: Sentence, reading: Reading) -> None:
    """Read the shares of a sentence."""
    for match in list(_SHARE.finditer(sentence.plain)):
        if "|" not in sentence.plain[match.start() : match.end()]:
            _read_share(sentence, match, reading)


def _read_share(sentence: Sentence, match: re.Match[str], reading: Reading) -> None:
    names = reading.names
    behind = words_behind(sentence, match.start(), names)
    left = behind.subject or (behind.last if names.level(behind.last) else "")
    opened = sentence.plain[: match.start()].rstrip()[-1:] in ("(", "[")
    closed = re.match(r" *[)\]]", sentence.plain[match.end() :])
    ahead = _words_ahead(sentence, match.end(), reading)
    start = end = match.end()
    subject, group, absent = "", behind.group, False
    if opened and closed:
        before = len(sentence.plain[: match.start()].rstrip()) - 1
        behind = words_behind(sentence, before, names)
        subject, start, end = behind.subject, behind.start, match.end() + closed.end()
        subject = subject or (behind.last if names.level(behind.last) else "")
        group = behind.group if subject != behind.last else ""
        absent = behind.denied
    elif ahead and not (_names_itself(left, reading) and not _level_of(left, ahead[0], reading)):
        subject, own_group, absent, end = ahead
        group = own_group or group
        start = match.start() if not behind.group else behind.start
    elif left:
        subject, start, absent = left, behind.start, behind.denied
        group = "" if left == behind.last else group
    if not (ahead and subject == ahead[0]):
        end, who = group_ahead(sentence, end, names)
        if who is None:
            return
        group = who or group
    elif behind.denied:
        return
    if subject:
        subject = _LEADING.sub("", subject)
    if subject and not is_state(subject, reading):
        return
    if not subject and not group:
        return
    start = min(start, match.start())
    reading.state(
        sentence,
        Statement(
            sentence.quote(start, end), sentence.start + start, subject, "share",
            share_of(sentence, match), group, code="no" if absent else "yes",
        ),
    )  # fmt: skip
    sentence.take(start, end)


def _words_ahead(
    sentence: Sentence, position: int, reading: Reading
) -> tuple[str, str, bool, int] | None:
    """Read "of women are smokers" after a share: what, in whom, whether denied, and the end."""
    names = reading.names
    stop = sentence.after(position)
    figure = re.search(r"#", sentence.plain[position:stop])
    if figure:
        stop = position + figure.start()
    group = ""
    at = position
    whom = _OF_WHOM.match(sentence.plain, position, stop)
    if whom:
        who = names.people(whom["who"])
        of = sentence.plain[position : whom.start("who")].strip()
        subset = re.match(r"them|whom|those|these", whom["who"]) and any(
            s.sentence == sentence.start and s.statistic == "share" for s in reading.statements
        )
        if subset:
            return None
        if who is not None and (
            of or re.fullmatch(PERSON, whom["who"]) and not names.level(whom["who"])
        ):
            group, at = who, whom.end()
        elif of:
            return None
    verbs = _VERBS.match(sentence.plain, at, stop)
    absent = bool(verbs and verbs["not"])
    begin = verbs.end() if verbs else at
    words = _DANGLING.sub("", sentence.plain[begin:stop])
    end = begin + len(words)
    for ahead in re.finditer(r" (?:in|among|amongst|for) ", words):
        group_end, who = group_ahead(sentence, begin + ahead.start(), names)
        if who is not None and group_end >= end:
            group, words = who or group, words[: ahead.start()]
            break
    occasion = re.search(r" (?:at|on) (?:baseline|admission|entry|inclusion|diagnosis)$", words)
    if occasion:
        words = words[: occasion.start()]
    people = _TRAILING_PEOPLE.search(words)
    if people:
        words, end = words[: people.start()], begin + people.start()
    subject = " ".join(words.split())
    for prefix in ("non-", "non "):
        if subject.startswith(prefix) and names.is_coded(subject.removeprefix(prefix)):
            subject, absent = subject.removeprefix(prefix), not absent
    if re.match(r"(?:in|among|for|at|with a?|that|than|of)\b", subject):
        return None
    if (
        absent
        and verbs
        and verbs["not"] in ("no", "lack", "lacked")
        and not names.is_coded(subject)
    ):
        return None
    return (subject, group, absent, end) if subject else None


def _names_itself(words: str, reading: Reading) -> bool:
    return bool(words and reading.names.find(words) and reading.names.is_coded(words))


def _level_of(words: str, level: str, reading: Reading) -> bool:
    """Tell whether the second words are a level of the variable that the first ones name."""
    found = reading.names.level(level)
    return found is not None and found[0] == reading.names.find(words)


def is_state(subject: str, reading: Reading) -> bool:
    """Tell whether patients can be or have what the words say."""
    names = reading.names
    if names.is_coded(subject):
        return True
    if len(subject.split()) > _LONGEST or _NOT_A_STATE.search(subject) or names.misspelt(subject):
        return False
    if names.is_number(subject) or any(names.is_number(w) for w in names.known_words(subject)):
        return False
    return len(subject) > 1
