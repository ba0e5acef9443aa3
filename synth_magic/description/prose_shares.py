"""Shares of patients in prose: `56% male`, `diabetes in 30%`, `one in five smokes`, `none smoke`."""

from __future__ import annotations

import re

from synth_magic.description.phrases import PERSON, STUDY, plain_noun
from synth_magic.description.prose_reading import Reading, Statement
from synth_magic.description.prose_words import SHARE, group_ahead, share_of, words_behind
from synth_magic.description.sentences import Sentence
from synth_magic.spec.model import QUANTILE_LEVELS

_SHARE = re.compile(SHARE)
_VERBS = re.compile(
    r" *(?:(?:are|is|were|was|be|being|been|have|has|had|having|with|who|that|also|currently|already|do"
    r"|does|did|suffer(?:s|ed|ing)? from|diagnosed with|reported|report|the|an?|any|known|documented|(?P<not>not|no"
    r"|without|free of|never|lack|lacked))\b *)*"
)
_OF_WHOM = re.compile(
    r" *(?:of )?(?P<who>(?:the |all |our |these |those )*[a-z][a-z'-]*(?: [a-z'-]+){0,2}?)"
    r"(?= (?:are|is|were|was|have|has|had|with|without|who|on|taking|smok|die|do|did|not)|$)"
)
_TRAILING_PEOPLE = re.compile(rf" (?:{PERSON}|{STUDY}|cohort|sex|gender)$")
_LEADING = re.compile(r"^(?:of|in|for|the|an?|with|some|about|around|roughly|and) ")
_LONGEST = 6
_NOT_A_STATE = re.compile(
    r"\b(?:ci|confidence|interval|reduction|increase|decrease|change|variance|rise|fall|percentile"
    r"|sd|iqr|mean|median|rest|remainder|more|less|others?)\b|[#%=]"
)
_SUBJECT_HOLDS_FIGURE_OF_ITS_OWN = re.compile(r"^(?:men|women|male|female)\b")

_EVERYONE = re.compile(
    rf"\b(?P<who>all|everyone|everybody|(?:every|each|all) {PERSON}|none|no one|no-one|nobody|no {PERSON})\b"
    rf"(?: of)?(?: the| our| them| these)*(?: {PERSON})?"
    r"(?P<verb>(?: (?:are|is|were|was|currently|have|has|had|been))*)"
    r" (?P<what>(?:on|taking|receiving|using|with|treated with|smok\w+|[a-z-]+)[a-z0-9' -]*)"
)
_DOING = re.compile(r"(?:on|taking|receiving|using|treated with) ")
_ABSENT = re.compile(
    r"\b(?:without|excluding|exclud(?:ed|es|e)(?: were| are)?:?|free (?:of|from)|no(?: known| prior)? history of|no)"
    rf" (?:(?:any|known|prior|a history of|history of|(?:those|anyone|{PERSON}) with|{PERSON} on(?= ))\s+)*"
    r"(?P<what>[a-z][a-z0-9'-]*(?: [a-z0-9'-]+){0,3}?(?:(?:, [a-z'-]+(?: [a-z'-]+){0,2}?)*,? (?:or|nor|and)"
    r" [a-z'-]+(?: [a-z'-]+){0,2}?)?)(?=[,;.:()|]|$)"
)
_LIST = re.compile(r", (?:or |nor |and )?| or | nor | and ")
_BOUND_AHEAD = re.compile(
    r"(?P<subject>[a-z0-9' ,-]*?)(?P<side>over|above|older than|more than|greater than|higher than|at least|≥|>=|>"
    r"|under|below|younger than|less than|lower than|at most|≤|<=|<) ?(?P<value>#+)"
)
_LOWER_SIDES = ("under", "below", "younger than", "less than", "lower than", "at most", "≤", "<=", "<")


def read_shares(sentence: Sentence, reading: Reading) -> None:
    """Read the shares of a sentence."""
    for match in list(_SHARE.finditer(sentence.plain)):
        if "|" not in sentence.plain[match.start() : match.end()]:
            _read_share(sentence, match, reading)


def _read_share(sentence: Sentence, match: re.Match[str], reading: Reading) -> None:
    names = reading.names
    behind = words_behind(sentence, match.start(), names)
    left = behind.subject
    opened = sentence.plain[: match.start()].rstrip()[-1:] in ("(", "[")
    closed = re.match(r" *[)\]]", sentence.plain[match.end() :])
    ahead = _words_ahead(sentence, match.end(), reading)
    start = end = match.end()
    subject, group, absent = "", behind.group, False
    if opened and closed:
        before = len(sentence.plain[: match.start()].rstrip()) - 1
        behind = words_behind(sentence, before, names)
        subject, start, end = behind.subject, behind.start, match.end() + closed.end()
        group = behind.group
        absent = behind.denied
    elif ahead and not (left and names.is_coded(left) and names.find(left)):
        subject, own_group, absent, end = ahead
        group = own_group or group
        start = match.start() if not behind.group else behind.start
    elif left:
        subject, start, absent = left, behind.start, behind.denied
    if not (ahead and subject == ahead[0]):
        end, who = group_ahead(sentence, end, names)
        if who is None:
            return
        group = who or group
    elif behind.denied:
        return
    if subject:
        subject = _LEADING.sub("", subject)
    if subject and not _is_state(subject, reading):
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
        if who is not None and (of or (who == "" and whom.end() < stop)):
            group, at = who, whom.end()
        elif of:
            return None
    verbs = _VERBS.match(sentence.plain, at, stop)
    absent = bool(verbs and verbs["not"])
    begin = verbs.end() if verbs else at
    words = sentence.plain[begin:stop].rstrip()
    end = begin + len(words)
    for ahead in re.finditer(r" (?:in|among|amongst|for) ", words):
        group_end, who = group_ahead(sentence, begin + ahead.start(), names)
        if who is not None and group_end >= end:
            group, words = who or group, words[: ahead.start()]
            break
    occasion = re.search(r" (?:at|on) (?:baseline|admission|entry|inclusion|diagnosis)$", words)
    if occasion:
        words = words[: occasion.start()]
    subject = _TRAILING_PEOPLE.sub("", " ".join(words.split()))
    for prefix in ("non-", "non "):
        if subject.startswith(prefix) and names.is_coded(subject.removeprefix(prefix)):
            subject, absent = subject.removeprefix(prefix), not absent
    if re.match(r"(?:in|among|for|at|with a?|that|than|of)\b", subject):
        return None
    return (subject, group, absent, end) if subject else None


