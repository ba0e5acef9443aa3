from __future__ import annotations

from itertools import product

import pytest

from synth_magic.spec import (
    By,
    Cell,
    Formula,
    MeanSD,
    MissingGroup,
    Quantiles,
    Share,
    Shares,
    Variable,
)
from tests.spec.builders import cohort, told

DAY = Variable("day", "date", MeanSD(100, 30), unit="days since 2020-01-01")


def cells(*levels: str | tuple[str, ...]) -> tuple[Cell, ...]:
    texts = [(level,) if isinstance(level, str) else level for level in levels]
    return tuple(Cell(text, MeanSD(10, 2)) for text in texts)


def faults(parents: tuple[str, ...], own: tuple[Cell, ...]) -> list[str]:
    return told(
        cohort(
            DAY,
            Variable("x", "continuous", By(parents, own)),
            missing_groups=(MissingGroup("blood", ("sbp",), 0.1),),
        )
    )


@pytest.mark.parametrize(
    ("parents", "own"),
    [
        (("sex",), cells("male", "female")),
        (("age",), cells(">=65", "[ 40,65)", "< 40")),
        (("region", "sex"), cells(*product(("north", "east", "south"), ("female", "male")))),
        (("sex", "sbp"), cells(*product(("female", "male"), ("<120", ">=120")))),
    ],
    ids=str,
)
def test_cells_that_cover_every_level_once_are_valid(
    parents: tuple[str, ...], own: tuple[Cell, ...]
) -> None:
    assert faults(parents, own) == []


@pytest.mark.parametrize(
    ("parents", "own", "place", "message"),
    [
        (
            ("gender",),
            cells("a"),
            "marginal.parents[0]",
            "'gender' is no variable; name one of the variables",
        ),
        (("Sex ",), cells("male"), "marginal.parents[0]", "(did you mean 'sex'?)"),
        (("blood",), cells("a"), "marginal.parents[0]", "'blood' is a missing group"),
        (("patient",), cells("a"), "marginal.parents[0]", "'patient' is an identifier"),
        (("day",), cells("<9", ">=9"), "marginal.parents[0]", "'day' is a date"),
        ((), (), "marginal.parents", "there are 0 parents; name one or two"),
        (("sex", "age", "sbp"), (), "marginal.parents", "there are 3 parents; name one or two"),
        (("sex", "sex"), (), "marginal.parents[1]", "'sex' stands twice; name it once"),
        (("x",), cells("<5", ">=5"), "marginal", "'x' needs 'x', in a circle"),
        (
            ("sex",),
            cells("male", "femal"),
            "marginal.cells[1].levels[0]",
            "'femal' is no code of 'sex'; the codes are 'female', 'male' (did you mean 'female'?)",
        ),
        (("sex",), cells("male"), "marginal.cells", "there is no cell for 'female'"),
        (("sex",), (), "marginal.cells", "there is no cell for 'female', 'male'"),
        (
            ("sex",),
            cells("male", "female", "male"),
            "marginal.cells[2].levels",
            "'male' stands twice; one cell for each combination",
        ),
        (
            ("sex",),
            cells("male", ("female", "<40")),
            "marginal.cells[1].levels",
            "there are 2 levels; one for each of the 1 parents",
        ),
        (
            ("age",),
            cells("<40", "40-65", ">=65"),
            "marginal.cells[1].levels[0]",
            "'40-65': this is no interval; an interval is written <40, [40, 65) or >=65",
        ),
        (
            ("age",),
            cells("<40", "[45, 65)", ">=65"),
            "marginal.cells",
            "nothing covers 40 to 45 for 'age'; the intervals cover all numbers",
        ),
        (("age",), cells("<40", "[35, 65)", ">=65"), "marginal.cells", "two intervals cover 35"),
        (("age",), cells("[0, 65)", ">=65"), "marginal.cells", "nothing covers numbers below 0"),
        (("age",), cells("<65", "[65, 90)"), "marginal.cells", "nothing covers numbers from 90"),
        (("age",), (), "marginal.cells", "nothing covers any number for 'age'"),
        (
            ("sex", "age"),
            cells(("male", "<40"), ("male", ">=40"), ("female", "<40")),
            "marginal.cells",
            "there is no cell for 'female' and '>=40'",
        ),
    ],
    ids=str,
)
def test_parents_and_cells_that_do_not_fit_are_told(
    parents: tuple[str, ...], own: tuple[Cell, ...], place: str, message: str
) -> None:
    (fault,) = faults(parents, own)
    assert fault.startswith(f"variables[7].{place} ('x'): ")
    assert message in fault


def test_cells_have_the_same_codes_in_the_same_order() -> None:
    first = Shares((Share("no", 0.4), Share("yes", 0.6)))
    second = Shares((Share("yes", 0.4), Share("no", 0.6)))
    smoker = By(("sex",), (Cell(("male",), first), Cell(("female",), second)))
    (fault,) = told(cohort(Variable("smoker", "binary", smoker)))
    assert fault.startswith("variables[6].marginal.cells[1].marginal ('smoker'): the codes are ")
    assert fault.endswith("'yes', 'no'; as in the first cell: 'no', 'yes', in this order")


def test_cells_of_a_number_may_state_different_figures() -> None:
    knots = Quantiles(0, 1, 2, 3, 4, 5, 6, 7, 8)
    mixed = By(("sex",), (Cell(("male",), MeanSD(4, 1)), Cell(("female",), knots)))
    assert told(cohort(Variable("x", "continuous", mixed))) == []


def test_a_coded_formula_may_be_a_parent() -> None:
    grown = Variable("grown", "binary", Formula("'yes' if age >= 18 else 'no'", ("no", "yes")))
    height = Variable("height", "continuous", By(("grown",), cells("no", "yes")))
    assert told(cohort(grown, height)) == []


def test_each_circle_is_named() -> None:
    level = By(("b",), cells("<1", ">=1"))
    chain = [
        Variable("a", "continuous", level),
        Variable("b", "continuous", Formula("c + 1")),
        Variable("c", "continuous", Formula("a * 2")),
        Variable("d", "continuous", Formula("d + sbp")),
    ]
    circles = [fault.split("): ")[1] for fault in told(cohort(*chain)) if "circle" in fault]
    assert "'d' needs 'd', in a circle; break the circle" in circles
    around = ["a", "b", "c"]
    turns = [[*around[start:], *around[: start + 1]] for start in range(3)]
    words = [" needs ".join(map(repr, turn)) + ", in a circle; break the circle" for turn in turns]
    assert set(words) & set(circles)
    assert len(circles) == 2
