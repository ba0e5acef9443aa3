"""Who the patients are and how many; and what nobody could read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth_magic.description.numbers import parse_number
from synth_magic.description.phrases import PERSON, STUDY, plain_noun
from synth_magic.description.prose_reading import Reading, Statement
from synth_magic.description.prose_words import COUNTS, SHARE
from synth_magic.description.sentences import READ, Sentence

_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_SCALE = "|".join(_SCALES)
_COUNTED = rf"(?:{PERSON}|rows|records)"
_ROWS = re.compile(
    rf"(?:\bn ?= ?(?P<n>#+))|(?<![#\w/<>=≥≤±-])(?P<rows>#+)(?: (?P<scale>{_SCALE}))? "
    rf"(?:(?!years?\b|yrs?\b|old\b|in\b|of\b|with\b|and\b|to\b|%)[a-z][a-z0-9#-]* ){{0,3}}?"
    rf"{_COUNTED}\b"
)
_ROWS_IN_WORDS = re.compile(
    rf"(?P<count>\b(?:a|one|two|three|four|five|six|seven|eight|nine|ten)) (?P<unit>hundred"
    rf"|thousand) (?:[a-z-]+ ){{0,2}}?{_COUNTED}\b"
)
_VAGUE = re.compile(
    r"(?:\b(?:over|more than|at least|under|up to|fewer than|less than|at most|than|to|between"
    r"|(?:19|20)[0-9]{2} ?(?:and|to|-|–)|mean|median|aged|age|sd"
    r"|(?<!trial )(?<!study )(?<!survey )in)|[-<>≥≤=±]) *$"
)
_PEOPLE = re.compile(
    r"(?<!of )(?<!of the )(?<!of our )(?<!than )(?<!in )(?<!among )"
    rf"\b(?:{PERSON}|{STUDY}|they)\b"
)
_COMPARING = re.compile(r" than (?!#)")
_ADULTS = re.compile(r"\badults?\b")
_CHILDREN = re.compile(
    r"\b(?:child|children|adolescents?|p(?:a)?ediatric|infants?|newborns?|boys|girls)\b"
)
_OF_ONE_SEX = re.compile(r"#+ (?:men|women|males?|females?|boys|girls)\b")
_PREFIX = re.compile(
    r"(?:^|[;|] *|\band )(?:in|among|amongst|for|within) (?P<who>[a-z][a-z' -]*?)(?= ?[,:])"
)
_HEADING = re.compile(r"(?:^|[;|] *)(?P<who>[a-z][a-z' -]*?) ?:")

_ONE_OF_A_KIND = re.compile(rf"(?:arm|group|[^s]ers|[a-z]ics|{PERSON})$")

_BEYOND = re.compile(
    r"\b(?:respectively|versus|vs|compared|confidence interval|ci|odds|hazard|s\.?e\.?m|se"
    r"|standard error|power|significance|defined as|imputed|checked"
    r"|per (?:year|decade|month|day|week)|annually|each year|if|unless|ratio"
    r"|nan|inf(?:inity)?(?= ?[(,.;]|$)|kendall(?:'s)?|tau|p ?[<=>] ?#+"
    r"|(?:(?:de|in)creas\w+|reduc\w+|fell|falls?|drop\w*"
    r"|ris(?:es|ing)|rose|chang\w+|improv\w+) (?:by|of|from))\b"
)
_SAMPLED = re.compile(
    r"\b(?:over-?sampl|stratif)[^;|]*"
    r"|[^;|]*\b(?:is|are|was|were) (?:excluded|ineligible|not (?:eligible|included))\b"
    r"|^(?:percentages|values|data|results|figures) (?:may|might|can|do|did)\b[^;|]*"
)
_IS_LISTING = re.compile(
    r"\b(?:variables|columns|fields|features|covariates)\b|\b(?:recorded|measured|collected"
    r"|included?|record|includes)\b ?(?::|(?=[a-z]))"
)
_VAGUE_COUNT = re.compile(
    r"\b(?:most|many|some|few|several|majority|often|common)\b(?! (?:year|month|week|day|hour)s)"
)
_SETTING = re.compile(
    rf"\b(?:{PERSON}|{STUDY}|they|who|those|elderly|hospitals?|clinics?|cent(?:re|er)s?|wards?|units?"
    r"|care|countr(?:y|ies)|regions?|universit(?:y|ies)|households?|communit(?:y|ies)|settings?"
    r"|places?|sites?|years?|months?|weeks?|days?|hours?|dates?|period|baseline|follow-?up|visits?"
    r"|spring|summer|autumn|winter|data|variables?|columns?|rows?|figures?|tables?|methods?"
    r"|measure\w*|record(?:ed|ing)|collected|presented|expressed|reported|shown|given|obtained"
    r"|estimate\w*|defined|calculated|adjusted|imputed|weighted|removed|assigned|random\w*"
    r"|recruit\w*|enrol\w*|admi(?:tted|ssions?)|includ\w*|inclusion|exclu\w*|eligib\w*|examin\w*"
    r"|interview\w*|question\w*|approv\w*|consent\w*|ethic\w*|fund\w*|support\w*|grants?"
    r"|sponsor\w*|guidelines?|criteria|protocols?|percentages?|proportions?|numbers?|values?"
    r"|means?|medians?|quartiles?|deviations?|tests?|significan\w*|analy[sz]\w*|software|version"
    r"|abbreviations?|please|generate|simulat\w*|synthetic|create|make|et al|as in|according to"
    r"|(?:19|20)[0-9]{2})\b"
)
_OF_WHOM = re.compile(r"\b(?:with|without|who|having|after|of|for|from|in|at|or)\b")
_PLACE = re.compile(r"\b(?:in|at|of|from|near) (?:the )?[A-Z]")
_PROPER_ONLY = re.compile(r"(?:(?:(?:and|or|the|of) )*[A-Z][\w'.-]*(?: |$))+")
_NO_TITLE = re.compile(r"^the\b|\b(?:is|are|was|were)\b")
_WORDS = re.compile(r"[a-z][a-z'-]+")
_CIRCUMSTANCE = re.compile(
    r"\b(?:for|within|after|before|over|every|during|at|past|than|first|last)"
    r"(?: (?:about|around|approximately|roughly))? #+"
    r" (?:years?|months?|weeks?|days?|hours?|minutes?)\b(?! (?:old|of age))"
    r"|#+ (?:[a-z-]+ ){0,2}?(?:sites|cent(?:re|er)s|countries|hospitals|clinics|units|homes"
    r"|households|practices|schools|villages|waves|reviewers)\b"
)
"""How long, and in how many places: no figure of a patient."""


def read_rows(sentence: Sentence, reading: Reading) -> None:
    """Read `500 patients` and `n = 300`; the number is blanked, the patients stay."""
    in_words = _ROWS_IN_WORDS.search(sentence.plain)
    if in_words and reading.rows is None and not _VAGUE.search(sentence.plain[: in_words.start()]):
        reading.rows = COUNTS[in_words["count"]] * _SCALES[in_words["unit"]]
    taken = [m.span() for m in re.finditer(SHARE, sentence.plain)]
    for match in list(_ROWS.finditer(sentence.plain)):
        group = "n" if match["n"] else "rows"
        start, end = match.span(group)
        figure = sentence.text[start:end]
        if any(a <= start < b for a, b in taken):
            continue
        if group == "rows" and _VAGUE.search(sentence.plain[:start]):
            continue
        if _OF_ONE_SEX.match(match[0]) and len(_OF_ONE_SEX.findall(sentence.plain)) > 1:
            continue
        scale = match["scale"]
        number = round(parse_number(figure) * _SCALES.get(scale, 1), 6)
        if number < 1 or number % 1 or reading.rows not in (None, int(number)):
            continue
        reading.rows = int(number)
        end = match.end("scale") if scale else end
        sentence.blank(match.start() if group == "n" else start, end)


def read_beyond(sentence: Sentence, reading: Reading) -> None:
    """Set aside what has a meaning that no fact can hold, before a part of it is misread."""
    for match in list(_SAMPLED.finditer(sentence.plain)):
        if "#" in match[0]:
            reading.unread.append(sentence.take(*match.span()))
    for match in list(_BEYOND.finditer(sentence.plain)):
        if match[0] in ("respectively", "if", "unless"):
            reading.unread.append(sentence.take(0, len(sentence.plain)))
            return
        opening = max(sentence.plain.rfind(c, 0, match.start()) for c in "([")
        closing = min(
            (i for c in ")]" if (i := sentence.plain.find(c, match.end())) >= 0), default=-1
        )
        inside = opening >= 0 and not re.search(r"[)\]]", sentence.plain[opening : match.start()])
        start, end = (opening, closing + 1) if inside and closing > 0 else _clause(sentence, match)
        if re.search("#", sentence.plain[start:end]):
            reading.unread.append(sentence.take(start, end))


def _clause(sentence: Sentence, match: re.Match[str]) -> tuple[int, int]:
    starts = [m.end() for m in re.finditer(r"[,;|]", sentence.plain[: match.start()])]
    end = re.search(r"[,;|]", sentence.plain[match.end() :])
    return (starts or [0])[-1], match.end() + end.start() if end else len(sentence.plain)


def read_headings(sentence: Sentence, reading: Reading) -> None:
    """Read `Among women, ...` and `Men: ...`: groups that hold for what follows."""
    names = reading.names
    for pattern in (_PREFIX, _HEADING):
        for match in list(pattern.finditer(sentence.plain)):
            who = names.people(match["who"])
            of_a_kind = _ONE_OF_A_KIND.search(match["who"]) and reading.text.count(":") > 1
            if who and (pattern is _PREFIX or names.level(who) or of_a_kind):
                quote = sentence.take(*match.span())
                reading.headings.append((quote.start, who))


def speaks_of_people(sentence: Sentence) -> bool:
    """Tell whether what is left of a sentence says who the patients are."""
    return bool(_PEOPLE.search(sentence.plain)) and not _COMPARING.search(sentence.plain)


def first_of_population(sentences: Sequence[Sentence], reading: Reading) -> list[Sentence]:
    """Return the first sentence if it begins with words that were not read, as a title does."""
    first = next(iter(sentences), None)
    if first is None or _IS_LISTING.search(first.plain):
        return []
    title = re.match(r"[a-z][^#|,;:(]+(?![#|:]|[^#|,;:(])", first.plain)
    if title is None or _NO_TITLE.search(title[0]):
        return []
    words = first.quote(*title.span())
    names = reading.names
    if any(names.is_number(name) for name in names.known_words(title[0])):
        return []
    reading.unread = [quote for quote in reading.unread if quote.text != words.text]
    return [first]


def read_adults(sentences: Sequence[Sentence], reading: Reading) -> None:
    """Take `adults` as an age of at least 18 where no other lower bound is stated."""
    age = reading.names.find("age")
    if any(
        s.statistic == "min" and reading.names.find(s.subject) == age for s in reading.statements
    ):
        return
    for sentence in sentences:
        match = _ADULTS.search(sentence.plain)
        if match and not _CHILDREN.search(sentence.plain):
            quote = sentence.quote(*match.span())
            reading.state(sentence, Statement(quote, quote.start, "age", "min", 18.0))
            return


def read_rest(sentence: Sentence, reading: Reading, of_people: bool) -> None:
    """List the clauses that still state a figure, or something of a variable, as not understood.

    Of clauses about the study or about who the patients are, only those that count somebody.
    """
    for clause in re.finditer(r"(?:(?!,(?!#)|[;|]).)+", sentence.plain):
        words = clause[0]
        stated = _CIRCUMSTANCE.sub(" ", words)
        figures = "#" in stated or re.search(SHARE, stated)
        counted = not of_people or _VAGUE_COUNT.search(words)
        plain = " ".join(re.findall(r"[a-z][a-z0-9-]*", words))
        if figures or (counted and any(reading.names.known_words(plain))):
            start, end = _whole_words(sentence, *clause.span())
            reading.unread.append(sentence.quote(start, end))
    whole = READ not in sentence.plain
    for clause in re.finditer(r".+" if whole else r"(?:(?!,(?!#)|;).)+", sentence.plain):
        on_figures = beside_figures(sentence.plain, clause.end())
        if (on_figures or not of_people) and _led_to_nothing(sentence, *clause.span()):
            start, end = _whole_words(sentence, *clause.span())
            reading.unread.append(sentence.quote(start, end))


def beside_figures(plain: str, position: int) -> bool:
    """Tell whether words stand beside figures, and do not go on from `adults with`."""
    start = plain.rfind(READ, 0, position) + 1
    return READ in plain and not _OF_WHOM.search(plain, start, position)


def speaks_of_setting(words: str) -> bool:
    """Tell whether words speak of the people, the place, the time or the methods of a study."""
    return bool(_SETTING.search(words.lower()) or _PLACE.search(words))


def _led_to_nothing(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether a clause says something, nothing of it was read, and it is of no setting."""
    printed = sentence.text[start:end].strip()
    says = any(plain_noun(word) for word in _WORDS.findall(sentence.plain[start:end]))
    place = start > 0 and _PROPER_ONLY.fullmatch(printed)
    return (
        says
        and READ not in sentence.plain[start:end]
        and not place
        and not speaks_of_setting(printed)
    )


def _whole_words(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """Drop brackets and conjunctions from the ends of a stretch."""
    words = sentence.plain[start:end]
    lead = re.match(r"(?:[ )\]:.]|(?:and|but|with|or)\b(?= ))*", words)
    trail = re.search(r"(?:[ (\[:.]|\b(?:and|but|with)(?= *$))*$", words)
    first = start + (lead.end() if lead else 0)
    last = start + (trail.start() if trail else len(words))
    return (first, last) if first < last else (start, end)
