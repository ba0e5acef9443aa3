"""What a figure says, in plain words, beside what the same figure is of real patients.

Nothing is called good or bad by itself: the yardstick is what real patients of the same source
score in the place of the synthetic ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

from synth_magic.evaluation.report.text import in_line
from synth_magic.evaluation.report.wording import in_so_many, number
from synth_magic.evaluation.result import Result

Reading: TypeAlias = Callable[[Result], str]

_REAL = "between real patients {}"
_BY = "between real patients by {}"
_APART = "real patients from real ones {}"
_LEARNT = "learnt from real patients {}"

_TOLERANCE, _OF_ONE_SPLIT = 0.05, 0.33
_CLEARLY = 1.5
_NEAR_BY_CHANCE = 0.01
_HIGHEST_LOG = 50.0
_WHY = 200


def reading(result: Result) -> str:
    """Return what a result says, or why there is none."""
    if math.isnan(result.mean):
        why = in_line(result.why, _WHY)
        return f"not computed: {why}" if why else "not computed"
    if math.isinf(result.mean) or math.isinf(result.real):
        return _plain(result)
    return READINGS.get(result.metric.name, _plain)(result)


def _plain(result: Result) -> str:
    return _beside(number(result.mean), "of real patients {}", number(result.real), result)


def _beside(said: str, yardstick: str, real: str, result: Result) -> str:
    """Return what is said of the synthetic patients, and the yardstick if there is one."""
    return said if math.isnan(result.real) else f"{said}; {yardstick.format(real)}"


def _share(
    said: str, yardstick: str, of: Callable[[float], float] = float, *, times: bool = False
) -> Reading:
    """Return a reading of a share, which takes the place of `{}` as `6 in 10`."""

    def read(result: Result) -> str:
        synthetic, real = in_so_many(of(result.mean), of(result.real))
        if times:
            synthetic = synthetic.replace(" in ", " times in ")
        return _beside(said.format(synthetic), yardstick, real, result)

    return read


def _figure(said: str, yardstick: str, of: Callable[[float], float] = float) -> Reading:
    """Return a reading of a number, which takes the place of `{}`."""

    def read(result: Result) -> str:
        synthetic, real = number(of(result.mean)), number(of(result.real))
        return _beside(said.format(synthetic), yardstick, real, result)

    return read


def _rare(
    none: str, some: str, yardstick: str, hint: str = "", *, times: float = 1.0, least: float = 0.0
) -> Reading:
    """Return a reading of a share that is 0 as a rule.

    The hint is for so many times what real patients have, or have `least` by chance, and more.
    """

    def read(result: Result) -> str:
        synthetic, real = in_so_many(result.mean, result.real)
        said = some.format(synthetic) if result.mean else none
        words = _beside(said, yardstick, real if result.real else "none", result)
        more = result.mean > times * max(result.real, least) and not _alike(result)
        return f"{words}: {hint}" if hint and more else words

    return read


def _alike(result: Result) -> bool:
    """Whether the synthetic and the real figure differ by no more than chance would have it."""
    split_once = math.isnan(result.sd)
    margin = (_OF_ONE_SPLIT if split_once else _TOLERANCE) * abs(result.real)
    sd = 0.0 if split_once else result.sd
    return abs(result.mean - result.real) <= max(margin, sd)


def _closest(result: Result) -> str:
    if math.isnan(result.real):
        return f"{number(result.mean)} from the closest real patient (0: the same, 1: all unlike)"
    if _alike(result):
        return "about as close to the real patients as held-out real patients are"
    if result.mean < result.real:
        return "closer to the real patients than held-out real patients are: look for copies"
    return "farther from the real patients than held-out real patients are"


def _ratio(result: Result) -> str:
    words = _figure(
        "the closest real patient is {} times as far as the second closest",
        "of held-out real patients {}",
    )(result)
    lower = result.mean < result.real and not _alike(result)
    return f"{words}: single patients may be copied" if lower else words


def _undone(result: Result) -> str:
    """Read the share of a guesser's mistakes that the keys put right, which may be below 0."""
    synthetic, real = in_so_many(max(result.mean, 0.0), max(result.real, 0.0))
    said = f"knowing the keys, {synthetic} wrong guesses are put right"
    return _beside(said, "with real patients held out {}", real, result)


