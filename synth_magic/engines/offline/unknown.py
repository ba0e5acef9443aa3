"""Diseases that a description names and the catalogue does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synth_magic.catalogue.matching import entry_named
from synth_magic.description.model import Description
from synth_magic.engines.offline.mentions import mentions

_KINDS = (
    "disease|syndrome|cancer|carcinoma|lymphoma|disorder|dystrophy|fibrosis|arthritis|infection"
    "|failure|deficiency|atrophy|sclerosis|neuropathy|fever"
)
_NAMED = re.compile(
    rf"\b(?P<name>(?:[A-Z][\w'’-]+|[a-z][\w-]{{3,}})(?: [a-z][\w-]{{2,}})? (?:{_KINDS}))\b"
    r"|\b(?P<word>[A-Za-z]{4,}(?:itis|oma|osis|a?emia|pathy))\b"
)
_VAGUE = re.compile(
    r"\b(?:any|known|other|severe|chronic|acute|their|the|this|of|with|for|and|or|from|active"
    r"|underlying|rare|heart|lung|liver|kidney|without|no|patients?|diagnosis|diploma|anaemia)\b",
    re.IGNORECASE,
)


def unknown_diseases(description: Description) -> Iterator[str]:
    """Yield what looks like the name of a disease and is neither a condition nor a variable."""
    text = description.population
    known = [(mention.start, mention.end) for mention in mentions(text)]
    for match in _NAMED.finditer(text):
        overlaps = any(start < match.end() and match.start() < end for start, end in known)
        name = " ".join(_VAGUE.sub(" ", match[0]).split())
        is_a_name = len(name.split()) > 1 or match["word"]
        if is_a_name and not overlaps and not entry_named(match[0]):
            yield name
