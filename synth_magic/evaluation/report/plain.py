"""A report as a terminal shows it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from textwrap import fill

from synth_magic.evaluation.report import summary
from synth_magic.evaluation.report.readings import reading
from synth_magic.evaluation.report.text import in_line
from synth_magic.evaluation.report.wording import arrow, figure
from synth_magic.evaluation.result import Result, Setup

_NAME = 34
_WIDTH = 100
_SENTENCE = 300
_MOST = 20


def plain(results: Sequence[Result], setup: Setup) -> str:
    """Return a compact table with readings, and what else there is to know."""
    blocks = [
        _wrapped(f"{summary.title(setup)}: {summary.how(setup)}"),
        _table(summary.first(results)),
        summary.least_alike(results),
        *_notes("", setup.remarks),
        *_notes("Not compared: ", setup.left_out),
    ]
    return "\n".join(filter(None, blocks))


def _table(results: Sequence[Result]) -> str:
    lines = [f"{'':{_NAME + 2}} {'synthetic':>9} {'SD':>7} {'real':>9}"]
    for group, some in groupby(results, key=lambda result: result.metric.group):
        lines.append(group)
        lines += [_line(result) for result in some]
    return "\n".join(lines)


def _line(result: Result) -> str:
    metric = result.metric
    words = filter(None, (metric.name, result.of, arrow(metric.better)))
    name = in_line(" ".join(words), _NAME)
    figures = f"{figure(result.mean):>9} {figure(result.sd):>7} {figure(result.real):>9}"
    return f"  {name:{_NAME}} {figures}  {reading(result)}"


def _notes(head: str, notes: Sequence[str]) -> list[str]:
    more = [f"… and {len(notes) - _MOST:,} more"] if len(notes) > _MOST else []
    return [_wrapped(head + in_line(note, _SENTENCE)) for note in notes[:_MOST]] + more


def _wrapped(text: str) -> str:
    return fill(text, _WIDTH, subsequent_indent="  ")
