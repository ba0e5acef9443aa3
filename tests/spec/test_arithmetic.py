from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_magic.errors import ExpressionError
from synth_magic.spec import Coded, Expression

COLUMNS: dict[str, Any] = {
    "weight": np.array([60.0, 80.0, 100.0]),
    "height": np.array([1.6, 1.8, 2.0]),
    "visits": np.array([0, 1, 2]),
    "treated": np.array([True, False, True]),
    "sex": Coded(("female", "male"), np.array([0, 1, 0])),
    "grade": Coded(("1", "2", "3"), np.array([0, 1, 2])),
    "worst grade": Coded(("1", "2", "3"), np.array([2, 1, 2])),
    "stage": Coded(("I", "II", "III"), np.array([2, 0, 1])),
    "dose": Coded(("none", "1", "2"), np.array([0, 1, 2])),
}


def evaluate(text: str) -> Any:
    result = Expression.parse(text).evaluate(COLUMNS)
    if isinstance(result, Coded):
        return [result.codes[place] for place in np.broadcast_to(result.index, 3)]
    return np.broadcast_to(result, 3).tolist()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("weight / height ** 2", [60 / 1.6**2, 80 / 1.8**2, 25]),
        ("-weight + +20 - 1", [-41, -61, -81]),
        ("min(weight, 70, visits * 45)", [0, 45, 70]),
        ("max(visits, 1)", [1, 1, 2]),
        ("abs(visits - 1) + floor(height) + round(height)", [4, 3, 5]),
        ("round(height / 3, 2)", [0.53, 0.6, 0.67]),
        ("sqrt(visits * visits) + log(exp(visits))", [0, 2, 4]),
        ("1 / visits", [np.inf, 1, 0.5]),
        ("9 ** 9 ** 9", [np.inf] * 3),
        ("visits ** 400", [0, 1, 2.0**400]),
        ("treated + (visits > 0)", [1, 1, 2]),
        ("grade * 2 + 1", [3, 5, 7]),
        ("grade + `worst grade`", [4, 4, 6]),
        ("weight if treated else visits", [60, 1, 100]),
        ("visits > 0", [False, True, True]),
        ("0 < visits < 2", [False, True, False]),
        ("visits and not treated or weight == 100", [False, True, True]),
        ("visits in (0, 2)", [True, False, True]),
        ("visits not in (0, 2)", [False, True, False]),
        ("sex == 'male'", [False, True, False]),
        ("'male' != sex", [True, False, True]),
        ("sex in ('male')", [False, True, False]),
        ("sex in ('male', 'female')", [True] * 3),
        ("sex not in ['male']", [True, False, True]),
        ("grade == 1", [True, False, False]),
        ("grade == '1' or grade == 3.0", [True, False, True]),
        ("dose == 'none' or dose == 2", [True, False, True]),
        ("stage >= 'II'", [True, False, True]),
        ("'I' < stage < 'III'", [False, False, True]),
        ("2 <= grade", [False, True, True]),
        ("grade < `worst grade`", [True, False, False]),
        ("grade == `worst grade`", [False, True, True]),
        ("grade == dose", [False, False, False]),
        ("grade > visits", [True, True, True]),
        ("treated if visits > 0 else sex == 'female'", [True, False, True]),
        ("'high' if weight > 90 else 'low'", ["low", "low", "high"]),
        ("'a' if visits == 0 else 'b' if visits == 1 else stage", ["a", "b", "II"]),
        ("'fixed'", ["fixed"] * 3),
        ("2 > 1", [True] * 3),
    ],
)
def test_an_expression_means_what_it_says(text: str, values: list[object]) -> None:
    assert evaluate(text) == (values if isinstance(values[0], str) else pytest.approx(values))


def test_codes_that_a_choice_merges_keep_their_order() -> None:
    result = Expression.parse("'none' if visits == 0 else stage").evaluate(COLUMNS)
    assert isinstance(result, Coded)
    assert result.codes == ("none", "I", "II", "III")


def test_a_row_without_a_code_has_no_number_and_meets_no_equality() -> None:
    columns = {"grade": Coded(("1", "2"), np.array([1, -1]))}
    number = Expression.parse("grade + 0").evaluate(columns)
    assert isinstance(number, np.ndarray)
    assert np.isnan(number).tolist() == [False, True]
    assert Expression.parse("grade == 2").evaluate(columns).tolist() == [True, False]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("wieght > 2", "column 1 of 'wieght > 2': 'wieght' is no variable"),
        ("wieght > 2", "did you mean 'weight'?"),
        ("sex + 1", "'sex' is used as a number, but has the codes 'female', 'male'"),
        ("not stage", "'stage' is used as a number"),
        ("sex == 'mail'", "codes of 'sex' are 'female', 'male' (did you mean 'male'?)"),
        ("sex in ('male', 'other')", "column 17"),
        ("grade == 4", "'4' is not among the codes; the codes of 'grade' are '1', '2', '3'"),
        ("stage < 'IV'", "is not among the codes"),
        ("stage < grade", "'stage' is used as a number"),
        (
            "weight == 'heavy'",
            "column 11 of \"weight == 'heavy'\": \"'heavy'\" is text where a number is needed",
        ),
        ("'none' if treated else 1", "is text where a number is needed"),
    ],
)
def test_misuse_names_the_place_and_what_is_there(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression.parse(text).evaluate(COLUMNS)
    assert message in str(caught.value)


def test_all_misuse_is_told_at_once() -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression.parse("sex == 'mail' and grade > 7 or hieght > 1").evaluate(COLUMNS)
    assert len(caught.value.violations) == 3


def test_a_parsed_expression_travels_to_another_process() -> None:
    parsed = Expression.parse("`worst grade` >= 2 and sex == 'male'")
    copy = pickle.loads(pickle.dumps(parsed))
    assert copy == parsed
    assert copy.evaluate(COLUMNS).tolist() == [False, True, False]


NUMBERS = st.sampled_from(["a", "b", "2", "0.5", "10"])
OPERATIONS = st.sampled_from(["({} + {})", "({} - {})", "({} * {})", "max({}, {})", "min({}, {})"])


@given(
    st.recursive(NUMBERS, lambda part: st.builds(str.format, OPERATIONS, part, part)),
    st.floats(-9, 9),
    st.floats(-9, 9),
)
def test_arithmetic_agrees_with_python(text: str, a: float, b: float) -> None:
    columns = {"a": np.array([a]), "b": np.array([b])}
    expected = eval(text, {"max": max, "min": min}, {"a": a, "b": b})
    result = Expression.parse(text).evaluate(columns)
    assert isinstance(result, np.ndarray)
    assert result == pytest.approx(expected)
