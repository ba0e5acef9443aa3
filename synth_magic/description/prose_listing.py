"""Variables that prose only names: in a list of what was recorded, or by a name that is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from synth_magic.description.phrases import PERSON, STUDY, plain_noun
from synth_magic.description.prose_names import Names
from synth_magic.description.prose_population import beside_figures, speaks_of_setting
from synth_magic.description.prose_reading import Mention, Reading
from synth_magic.description.sentences import READ, Sentence

_THINGS = r"(?:variables|columns|fields|features|covariates|characteristics|measure(?:ment)?s)"
_DONE = r"(?:recorded|measured|collected|included|available|reported|noted)"
_HEADING = re.compile(
    rf"(?:^|[;|] *)(?:[a-z]+ ){{0,3}}(?:{_THINGS}|{_DONE}|data|record|include)"
    rf"(?: (?:{_DONE}|are|were|is|was|variables|data|at|baseline|the|following))* ?: *"
)
_LEAD = re.compile(
    rf"\b(?:{_THINGS}|data|data ?set|table)\b[^,;:|()]{{0,40}}? (?:are|is|were|was|on|contains?"
    rf"|includ(?:e|es|ed|ing)|compris(?:e|es|ed|ing))(?: {_DONE})?(?: on| for)? "
    rf"|\b(?:we|also) (?:record|measure|collect|include)(?:ed|d)? "
    rf"|^{_DONE}(?: on| for)? |^(?:record|include) "
    r"|^(?:please |(?:can|could) you )?(?:(?:i|we)(?:'d| would)? (?:need|want|like|require)"
    r"|(?:give|show|make|generate|create|provide|add|record|include)(?: me| us)?)"
    rf" (?!.*\b{PERSON}\b)"
)
_PASSIVE = re.compile(rf" (?:were|was|are|is)(?: [a-z]+)? {_DONE}\b")
_BETWEEN = re.compile(r",(?! ?#)|[;:|()\[\]]|\b(?:and|or|plus)\b")
_OCCASION = r"(?: (?:at|on|before|after|during) [a-z]+(?: [a-z]+)?)?"
_EDGES = re.compile(
    r"^(?:(?:the|their|his|her|its|a|an|also|with|including|of|in|for|as well as|we|were|was|are"
    r"|is|have|has|had) )+"
    rf"|(?: (?:were|was|are|is))?(?: {_DONE})?{_OCCASION}$"
    r"|(?: (?:too|as well|also|itself|themselves))+$"
)
_PEOPLE = re.compile(rf"\b(?:{PERSON}|{STUDY})\b")
_ITEM_BEFORE = re.compile(r"(?:^|,|\band) *$")
_ITEM_AFTER = re.compile(r" *(?:$|,|and\b)")
_PROPER = re.compile(r"[A-Z][a-z]+\b")
_FEWEST = 2
_SAYS_NOTHING = frozenset({"score", "value", "index", "scale", "result", "figure", "time", "date"})
"""Words that name no variable by themselves: `and the score itself`."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words between commas and conjunctions, without what only surrounds the name."""

    start: int
    end: int
    name: str


def read_names(sentence: Sentence, reading: Reading, of_people: bool) -> None:
    """Read the variables that a sentence only names.

    A name that nobody knows is a variable only in a list of variables: under a heading with a
    colon, or beside a name that is known. Of patients, a condition ("with gout, stroke or cancer")
    says who they are.
    """
    names = reading.names
    begin, end, headed = _listed(sentence.plain)
    stretches = _stretches(sentence.plain, begin, end)
    pieces = [_Piece(a, b, _bare(sentence.plain[a:b])) for a, b in stretches]
    inside = [p for p in pieces if begin <= p.start < end]
    listing = headed or any(names.find(p.name) for p in inside)
    colon = sentence.plain.rfind(":")
    after = [p for p in pieces if p.start > colon]
    if not listing and (colon >= 0 or not of_people) and _only_names(after, names):
        inside, listing = after, True
    measured = any(names.is_number(p.name) for p in pieces)
    plain = sentence.plain
    for piece in pieces:
        offset = sentence.plain.find(piece.name.split()[0], piece.start) if piece.name else -1
        listed = listing and piece in inside
        beside = beside_figures(plain, max(offset, piece.start))
        if names.find(piece.name):
            fits = listed or measured or beside or not of_people or not names.is_coded(piece.name)
        else:
            named_after = not headed and _PROPER.match(sentence.text, offset)
            fits = listed and not named_after and _may_be_new(piece.name, names)
        stop = offset + len(sentence.plain[offset : piece.end].rstrip())
        if fits and "#" not in piece.name and len(piece.name) > 1:
            quote = sentence.quote(offset, stop)
            sentence.take(piece.start, piece.end)
            reading.mention(sentence, Mention(quote, piece.name))
        elif (listed and plain_noun(piece.name) and names.misspelt(piece.name)) or (
            (beside or measured)
            and _stands_apart(plain, piece)
            and _unknown(sentence.text[offset:stop], piece.name, names)
        ):
            reading.unread.append(sentence.take(offset, stop))


def _stands_apart(plain: str, piece: _Piece) -> bool:
    """Tell whether only commas and conjunctions are around words: they are an item of a list."""
    return bool(_ITEM_BEFORE.search(plain[: piece.start]) and _ITEM_AFTER.match(plain, piece.end))


def _unknown(printed: str, name: str, names: Names) -> bool:
    """Tell whether words that stand like a name are none that is known, nor a setting."""
    strange = not names.level(name) and not _PROPER.match(printed) and not set(name) & {READ, "#"}
    return strange and plain_noun(name) and not speaks_of_setting(printed)


def _listed(plain: str) -> tuple[int, int, bool]:
    """Return where the list of a sentence is, if it has one, and whether a heading says so."""
    heading = _HEADING.search(plain)
    if heading:
        return heading.end(), len(plain), True
    lead = _LEAD.search(plain)
    if lead:
        return lead.end(), len(plain), False
    passive = _PASSIVE.search(plain)
    if passive:
        start = max(plain.rfind(stop, 0, passive.start()) for stop in ";:|") + 1
        if _BETWEEN.search(plain, start, passive.start()):
            return start, passive.start(), False
    return 0, 0, False


def _only_names(pieces: list[_Piece], names: Names) -> bool:
    """Tell whether words are nothing but names, and most of them known: `age, sex, gait speed`."""
    bare = [piece.name for piece in pieces if READ not in piece.name]
    known = sum(names.find(name) is not None for name in bare)
    all_fit = all(names.find(n) or names.misspelt(n) or _may_be_new(n, names) for n in bare)
    return len(bare) >= _FEWEST and all_fit and 2 * known >= len(bare)


def _may_be_new(name: str, names: Names) -> bool:
    unclear = names.misspelt(name) or names.level(name) or _PEOPLE.search(name)
    return plain_noun(name.replace(" of ", " ")) and not unclear and name not in _SAYS_NOTHING


def _bare(words: str) -> str:
    return _EDGES.sub("", _EDGES.sub("", " ".join(words.split())))


def _stretches(plain: str, *divides: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches between commas, conjunctions and the positions that divide."""
    edges = sorted({*(m.span() for m in _BETWEEN.finditer(plain)), *((d, d) for d in divides)})
    start = 0
    for end, after in [*edges, (len(plain), len(plain))]:
        if plain[start:end].strip():
            yield start, end
        start = after