def _is_state(subject: str, reading: Reading) -> bool:
    """Tell whether patients can be or have what the words say."""
    names = reading.names
    if names.is_coded(subject):
        return True
    if len(subject.split()) > _LONGEST or _NOT_A_STATE.search(subject) or names.misspelt(subject):
        return False
    if names.is_number(subject) or any(names.is_number(w) for w in names.known_words(subject)):
        return False
    return len(subject) > 1


def read_thresholds(sentence: Sentence, reading: Reading) -> None:
    """Read `5% have BMI over 40` as the 95th percentile; cross out shares that are no quantile."""
    names = reading.names
    for match in list(_SHARE.finditer(sentence.plain)):
        stop = re.search(r"[,;:|()\[\]]", sentence.plain[match.end() :])
        limit = match.end() + stop.start() if stop else len(sentence.plain)
        bound = _BOUND_AHEAD.match(sentence.plain, match.end(), limit)
        verbs = _VERBS.match(sentence.plain, match.end(), limit) if bound else None
        if not bound or not verbs:
            continue
        words = " ".join(bound["subject"].split())
        words = re.sub(rf"^(?:of )?(?:the |our |all )*(?:{PERSON}|them|those)?\b", "", words).strip()
        words = re.sub(r"^(?:(?:are|is|were|was|have|had|with|aged|an?|who)\b ?)*", "", words)
        if words and not names.is_number(words):
            continue
        lower = bound["side"] in _LOWER_SIDES
        share = share_of(sentence, match)
        level = share if lower else 1 - share
        found = next((q for q, p in QUANTILE_LEVELS.items() if abs(p - level) < 1e-9), None)  # noqa: PLR2004
        end = re.match(r"(?: ?(?:years?|%|[a-z]+/[a-z0-9]+|mm ?hg))?", sentence.plain[bound.end() :])
        end_at = bound.end() + (end.end() if end else 0)
        over = sentence.plain[end_at:limit].strip()
        if found is None or over:
            reading.unread.append(sentence.take(match.start(), limit))
            continue
        from synth_magic.description.numbers import parse_number
        value = parse_number(sentence.text[bound.start("value") : bound.end("value")])
        quote = sentence.take(match.start(), end_at)
        reading.state(sentence, Statement(quote, quote.start, words or "age", found, value))


def read_everyone(sentence: Sentence, reading: Reading) -> None:
    """Read `all on metformin` and `none smoke`."""
    names = reading.names
    for match in list(_EVERYONE.finditer(sentence.plain)):
        stop = sentence.after(match.start("what"))
        what = sentence.plain[match.start("what") : min(match.end(), stop)].rstrip()
        what = re.sub(r"^(?:with|have|had|a history of) ", "", what)
        held = bool(re.search(r"\b(?:have|has|had)$", match["verb"]))
        if not (_DOING.match(what) or held or names.is_coded(what)) or not plain_state(what):
            continue
        if not _is_state(what, reading) or re.search(r"\bnot\b", what):
            continue
        share = 0.0 if match["who"].startswith("no") else 1.0
        end = match.start("what") + len(sentence.plain[match.start("what") : min(match.end(), stop)].rstrip())
        quote = sentence.take(match.start(), end)
        reading.state(
            sentence, Statement(quote, quote.start, what, "share", share, code="yes")
        )


def plain_state(words: str) -> bool:
    return plain_noun(_DOING.sub("", words))


def read_absences(sentence: Sentence, reading: Reading) -> None:
    """Read `without diabetes` and `excluding those with cancer` as shares of 0."""
    names = reading.names
    for match in list(_ABSENT.finditer(sentence.plain)):
        parts = [re.sub(rf" {PERSON}$", "", p.strip()) for p in _LIST.split(match["what"])]
        bare_no = match[0].startswith("no ") and not match[0].startswith(("no history", "no known", "no prior"))
        fit = [p for p in parts if names.is_coded(p) or (not bare_no and plain_noun(p, 2))]
        if len(fit) < len(parts) or any(not _is_state(p, reading) for p in parts):
            continue
        quote = sentence.take(*match.span())
        for part in parts:
            reading.state(sentence, Statement(quote, quote.start, part, "share", 0.0, code="yes"))
