"""Correlations in prose: `r = 0.3 between age and SBP`, `falls with age`, `unrelated to BMI`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from synth_magic.description.numbers import parse_number
from synth_magic.description.phrases import fold, plain_noun
from synth_magic.description.prose_reading import Reading, Statement
from synth_magic.description.prose_words import Behind, words_behind
from synth_magic.description.sentences import READ, Sentence

_NAME = r"[a-z][a-z0-9'/-]*(?: [a-z0-9][a-z0-9'/-]*){0,4}?"
_COEFFICIENT = (
    r"(?:spearman(?:'s)?(?: rank)?(?: correlation)?(?: coefficient)?(?: rho| r)?|pearson(?:'s)?"
    r"(?: correlation)?(?: r)?|(?:rank )?correlation(?: coefficient)?|rho|r_?s|r)\b"
)
_IS = r"(?: (?:of|is|was|at|about|around))*(?: ?[=:])? *"
_FIGURE = r"(?P<value>#+)(?![#]| ?%)"
_VALUE = rf"(?:{_COEFFICIENT}{_IS})?{_FIGURE}"
_THEN_VALUE = re.compile(
    rf"(?:,? ?[(\[] ?|,? (?:(?:at|with|of)(?: an?)? )?(?={_COEFFICIENT})|,? at ){_VALUE} ?[)\]]?"
)
_END = r"(?= *(?:[,;:.()|\[\]#]|$)| (?:at|with|of|is|was|and|but|in|=|too|also|as well)\b)"

_VALUE_FIRST = re.compile(
    rf"\b(?:(?:an?|the) )?(?:\w+ )?{_COEFFICIENT}{_IS}{_FIGURE} ?\)?(?: (?:between|for|of|linking))"
    rf" (?P<a>{_NAME}) (?:and|with) (?P<b>{_NAME}){_END}"
)
_PAIR_FIRST = re.compile(
    rf"\b(?:(?:an?|the) )?(?:{_COEFFICIENT}|association|relation(?:ship)?)(?: coefficient)? "
    rf"(?:between|of)"
    rf" (?P<a>{_NAME}) (?:and|with|to) (?P<b>{_NAME})(?:(?: is| was| of|=|:|,| at)| ?\("
    rf"| \[| )* *{_VALUE} ?[)\]]?"
)
_MUTUAL = re.compile(
    r" (?:are|were)?(?: (?P<how>[a-z-]+ly|not))? ?(?P<verb>correlated?|uncorrelated|independent"
    r"|associated|related|unrelated)(?! with| to| of| from)(?: (?P<adverb>[a-z]+ly))?"
)
_NO_RELATION = (
    r"(?:independent of|independently of|unrelated to|uncorrelated with|not (?:correlated"
    r"|associated|related) (?:with|to)"
    r"|do(?:es)? not (?:depend on|correlate with|vary with|change with)|unaffected by)"
)
_ONE_SIDED = re.compile(
    r"(?: (?:is|are|was|were|being))?(?: (?P<how>(?:more |most )?[a-z-]+ly))*"
    rf" (?:(?P<none>{_NO_RELATION})"
    r"|(?P<tied>correlat(?:es?|ed|ing)|associated|related|linked)(?: (?P<adverb>[a-z]+ly))? "
    r"(?:with|to)"
    r"|(?P<down>fall(?:s|ing)?|fell|decreas(?:es?|ed|ing)|declin(?:es?|ed|ing)|drop(?:s|ped"
    r"|ping)?|lower(?:ing)?|shrink(?:s|ing)?)(?: (?:[a-z]+ly|slightly|somewhat))? with"
    r"|(?P<up>ris(?:es?|ing|en)|rose|increas(?:es?|ed|ing)|grow(?:s|ing)?|climb(?:s|ing)?|higher"
    r"|go(?:es|ing)? up)(?: (?:[a-z]+ly|slightly|somewhat))? with)"
    rf" (?P<turn>(?:increasing|rising|higher|older|advancing|greater|more|decreasing|falling"
    rf"|lower|younger) )?(?P<b>{_NAME}){_END}"
)
_COMPARED = re.compile(
    r"\b(?:the )?(?P<who>older|younger|heavier|(?:(?:with|at) )?(?:higher|lower) "
    r"(?P<a>[a-z0-9 -]{1,30}?))"
    r"(?: (?:patients|people|adults|participants|subjects|individuals|men|women))?"
    r" (?:have|had|has|show|means?|goes with|go with) (?:an? )?(?:on average )?(?P<how>higher"
    r"|lower|more|less|greater)"
    rf" (?P<b>{_NAME})(?= *(?:[,;:.()|]|$)| and )"
)
_AND_COMPARED = re.compile(rf" and (?P<how>higher|lower) (?P<b>{_NAME})(?= *(?:[,;:.()|]|$))")
_IN_BRACKETS = re.compile(rf" ?[(\[] ?{_COEFFICIENT}{_IS}{_FIGURE} ?[)\]]")
_FIGURE_BEFORE = re.compile(r"#+[^,;|#]*(?:\([^()|]*\)[^,;|#(]*)?,$")
_FALLING = ("decreasing", "falling", "lower", "younger")
_NEGATIVE = re.compile(r"(?:invers|negativ)")
_POSITIVE = re.compile(r"(?:positiv|direct)")


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two variables, and the correlation stated for them."""

    start: int
    end: int
    a: str
    b: str
    value: float
    signed_only: bool = False


