"""Scores as Markdown tables: who is ahead, then one table a metric with a row a cohort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import mean, median, stdev

from synth_magic.evaluation.score import Metric
from tests.benchmarks.fidelity.generators import BASELINES, COPULA, REAL_ROWS
from tests.benchmarks.fidelity.measure import Scores
from tests.benchmarks.fidelity.scores import METRICS, TARGETS

NOTE = """\
Means over the same splits for all (SD over the splits). Bold: ahead of the copula. Margins are
paired, split by split; above 0 is ahead, whichever way the metric counts."""


def report(results: Scores) -> str:
    """Return the report as Markdown."""
    parts = [
        NOTE,
        _summary(results),
        _medians(results),
        *(_table(results, metric) for metric in METRICS),
    ]
    return "\n\n".join(parts) + "\n"


def own_names(results: Scores) -> list[str]:
    """Return the generators that saw no data."""
    return [name for name in results if name not in BASELINES]


def margins(results: Scores, own: str, peer: str, cohort: str, metric: Metric) -> list[float]:
    """Return how far one generator is ahead of another, split by split; below 0 it is behind."""
    pairs = zip(results[own][cohort], results[peer][cohort], strict=True)
    return [metric.better * (ours[metric.name] - theirs[metric.name]) for ours, theirs in pairs]


def ahead(results: Scores, own: str, peer: str, metric: Metric) -> list[str]:
    """Return the cohorts in which one generator is ahead of another, in the mean."""
    return [
        cohort for cohort in results[own] if mean(margins(results, own, peer, cohort, metric)) > 0
    ]


def _summary(results: Scores) -> str:
    rows = [
        [metric.name, peer, *(_standing(results, own, peer, metric) for own in own_names(results))]
        for peer in results
        if peer in BASELINES and peer != REAL_ROWS
        for metric in TARGETS
    ]
    lines = markdown(["metric", "ahead of", *own_names(results)], rows)
    return "\n".join(["## Cohorts in which ours is ahead (mean margin)", "", *lines])


def _medians(results: Scores) -> str:
    """Return the median over the cohorts of every metric."""
    rows = [
        [metric.name, *(_median(by_cohort, metric) for by_cohort in results.values())]
        for metric in METRICS
    ]
    lines = markdown(["metric", *results], rows)
    return "\n".join(["## Medians over the cohorts", "", *lines])


def _median(by_cohort: Mapping[str, Sequence[Mapping[str, float]]], metric: Metric) -> str:
    means = [mean(split[metric.name] for split in splits) for splits in by_cohort.values()]
    return short(median(means)) if means else "–"


def _standing(results: Scores, own: str, peer: str, metric: Metric) -> str:
    cohorts = results[own]
    if not cohorts:
        return "–"
    margin = mean(mean(margins(results, own, peer, cohort, metric)) for cohort in cohorts)
    won = ahead(results, own, peer, metric)
    return f"{len(won)} of {len(cohorts)} ({short(margin, signed=True)})"


def _table(results: Scores, metric: Metric) -> str:
    """Return one metric: bold where ours is ahead of the copula, then the paired margins."""
    names = own_names(results)
    won = {own: ahead(results, own, COPULA, metric) for own in names}
    rows = []
    for cohort in results[COPULA]:
        row = [cohort]
        for generator, by_cohort in results.items():
            text = _mean_sd([split[metric.name] for split in by_cohort.get(cohort, ())])
            row.append(f"**{text}**" if cohort in won.get(generator, ()) else text)
        for own in names:
            known = cohort in results[own]
            found = margins(results, own, COPULA, cohort, metric) if known else []
            row.append(_mean_sd(found, signed=True))
        rows.append(row)
    counts = [f"ahead in {len(won[own])} of {len(results[own])}" for own in names]
    rows.append(["", *("" for _ in results), *counts])
    header = ["cohort", *results, *(f"{own} against copula" for own in names)]
    better = "higher" if metric.better > 0 else "lower"
    title = f"## {metric.name}: {better} is better"
    return "\n".join([title, "", metric.meaning, "", *markdown(header, rows)])


def _mean_sd(found: Sequence[float], *, signed: bool = False) -> str:
    return f"{short(mean(found), signed=signed)} ({short(stdev(found))})" if found else "–"


def short(value: float, *, signed: bool = False) -> str:
    """Return three decimals, with no zero before the point."""
    sign = "−" if value < 0 else "+" if signed else ""
    return sign + f"{abs(value):.3f}".removeprefix("0")


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Return the lines of a Markdown table."""
    for row in (header, ["---"] * len(header), *rows):
        yield "| " + " | ".join(row) + " |"
