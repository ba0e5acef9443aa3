"""A report as HTML that needs nothing else; whatever came from elsewhere is escaped."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from synth_magic.engines.writing import counted
from synth_magic.evaluation.report import summary
from synth_magic.evaluation.report.plots.sheet import WIDTH, Picture
from synth_magic.evaluation.report.readings import reading
from synth_magic.evaluation.report.record import versions
from synth_magic.evaluation.report.text import in_line
from synth_magic.evaluation.report.wording import arrow, figure
from synth_magic.evaluation.result import Result, Setup

_NAME = 60
_SENTENCE = 400
_MOST = 200

_STYLE = """<style>
.sp-report { font: 13px/1.45 system-ui, sans-serif; max-width: 68em; }
.sp-report h2 { font-size: 17px; margin: .4em 0; }
.sp-report h3 { font-size: 14px; margin: 1.2em 0 .4em; }
.sp-report p, .sp-report ul { margin: .4em 0; }
.sp-report table { border: 0; border-collapse: collapse; font-size: 12px; margin: .3em 0; \
font-variant-numeric: tabular-nums; }
.sp-report th, .sp-report td { background: none; border: 0; \
border-bottom: 1px solid rgba(128, 128, 128, .3); padding: .25em .8em; text-align: right; \
vertical-align: top; white-space: nowrap; }
.sp-report th:nth-child(1), .sp-report td:nth-child(1), .sp-report th:nth-child(5), \
.sp-report td:nth-child(5) { text-align: left; }
.sp-report td:nth-child(1), .sp-report td:nth-child(5) { white-space: normal; \
overflow-wrap: anywhere; }
.sp-report td:nth-child(5) { min-width: 18em; max-width: 48em; }
.sp-report li { overflow-wrap: anywhere; }
.sp-report summary { cursor: pointer; margin: .4em 0; }
.sp-report figure { margin: .4em 0; }
.sp-report img { max-width: 100%; height: auto; background: white; }
.sp-report figcaption, .sp-report .sp-how { opacity: .8; max-width: 60em; }
.sp-report .sp-scroll { overflow-x: auto; max-width: 100%; }
</style>"""


def page(results: Sequence[Result], setup: Setup, pictures: Iterable[Picture], note: str) -> str:
    """Return the fragment; `note` stands where the pictures would be."""
    parts = [
        '<div class="sp-report">',
        _STYLE,
        f"<h2>{summary.title(setup)}</h2>",
        f'<p class="sp-how">{_said(summary.how(setup))} {_said(_made(setup))}</p>',
        _table(summary.first(results), meanings=False),
        _line(summary.least_alike(results)),
        *_notes(setup),
        *map(_picture, pictures),
        _line(note),
        *_all(results),
        _folded(
            "Versions of the libraries",
            _list(f"{name} {number}" for name, number in versions().items()),
        ),
        "</div>",
    ]
    return "\n".join(filter(None, parts))


def document(fragment: str, setup: Setup) -> str:
    """Return a whole page for a file."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{summary.title(setup)}</title>\n</head>\n"
        '<body style="margin: 2em; color: #222; background: white">\n'
        f"{fragment}\n</body>\n</html>\n"
    )


def _made(setup: Setup) -> str:
    return f"The synthetic patients: {setup.made_by}" if setup.made_by else ""


def _table(results: Iterable[Result], *, meanings: bool = True) -> str:
    heads = ("Figure", "synthetic", "SD", "real", "in words")
    head = "".join(f'<th scope="col">{word}</th>' for word in heads)
    body = "".join(_row(result, meanings=meanings) for result in results)
    return (
        '<div class="sp-scroll" tabindex="0"><table><thead>'
        f"<tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(result: Result, *, meanings: bool) -> str:
    of = _said(result.of, _NAME)
    metric = f"{_said(result.metric.name)} {arrow(result.metric.better)}"
    name = of if meanings and of else f"{metric} {of}"
    figures = (result.mean, result.sd, result.real)
    cells = [name, *map(figure, figures), _said(reading(result))]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _all(results: Sequence[Result]) -> Iterator[str]:
    """Yield every figure, folded, by the metric, with what the metric means."""
    yield "<h3>All figures</h3>"
    for _, group in groupby(results, key=lambda result: result.metric):
        some = list(group)
        metric = some[0].metric
        count = f" ({len(some):,})" if len(some) > 1 else ""
        more = _line(f"The first {_MOST} of {len(some):,}.") if len(some) > _MOST else ""
        yield _folded(
            f"{metric.group}: {_said(metric.name)}{count}",
            f'<p class="sp-how">{_said(metric.meaning)}</p>{_table(some[:_MOST])}{more}',
        )


def _notes(setup: Setup) -> Iterator[str]:
    if setup.remarks:
        yield _list(setup.remarks)
    if setup.left_out:
        columns = counted(len(setup.left_out), "column", "columns")
        yield _folded(f"{columns} not compared", _list(setup.left_out))


def _picture(picture: Picture) -> str:
    data = base64.b64encode(picture.png).decode("ascii")
    return (
        f"<h3>{picture.title}</h3><figure>"
        f'<img width="{WIDTH}" alt="{picture.title}" src="data:image/png;base64,{data}">'
        f"<figcaption>{picture.caption}</figcaption></figure>"
    )


def _line(text: str) -> str:
    return f"<p>{_said(text)}</p>" if text else ""


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{_said(item)}</li>' for item in items)}</ul>"


def _folded(line: str, inside: str) -> str:
    return f"<details><summary>{line}</summary>{inside}</details>"


def _said(text: str, letters: int = _SENTENCE) -> str:
    """Return text that came from elsewhere, safe in HTML, in one line and its own direction."""
    return f"<bdi>{html.escape(in_line(text, letters))}</bdi>" if text else ""
