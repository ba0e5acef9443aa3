from __future__ import annotations

import pytest

from synth_magic.spec import (
    By,
    Cell,
    Formula,
    Identifier,
    MeanSD,
    MedianIQR,
    Quantiles,
    Share,
    Shares,
    Variable,
)
from synth_magic.spec.model import Marginal, VariableType
from tests.spec.builders import cohort, told


def shares(**by_code: float) -> Shares:
    return Shares(tuple(Share(code, share) for code, share in by_code.items()))


def faults(kind: VariableType, marginal: Marginal) -> list[str]:
    return told(cohort(Variable("x", kind, marginal)))


@pytest.mark.parametrize(
    "marginal",
    [
        Quantiles(0, 0, 0, 1, 2, 2, 3, 4, 4),
        MeanSD(5, 0, 5, None),
        MeanSD(50, 40, 0, None),
        MeanSD(-3, 1e9),
        MeanSD(0.5, 0.49, 0, 1),
        MedianIQR(3, 3, 3),
        MedianIQR(1, 2, 9, 1, 9),
    ],
    ids=str,
)
def test_figures_that_can_stand_together_are_valid(marginal: Marginal) -> None:
    assert faults("continuous", marginal) == []


@pytest.mark.parametrize(
    ("marginal", "place", "message"),
    [
        (
            Quantiles(0, 1, 2, 7, 6.5, 8, 9, 10, 11),
            "marginal.p50",
            "p50 is 6.5, below p25, which is 7; each is at least the one before",
        ),
        (
            MeanSD(5, 2, 10, 4),
            "marginal",
            "low is 10 and high is 4; low must be below high",
        ),
        (MeanSD(5, -2), "marginal.sd", "the SD is -2; it must not be negative"),
        (
            MeanSD(12, 1, 0, 10),
            "marginal.mean",
            "the mean 12 is outside 0 to 10; it must lie within the bounds",
        ),
        (
            MeanSD(2, 4, 0, 10),
            "marginal.sd",
            "SD² is 16 and (mean - low) * (high - mean) is 16; SD² must be the smaller",
        ),
        (
            MeanSD(0, 1, 0, None),
            "marginal.sd",
            "SD² is 1 and (mean - low) * (high - mean) is 0; SD² must be the smaller",
        ),
        (
            MedianIQR(3, 2, 5),
            "marginal.p50",
            "p50 is 2, below p25, which is 3; each is at least the one before",
        ),
        (
            MedianIQR(3, 4, 5, 3.5, None),
            "marginal.p25",
            "p25 is 3, below low, which is 3.5",
        ),
        (MedianIQR(3, 4, 5, None, 4.5), "marginal.high", "high is 4.5, below p75, which is 5"),
        (MedianIQR(3, 4, 5, 6, 6), "marginal", "low is 6 and high is 6"),
        (
            shares(a=1.0),
            "marginal",
            "shares does not suit the type continuous; allowed: quantiles, mean_sd, median_iqr, by",
        ),
        (Identifier(), "marginal", "identifier does not suit the type continuous"),
        (Formula("age", ("a",)), "marginal.codes", "a numeric variable has codes"),
    ],
    ids=str,
)
def test_figures_of_a_number_that_cannot_be_are_told_with_the_figures(
    marginal: Marginal, place: str, message: str
) -> None:
    (fault,) = faults("continuous", marginal)
    assert fault.startswith(f"variables[6].{place} ('x'): {message}")


@pytest.mark.parametrize(
    ("kind", "marginal", "place", "message"),
    [
        ("categorical", Shares(()), "marginal.shares", "there is no code"),
        (
            "binary",
            shares(a=0.2, b=0.3, c=0.5),
            "marginal.shares",
            "there are 3 codes; a binary variable has two",
        ),
        ("binary", shares(a=1.0), "marginal.shares", "there are 1 codes"),
        (
            "ordinal",
            shares(a=0.2, b=0.3, c=0.4),
            "marginal.shares",
            "the shares sum to 0.9; they must sum to 1",
        ),
        (
            "ordinal",
            shares(a=-0.2, b=1.2),
            "marginal.shares[0].share",
            "the share is -0.2; shares are from 0 to 1",
        ),
        (
            "categorical",
            Shares((Share("a", 0.5), Share("b", 0.2), Share("a", 0.3))),
            "marginal.shares[2]",
            "the code 'a' stands twice; list it once",
        ),
        (
            "categorical",
            Shares((Share(" ", 0.5), Share("b", 0.5))),
            "marginal.shares[0]",
            "it is empty; write some text",
        ),
        (
            "categorical",
            Shares((Share("a\nb", 0.5), Share("b", 0.5))),
            "marginal.shares[0]",
            r"'a\nb' has a control character; write one line of plain text",
        ),
        ("ordinal", MeanSD(1, 1), "marginal", "mean_sd does not suit the type ordinal"),
        ("binary", Formula("age > 1"), "marginal.codes", "there is no code; list every possible"),
        (
            "binary",
            Formula("1", ("1", "2", "3")),
            "marginal.codes",
            "there are 3 codes; a binary variable has two",
        ),
        ("identifier", MeanSD(1, 1), "marginal", "mean_sd does not suit the type identifier"),
        (
            "identifier",
            Identifier("P##-##"),
            "marginal.pattern",
            "the pattern is 'P##-##'; it has one run of #, such as P#####",
        ),
        ("identifier", Identifier("P"), "marginal.pattern", "the pattern is 'P'"),
    ],
    ids=str,
)
def test_codes_that_cannot_be_are_told(
    kind: VariableType, marginal: Marginal, place: str, message: str
) -> None:
    assert faults(kind, marginal)[0].startswith(f"variables[6].{place} ('x'): {message}")


def test_percentages_that_were_rounded_still_sum() -> None:
    assert faults("ordinal", shares(a=0.333, b=0.333, c=0.333)) == []
    assert faults("ordinal", shares(a=0.333, b=0.333, c=0.332)) != []


def test_each_cell_of_a_by_is_checked_at_its_own_place() -> None:
    cells = (Cell(("female",), MeanSD(13, 1)), Cell(("male",), MeanSD(15, -1)))
    (fault,) = faults("continuous", By(("sex",), cells))
    assert fault.startswith("variables[6].marginal.cells[1].marginal.sd ('x'): the SD is -1")
