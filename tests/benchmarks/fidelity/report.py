"""Scores as Markdown: a summary, who is ahead, and one table a metric with a row a cohort."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from statistics import mean, median, stdev

from synth_magic.evaluation.privacy.distances import CLOSEST
from synth_magic.evaluation.score import Metric
from synth_magic.evaluation.utility.prediction import AUC
from tests.benchmarks.fidelity.contenders import (
    BASELINES,
    COPULA,
    OURS,
    REAL_ROWS,
    SOME_REAL_ROWS,
    UNINFORMED,
    WRITTEN,
)
from tests.benchmarks.fidelity.measure import Scores
from tests.benchmarks.fidelity.scores import AS_IN_THE_PAPER, LIKENESS, METRICS, TARGETS
from tests.benchmarks.fidelity.trained import Training
from tests.benchmarks.fidelity.written import ROWS

NOTE = """\
Means over the same splits for all. Each gives as many patients as the training part holds, but for
those of `{written}`, of whom {rows} are recorded: so few score less by chance alone, and give a
classifier less to tell them by. `fit` (CohortSpec.fit), the copula, CTGAN and TVAE learnt from the
training part, both networks in {training}; `--paper` trains them
longer, as the seed paper does. `{uninformed}` knows the bounds and codes; the others saw no
data. Of the real rows, privacy is that of the rows held out: what is nearer than these is too near.

The whole cohorts are published, and a language model may know them by heart: what it says of them
may be recalled. Of the subgroups nobody has published a table.

For comparison, of other patients: on ADNI the seed paper reports Column Shapes of .812 for rows by
GPT-4, .904 for the copula, .773 for CTGAN and .845 for TVAE (Table IX of its supplement)."""

ABLATION_NOTE = """\
{rows} patients each, written once and the same for all splits: means (SD over the splits). A
difference less than {rows} real rows vary by is noise; these are rows of the training part, drawn
anew for each split, so that there is nothing to say of their privacy."""

HEADLINES = (*TARGETS, CLOSEST, AUC)


def report(
    results: Scores, training: Training, among: Mapping[str, Collection[str]] | None = None
) -> str:
    """Return the report as Markdown; `among` names some of the cohorts, for a summary of them."""
    note = NOTE.format(written=WRITTEN, rows=ROWS, training=training, uninformed=UNINFORMED)
    everyone = results[REAL_ROWS].keys()
    some = {which: names for which, names in (among or {}).items() if set(names) < everyone}
    summed = {"all cohorts": everyone} | some
    parts = [
        "# Synthetic patients beside real ones",
        note,
        *(_summary(results, which, cohorts) for which, cohorts in summed.items()),
        _standings(results),
        "## Medians over the cohorts",
        _medians(results, LIKENESS),
        "### As in the seed paper",
        _medians(results, AS_IN_THE_PAPER),
        *(_by_cohort(results, metric) for metric in METRICS),
    ]
    return "\n\n".join(parts) + "\n"


def ablation(results: Scores) -> str:
    """Return what the parts of a request for rows are good for, a table a cohort."""
    parts = ["# What the parts of a request for rows are good for", ABLATION_NOTE.format(rows=ROWS)]
    for cohort in next(iter(results.values())):
        rows = [
            [title(metric), *(_ablated(results, name, cohort, metric) for name in results)]
            for metric in METRICS
        ]
        parts += [f"## {cohort}", _lines(["", *results], rows)]
    return "\n\n".join(parts) + "\n"


def _ablated(results: Scores, name: str, cohort: str, metric: Metric) -> str:
    themselves = name == SOME_REAL_ROWS and metric.group == "privacy"
    return "–" if themselves else _mean_sd(results[name].get(cohort, ()), metric)


def title(metric: Metric) -> str:
    """Return a metric's name and which way is better."""
    name = f"TSTR {metric.name}" if metric.group == "utility" else metric.name
    return f"{name} {'↑' if metric.better > 0 else '↓'}"


def own_names(results: Scores) -> list[str]:
    """Return the generators that saw no data."""
    return [name for name in results if name not in BASELINES]


def margins(results: Scores, own: str, peer: str, cohort: str, metric: Metric) -> list[float]:
    """Return how far one generator is ahead of another, split by split; below 0 it is behind."""
    pairs = zip(results[own][cohort], results[peer][cohort], strict=True)
    found = [metric.better * (ours[metric.name] - theirs[metric.name]) for ours, theirs in pairs]
    return [margin for margin in found if not math.isnan(margin)]