def _in_the_large(result: Result) -> str:
    def words(log_odds: float) -> str:
        return f"{number(abs(log_odds))} too {'low' if log_odds >= 0 else 'high'}"

    said = f"predicted log odds are {words(result.mean)} on average"
    return _beside(said, _LEARNT, words(result.real), result)


def _odds_ratio(log_odds: float) -> float:
    return math.exp(min(log_odds, _HIGHEST_LOG))


def _auc_of_detection(score: float) -> float:
    """Return the AUC behind SDMetrics' score: the share of the pairs, one of each, told apart."""
    return 1 - score / 2


def _less(value: float) -> float:
    return 1 - value


def _points(value: float) -> float:
    return 100 * value


READINGS: Mapping[str, Reading] = {
    "Column Shapes": _share("about {} of each distribution overlaps", _REAL),
    "KSComplement": _share("the shares up to any value differ by at most {}", _BY, _less),
    "TVComplement": _share("{} of the codes need not change", _REAL),
    "Wasserstein distance": _figure("values lie {} apart on average, in their own unit", _REAL),
    "Wasserstein distance, scaled": _figure(
        "values lie {} standard deviations apart on average", _REAL
    ),
    "Jensen-Shannon divergence": _figure("{} of 1 (0: the same, 1: nothing in common)", _REAL),
    "Column Pair Trends": _share("columns that go together do so as in real ones, {}", _REAL),
    "Column Pair Trends of all pairs": _share(
        "every two columns go together as in real ones, {}", _REAL
    ),
    "CorrelationSimilarity": _share("correlations of numbers agree, {}", _REAL),
    "ContingencySimilarity": _share("of two codes, {} of the patients need not change", _REAL),
    "Logistic detection": _share(
        "logistic regression tells them apart {}", _APART, _auc_of_detection, times=True
    ),
    "Boosted-tree AUC": _share("a model tells them apart {}", _APART, times=True),
    "Error of the rank correlations": _figure("rank correlations are off by {} on average", _BY),
    "Signs of the rank correlations": _share(
        "{} of the clear correlations have the right sign", _REAL
    ),
    "Missing values": _figure(
        "the share that is missing is off by {} percentage points", _BY, _points
    ),
    "Missing values together": _figure(
        "the share that lacks two values is off by {} percentage points", _BY, _points
    ),
    "New rows": _share(
        "{} synthetic patients are like no real one", "of real patients held out {}"
    ),
    "Copies": _rare(
        "no synthetic patient is a copy of a real one",
        "{} synthetic patients are copies of real ones",
        "of real patients held out {}",
        "look at them",
    ),
    "Near copies": _rare(
        "no synthetic patient is nearly a copy of a real one",
        "{} synthetic patients are nearly copies of real ones",
        "of real patients held out {}",
        "look for copies",
        times=_CLEARLY,
        least=_NEAR_BY_CHANCE,
    ),
    "Repeats": _rare(
        "no synthetic patient repeats another",
        "{} synthetic patients repeat another",
        "of real patients {}",
    ),
    "Distance to the closest record": _closest,
    "Distance to the closest record, median": _closest,
    "Nearest-neighbour distance ratio": _ratio,
    "Nearest-neighbour distance ratio, median": _ratio,
    "CategoricalCAP": _share(
        "a guess from the keys is wrong {}", "with real patients held out {}", times=True
    ),
    "Disclosure": _undone,
    "AUC": _share(
        "learnt from synthetic patients, a model puts {} pairs of real ones in the right order",
        _LEARNT,
    ),
    "F1": _figure("an F1 of {} among real patients", _LEARNT),
    "Brier score": _figure("the squared error of a predicted risk is {} on average", _LEARNT),
    "Calibration slope": _figure("log odds rise by {} for each 1 predicted", _LEARNT),
    "Calibration in the large": _in_the_large,
    "Coefficient": _figure("an odds ratio of {}", _LEARNT, _odds_ratio),
    "Coefficients within the real interval": _share(
        "{} coefficients lie in the interval of the real ones", "those of real patients held out {}"
    ),
}
"""The reading of each metric by its name; any other is read as a plain figure."""
