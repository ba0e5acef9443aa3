"""Blood pressure as it is spoken: `150/85` is the systolic pressure over the diastolic."""

from __future__ import annotations

import re

from synth_magic.description.numbers import parse_number
from synth_magic.description.prose_reading import Reading, Statement
from synth_magic.description.prose_words import group_ahead, of_some
from synth_magic.description.sentences import Sentence
from synth_magic.spec.model import Statistic

_PRESSURE = re.compile(
    r"\b(?P<before>mean |average |median )?(?:blood pressure|bp)"
    r"(?: (?:of|is|was|around|about|averaged|averages|mean|median))*(?: ?[=:])? *"
    r"(?P<systolic>#+) ?/ ?(?P<diastolic>#+)(?: ?mm ?hg)?(?! ?[(±/-])"
)


def read_pressures(sentence: Sentence, reading: Reading) -> None:
    """Read `blood pressure 150/85` as two means, or two medians."""
    for match in list(_PRESSURE.finditer(sentence.plain)):
        figures = {
            name: parse_number(sentence.text[match.start(name) : match.end(name)])
            for name in ("systolic", "diastolic")
        }
        end, group = group_ahead(sentence, match.end(), reading.names)
        if group is None or of_some(sentence, end) or figures["systolic"] <= figures["diastolic"]:
            continue
        statistic: Statistic = "p50" if "median" in match[0] else "mean"
        quote = sentence.take(match.start(), end)
        for name, value in figures.items():
            subject = f"{name} blood pressure"
            reading.state(
                sentence,
                Statement(quote, quote.start, subject, statistic, value, group, unit="mmHg"),
            )
