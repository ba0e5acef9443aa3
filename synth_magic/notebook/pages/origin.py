"""What made the patients: request and answer, description, sources, versions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from synth_magic.notebook.pages.html import (
    MOST,
    brief,
    folded,
    heading,
    letters,
    listed,
    said,
    table,
    verbatim,
)
from synth_magic.notebook.pages.notes import answer
from synth_magic.notebook.words import counted
from synth_magic.spec.layout import readable_json

if TYPE_CHECKING:
    from synth_magic.engines.answer import Origin
    from synth_magic.engines.claude.exchange import Exchange
    from synth_magic.engines.recorded.recording import Recording
    from synth_magic.frame import Cohort
    from synth_magic.notebook.history import Version
    from synth_magic.notebook.pages.view import View
    from synth_magic.spec import CohortSpec
    from synth_magic.spec.model import Provenance

_BASIS = 200
_OPEN, _EXCHANGES = 4, 20
_WHENCE: dict[Provenance, str] = {
    "stated": "stated",
    "literature": "the literature",
    "model": "the model",
    "catalogue": "the catalogue",
    "data": "rows of data",
    "assumed": "nothing: assumed",
}


def origin(view: View, version: Version, recording: Recording | None, absent: str = "") -> str:
    """Return what made these patients; `absent` says why there is no recording where one was."""
    made = view.cohort.origin
    return "".join(
        [
            f"<p>{said(made.summary)}</p>",
            again(version, view.cohort),
            listed("The answer", [*answer(made), *([absent] if absent else [])]),
            _recorded(recording, made) if recording else "",
            _described(made, view.cohort.spec),
            _sources(view),
            listed("Versions, the newest first", [one.title for one in version.lineage]),
        ]
    )


def again(version: Version, cohort: Cohort) -> str:
    """Return the magic's line that makes the patients again, if one does."""
    line = version.line(cohort)
    if not line:
        return ""
    begins = "The cell makes these patients again when it begins with"
    return f"<p>{begins} <code>{letters(line)}</code></p>"


def _recorded(recording: Recording, made: Origin) -> str:
    facts = [recording.origin]
    if recording.date != made.date:
        facts.append(f"the file holds the answer of {recording.date[:10]} by now, not the one used")
    if not made.cost and (price := _price(recording)):
        facts.append(f"replaying takes nothing; asking took {price}")
    return listed("The recording", facts) + _exchanged(recording.exchanges) + _schema(recording)


def _exchanged(exchanges: Sequence[Exchange]) -> str:
    """Return requests and answers, folded where they are many; the file may hold hundreds."""
    shown = "".join(map(_exchange, exchanges[:_EXCHANGES]))
    if len(exchanges) <= _OPEN:
        return shown
    rest = len(exchanges) - _EXCHANGES
    more = f"<p>… and {counted(rest, 'more request')} in the file</p>" if rest > 0 else ""
    return folded(f"<strong>Requests and answers</strong> ({len(exchanges):,})", shown + more)


def _price(recording: Recording) -> str:
    from synth_magic.engines.claude.prices import cost
    from synth_magic.engines.recorded.recording import API

    return cost(recording.model, recording.usage) if recording.origin == API else ""


def _exchange(exchange: Exchange) -> str:
    stage = f" ({brief(exchange.request.stage)})" if exchange.request.stage else ""
    turns = "".join(f"{heading(m.role)}{verbatim(m.text)}" for m in exchange.request.messages)
    fate = "" if exchange.accepted else ", which could not be used as it was"
    tokens = exchange.reply.usage
    return folded(
        f"The request{stage}: {tokens.input_tokens:,} tokens",
        f"{heading('system')}{verbatim(exchange.request.system)}{turns}",
    ) + folded(
        f"The answer{stage}{fate}: {tokens.output_tokens:,} tokens",
        verbatim(_laid_out(exchange.reply.text)),
    )


def _laid_out(text: str) -> str:
    """Return JSON laid out for people, any other text as it is."""
    try:
        return readable_json(json.loads(text))
    except (ValueError, RecursionError):
        return text


def _schema(recording: Recording) -> str:
    """Return the schema that bound the answer, if it is still today's."""
    from synth_magic.engines.claude.projection import asked
    from synth_magic.engines.claude.prompt import VERSION

    if recording.prompt_version != VERSION or recording.key.method is not None:
        return ""
    return folded("The schema that an answer has to follow", verbatim(readable_json(asked())))


def _described(made: Origin, spec: CohortSpec) -> str:
    """Return the description, with what was read of it marked, and what was not."""
    if not made.description:
        return ""
    legend = "<mark>read as a figure</mark>"
    if made.not_understood:
        legend += ', <span class="sp-left">not understood</span>'
    text = "".join(_marked(made, spec))
    return f'{heading("The description")}<pre class="sp-text">{text}</pre><p>{legend}</p>'


def _marked(made: Origin, spec: CohortSpec) -> Iterator[str]:
    text, done = made.description, 0
    spans = {
        (fact.start, fact.start + len(fact.quote), "mark")
        for fact in spec.facts
        if fact.start is not None and text.startswith(fact.quote, fact.start)
    }
    for passage in made.not_understood:
        if (start := text.find(passage)) >= 0:
            spans.add((start, start + len(passage), 'span class="sp-left"'))
    for start, end, tag in sorted(spans):
        if start >= done:
            inside = letters(text[start:end])
            yield f"{letters(text[done:start])}<{tag}>{inside}</{tag.split()[0]}>"
            done = end
    yield letters(text[done:])


def _sources(view: View) -> str:
    """Return what each column rests on, and how many rest on what."""
    columns = [v for v in view.variables if v.type != "identifier"]
    numbers = {whence: len(view.resting_on(whence)) for whence in _WHENCE}
    counts = ", ".join(f"{number} {_WHENCE[name]}" for name, number in numbers.items() if number)
    pairs = [pair.provenance for pair in view.cohort.spec.associations]
    catalogued = pairs.count("catalogue")
    rows = (
        (
            brief(v.name),
            _WHENCE[v.provenance],
            brief(v.basis, _BASIS) + (f" ({v.certainty} certainty)" if v.certainty else ""),
        )
        for v in columns[:MOST]
    )
    return folded(
        f"What the figures of {counted(len(columns), 'column')} rest on: {counts}",
        table("sp-rests", ("Column", "Rests on", "Source"), rows)
        + f"<p>{catalogued:,} of {counted(len(pairs), 'correlation')} "
        f"{'is' if catalogued == 1 else 'are'} the catalogue's.</p>",
    )
