from __future__ import annotations

from synth_magic.evaluation import utility
from synth_magic.evaluation.utility.prediction import LEARNERS, METRICS
from tests.evaluation.utility.builders import patients, tables


def test_without_a_target_there_is_no_score() -> None:
    assert not list(utility.scores(tables()))


def test_with_a_target_come_all_learners_and_the_coefficients() -> None:
    frames = tables()
    found = list(utility.scores(frames, target="event"))
    assert [one.metric for one in found[:5]] == list(METRICS)
    assert len({(one.metric, one.of) for one in found}) == len(found) == 5 * len(LEARNERS) + 6 + 1
    assert {one.metric.group for one in found} == {"utility"}
    assert frames.synthetic.equals(patients(200, 1))