def read_correlations(sentence: Sentence, reading: Reading) -> None:
    """Read the correlations of a sentence; what names one but is not clear is left unread."""
    for read in (_value_first, _one_sided, _mutual, _bracketed, _compared):
        read(sentence, reading)


def _value_first(sentence: Sentence, reading: Reading) -> None:
    for pattern in (_VALUE_FIRST, _PAIR_FIRST):
        for match in list(pattern.finditer(sentence.plain)):
            value = _value(sentence, match)
            _state(sentence, reading, _Pair(*match.span(), match["a"], match["b"], value))


def _one_sided(sentence: Sentence, reading: Reading) -> None:
    names = reading.names
    for match in list(_ONE_SIDED.finditer(sentence.plain)):
        behind = words_behind(sentence, match.start(), names)
        if not behind.subject:
            behind = _before_figure(sentence, match.start(), reading) or behind
        if not behind.subject or behind.denied:
            continue
        subjects = [
            (behind.start, behind.subject),
            *_joined_before(sentence, behind.start, reading),
        ]
        sign = _sign(match["how"] or "", match["adverb"] or "")
        if match["down"] or match["up"]:
            sign = -1 if match["down"] else 1
        if (match["turn"] or "").strip() in _FALLING:
            sign = -sign
        other, end = match["b"], match.end()
        figure = _THEN_VALUE.match(sentence.plain, end)
        others = [other]
        if figure is None:
            more = re.match(r" and ([a-z][a-z0-9 -]*?)(?= *(?:[,;:.()|]|$))", sentence.plain[end:])
            if more and names.find(more[1]):
                others.append(more[1])
                end += more.end()
        start = min(at for at, _ in subjects)
        if figure:
            value, end = _value(sentence, figure), figure.end()
            if (sign and value * sign < 0) or (match["none"] and value):
                value = float("nan")
        elif match["none"]:
            value = 0.0
        else:
            value = float(sign)
        signed_only = figure is None and not match["none"]
        if signed_only and not sign:
            continue
        pairs = [
            _Pair(start, end, a, b, value, signed_only)
            for _, a in reversed(subjects)
            for b in others
        ]
        _state_all(sentence, reading, pairs)


def _mutual(sentence: Sentence, reading: Reading) -> None:
    names = reading.names
    for match in list(_MUTUAL.finditer(sentence.plain)):
        behind = words_behind(sentence, match.start(), names)
        partners = _joined_before(sentence, behind.start, reading, new=True)
        if not behind.subject or len(partners) != 1:
            continue
        none = match["verb"].startswith(("un", "independent")) or match["how"] == "not"
        sign = _sign(match["how"] or "", match["adverb"] or "")
        figure = _THEN_VALUE.match(sentence.plain, match.end())
        if none == bool(figure) and not sign:
            continue
        if not (none or figure or sign):
            continue
        value, end = float(sign), match.end()
        if figure:
            value, end = _value(sentence, figure), figure.end()
            if sign and value * sign < 0:
                value = float("nan")
        (start, first), second = partners[0], behind.subject
        pair = _Pair(start, end, first, second, 0.0 if none else value, not none and figure is None)
        _state(sentence, reading, pair)


