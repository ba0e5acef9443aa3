"""All figures together."""

from __future__ import annotations

from synth_magic.evaluation.parts import parts
from synth_magic.evaluation.roles import Roles
from tests.evaluation.fidelity.patients import clinic, compare

NAMES = [
    "Column Shapes",
    "KSComplement",
    "TVComplement",
    "Wasserstein distance, scaled",
    "Jensen-Shannon divergence",
    "Wasserstein distance",
    "Column Pair Trends",
    "Column Pair Trends of all pairs",
    "CorrelationSimilarity",
    "ContingencySimilarity",
    "Error of the rank correlations",
    "Signs of the rank correlations",
    "Logistic detection",
    "Boosted-tree AUC",
    "Missing values",
    "Missing values together",
]


def test_every_figure_is_of_fidelity_and_stands_once():
    tables = compare(clinic(40, 1), clinic(30, 2), train=clinic(40, 3))
    figures = [score for part in parts(Roles(), "fidelity") for score in part.scores(tables, 0)]
    assert list(dict.fromkeys(score.metric.name for score in figures)) == NAMES
    assert {score.metric.group for score in figures} == {"fidelity"}
    assert len({(score.metric.name, score.of) for score in figures}) == len(figures)
