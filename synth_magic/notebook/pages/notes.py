"""What to know of the patients beside their figures: what was read how, and what rests on what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from synth_magic.notebook.pages.html import listed
from synth_magic.notebook.words import counted

if TYPE_CHECKING:
    from synth_magic.engines.answer import Origin
    from synth_magic.notebook.pages.view import View
    from synth_magic.spec import Variable


def notes(view: View) -> str:
    """Return all there is to know: the doubts, and the sources."""
    known = doubts(view) + sources(view)
    return known or "<p>All was understood and stated; nothing was assumed.</p>"


def doubts(view: View) -> str:
    """Return what was not understood, how the rest was read, what had to give or was assumed."""
    origin = view.cohort.origin
    assumed = [f"{v.name}: {v.basis}" if v.basis else v.name for v in view.resting_on("assumed")]
    lists = (
        listed("Not understood, and left out", origin.not_understood),
        listed("How the description was read", origin.remarks),
        listed("What had to give", view.cohort.compiled.notes),
        listed("Assumed, with no source", assumed),
    )
    return "".join(lists)


def sources(view: View) -> str:
    """Return what the other figures rest on, and what a model's answer took."""
    catalogued = [f"{v.name}: {v.basis}" for v in view.resting_on("catalogue")]
    lists = (
        listed("From the catalogue", catalogued),
        listed("What the model rests them on", [_rests(v) for v in view.resting_on("model")]),
        listed("The answer", list(answer(view.cohort.origin))),
    )
    return "".join(lists)


def answer(origin: Origin) -> Iterator[str]:
    """Say of a model's answer who gave it and when, what it took, and where it is kept."""
    if not origin.model:
        return
    yield f"{origin.model}, {origin.date[:10]}, version {origin.prompt_version} of the question"
    usage = origin.usage
    if usage.tokens:
        about = "about " if usage.estimated else ""
        tokens = f"{about}{usage.input_tokens:,} tokens in and {usage.output_tokens:,} out"
        price = f": {origin.cost}" if origin.cost else ""
        yield f"it took {tokens}, in {counted(usage.calls, 'request')}{price}"
    if origin.recording:
        yield f"kept in {origin.recording}"


def _rests(variable: Variable) -> str:
    sure = f" ({variable.certainty} certainty)" if variable.certainty else ""
    return f"{variable.name}: {variable.basis or 'it does not say'}{sure}"