def _bracketed(sentence: Sentence, reading: Reading) -> None:
    for match in list(_IN_BRACKETS.finditer(sentence.plain)):
        behind = words_behind(sentence, match.start(), reading.names)
        partners = _joined_before(sentence, behind.start, reading)
        if behind.subject and len(partners) == 1:
            start, first = partners[0]
            value = _value(sentence, match)
            _state(sentence, reading, _Pair(start, match.end(), first, behind.subject, value))


def _compared(sentence: Sentence, reading: Reading) -> None:
    for match in list(_COMPARED.finditer(sentence.plain)):
        word = (
            match["who"].split()[1]
            if match["who"].startswith(("with", "at"))
            else match["who"].split()[0]
        )
        a = match["a"] or ("weight" if word == "heavier" else "age")
        sign = -1 if (word in _FALLING) != (match["how"] in ("lower", "less")) else 1
        pairs = [_Pair(*match.span(), match["b"], a, sign, signed_only=True)]
        more = _AND_COMPARED.match(sentence.plain, match.end())
        if more:
            turned = sign if more["how"] == match["how"] else -sign
            pairs = [replace(pair, end=more.end()) for pair in pairs]
            pairs.append(replace(pairs[0], a=more["b"], value=turned))
        _state_all(sentence, reading, pairs)


def _before_figure(sentence: Sentence, position: int, reading: Reading) -> Behind | None:
    """Return what the figure is of that a comma parts from a position: `eGFR 61, falling with`.

    The figure itself is left to be read.
    """
    figure = _FIGURE_BEFORE.search(sentence.plain, 0, position)
    if figure is None:
        return None
    behind = words_behind(sentence, figure.start(), reading.names)
    known = not behind.denied and reading.names.find(behind.subject)
    return replace(behind, start=position) if known else None


def _joined_before(
    sentence: Sentence, position: int, reading: Reading, new: bool = False
) -> list[tuple[int, str]]:
    """Return the variable that an "and" joins to the one at a position; it is known, or `new`."""
    joined = re.search(r" and *$", sentence.plain[:position])
    if joined is None:
        return []
    earlier = words_behind(sentence, joined.start(), reading.names)
    words = sentence.plain[earlier.start : joined.start()]
    alone = fold(words) == fold(earlier.subject) != ""
    known = new or reading.names.find(earlier.subject)
    return [(earlier.start, earlier.subject)] if known and alone else []


def _sign(*adverbs: str) -> int:
    words = " ".join(adverbs)
    return -1 if _NEGATIVE.search(words) else 1 if _POSITIVE.search(words) else 0


def _value(sentence: Sentence, match: re.Match[str]) -> float:
    return parse_number(sentence.text[match.start("value") : match.end("value")])


def _state(sentence: Sentence, reading: Reading, pair: _Pair) -> None:
    _state_all(sentence, reading, [pair])


def _state_all(sentence: Sentence, reading: Reading, pairs: list[_Pair]) -> None:
    start, end = pairs[0].start, pairs[0].end
    if READ in sentence.plain[start:end]:
        return
    quote = sentence.take(start, end)
    if not all(_sound(pair, reading) for pair in pairs):
        reading.unread.append(quote)
        return
    for pair in pairs:
        reading.state(
            sentence,
            Statement(
                quote, quote.start, _bare(pair.a), "direction" if pair.signed_only else "spearman",
                pair.value, other=_bare(pair.b),
            ),
        )  # fmt: skip


def _bare(words: str) -> str:
    return re.sub(r"^(?:the|their|patients?'?|mean|average) ", "", " ".join(words.split()))


def _sound(pair: _Pair, reading: Reading) -> bool:
    """Tell whether both words can be variables, different ones, and the value a correlation."""
    names = reading.names
    for words in (_bare(pair.a), _bare(pair.b)):
        if not names.find(words) and (not plain_noun(words) or names.misspelt(words)):
            return False
    same = fold(pair.a) == fold(pair.b) or (
        names.find(_bare(pair.a)) and names.find(_bare(pair.a)) == names.find(_bare(pair.b))
    )
    return not same and -1 <= pair.value <= 1