def ahead(results: Scores, own: str, peer: str, metric: Metric) -> list[str]:
    """Return the cohorts in which one generator is ahead of another, in the mean."""
    found = {cohort: margins(results, own, peer, cohort, metric) for cohort in results[own]}
    return [cohort for cohort, by_split in found.items() if by_split and mean(by_split) > 0]


def middle(by_cohort: Mapping[str, Sequence[Mapping[str, float]]], metric: Metric) -> float:
    """Return the median over the cohorts of a metric, NaN if none has a figure."""
    means = [mean(figures) for splits in by_cohort.values() if (figures := known(splits, metric))]
    return median(means) if means else math.nan


def known(splits: Iterable[Mapping[str, float]], metric: Metric) -> list[float]:
    """Return a metric of the splits where there is one."""
    return [split[metric.name] for split in splits if not math.isnan(split[metric.name])]


def _summary(results: Scores, which: str, cohorts: Collection[str]) -> str:
    """Return the headlines' medians, of those generators that know all of these cohorts."""
    rows = []
    for name, by_cohort in results.items():
        if by_cohort.keys() >= set(cohorts):
            among = {cohort: by_cohort[cohort] for cohort in cohorts}
            rows.append([name, *(short(middle(among, metric)) for metric in HEADLINES)])
    lines = _lines(["", *map(title, HEADLINES)], rows)
    return f"## Summary: medians over {which} ({len(cohorts)})\n\n{lines}"


def _medians(results: Scores, metrics: Iterable[Metric]) -> str:
    """Return the median over the cohorts of every metric, with the number of cohorts."""
    count = ["cohorts", *(str(len(by_cohort)) for by_cohort in results.values())]
    rows = [
        [title(metric), *(short(middle(by_cohort, metric)) for by_cohort in results.values())]
        for metric in metrics
    ]
    return _lines(["", *results], [count, *rows])


def _standings(results: Scores) -> str:
    """Return in how many cohorts those that saw no data are ahead of the others."""
    own = own_names(results)
    peers = [name for name in results if name in BASELINES and name != REAL_ROWS]
    peers += [WRITTEN] if OURS in own and results.get(WRITTEN) else []
    rows = [
        [metric.name, peer, *(_standing(results, name, peer, metric) for name in own)]
        for peer in peers
        for metric in TARGETS
    ]
    lines = _lines(["metric", "ahead of", *own], rows)
    heading = "## Cohorts in which those that saw no data are ahead (mean margin, split by split)"
    return f"{heading}\n\n{lines}"


def _standing(results: Scores, own: str, peer: str, metric: Metric) -> str:
    shared = results[own].keys() & results[peer].keys()
    means = [mean(m) for cohort in shared if (m := margins(results, own, peer, cohort, metric))]
    if not means or own == peer:
        return "–"
    won = sum(margin > 0 for margin in means)
    return f"{won} of {len(means)} ({short(mean(means), signed=True)})"


def _by_cohort(results: Scores, metric: Metric) -> str:
    """Return one metric with a row a cohort, bold where who saw no data is ahead of the copula."""
    won = {own: ahead(results, own, COPULA, metric) for own in own_names(results)}
    rows = []
    for cohort in results[COPULA]:
        row = [cohort]
        for name, by_cohort in results.items():
            text = _mean_sd(by_cohort.get(cohort, ()), metric)
            row.append(f"**{text}**" if cohort in won.get(name, ()) else text)
        rows.append(row)
    lines = _lines(["cohort", *results], rows)
    return f"## {title(metric)}\n\n{metric.meaning}\n\n{lines}"


def _mean_sd(splits: Iterable[Mapping[str, float]], metric: Metric) -> str:
    figures = known(splits, metric)
    if not figures:
        return "–"
    spread = f" ({short(stdev(figures))})" if len(figures) > 1 else ""
    return short(mean(figures)) + spread


def short(value: float, *, signed: bool = False) -> str:
    """Return three decimals, with no zero before the point."""
    if math.isnan(value):
        return "–"
    sign = "−" if value < 0 else "+" if signed else ""
    return sign + f"{abs(value):.3f}".removeprefix("0")


def _lines(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(markdown(header, rows))


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Return the lines of a Markdown table, its columns as wide as they need to be."""
    widths = [max(3, *map(len, column)) for column in zip(header, *rows, strict=True)]
    for row in (header, ["-" * width for width in widths], *rows):
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        yield "| " + " | ".join(cells) + " |"
