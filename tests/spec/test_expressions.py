from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_magic.errors import ExpressionError
from synth_magic.spec import Expression


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("weight_kg / (height_cm / 100) ** 2", {"weight_kg", "height_cm"}),
        ("`HbA1c (%)` > 6.5 and not treated", {"HbA1c (%)", "treated"}),
        ("`a``b` == 'x`y'", {"a`b"}),
        ("µg > 1", {"µg"}),  # as written: Python itself would fold the micro sign into a mu
        ("عمر >= 65 or `if` == 1", {"عمر", "if"}),
        ("max(min, 3)", {"min"}),
        ("  age in (1, -2, 3.5)  ", {"age"}),
        ("'a' if sex in ('male') else 'b'", {"sex"}),
        ('`é 年齢` == "é" and `é 年齢` != bmi', {"é 年齢", "bmi"}),
        ("1 + 2", set()),
    ],
)
def test_an_expression_knows_the_names_it_needs(text: str, names: set[str]) -> None:
    assert Expression.parse(text).names == names


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1))
def test_any_line_of_text_in_backticks_is_a_name(name: str) -> None:
    quoted = "`" + name.replace("`", "``") + "`"
    assert Expression.parse(f"1 < {quoted} + {quoted}").names == {name}


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("__import__('os')", "column 1", "calls no known function"),
        ("().__class__", "column 1", "is attribute access"),
        ("age + sex.real", "column 7", "'sex.real' is attribute access"),
        ("age[0]", "column 1", "is a subscript"),
        ("(lambda: 1)()", "column 1", "calls no known function"),
        ("(lambda: 1)", "column 2", "is a lambda"),
        ("[x for x in age]", "column 1", "is a comprehension"),
        ("{x for x in age}", "column 1", "is a comprehension"),
        ("sqrt(x for x in age)", "column 5", "is a comprehension"),
        ("(x := 1)", "column 2", "is an assignment"),
        ("f'{age}'", "column 1", "is an f-string"),
        ("max(*age)", "column 1", "the wrong arguments; it takes 2 or more"),
        ("max(1, 2, key=age)", "column 1", "the wrong arguments; it takes 2 or more"),
        ("max(1, *age)", "column 8", "is a star"),
        ("sqrt(1, 2)", "column 1", "the wrong arguments; it takes 1"),
        ("abs()", "column 1", "the wrong arguments"),
        ("squrt(age)", "column 1", "did you mean 'sqrt'?"),
        ("round(age, sex)", "column 1", "a whole number, 0 to 12"),
        ("round(age, 1.5)", "column 1", "a whole number, 0 to 12"),
        ("b'a'", "column 1", "no number and no text"),
        ("2j", "column 1", "no number and no text"),
        ("True", "column 1", "no number and no text"),
        ("...", "column 1", "no number and no text"),
        ("u'a' == sex", "column 1", "is no plain text"),
        ("sex == 'a' 'b'", "column 8", "is no plain text"),
        ("sex == '''a'''", "column 8", "is no plain text"),
        (f"sex == '{'a' * 501}'", "column 8", "has 501 characters"),
        ("1e999", "column 1", "is too large"),
        ("9" * 400, "column 1", "is too large"),
        ("age % 2", "column 1", "has an operator outside the grammar"),
        ("age // 2", "column 1", "has an operator outside the grammar"),
        ("age is 2", "column 1", "has an operator outside the grammar"),
        ("~age", "column 1", "has an operator outside the grammar"),
        ("age & 1", "column 1", "has an operator outside the grammar"),
        ("age in sex", "column 1", "does not list texts or numbers"),
        ("age in ()", "column 1", "does not list texts or numbers"),
        ("age, sex", "column 1", "is outside the grammar"),
        ("é + `b`c", "column 5", "runs into a name in backticks"),
        ("age +", "column 6", "cannot be read"),
        ("`age", "column 1", "cannot be read"),
        ("``", "column 1", "cannot be read"),
        ("age = 1", "column", "cannot be read"),
        ("import os", "column", "cannot be read"),
        ("1if age else 2", "column 1", "cannot be read"),
        (r"sex == '\d'", "column", "cannot be read"),
        ("age > 1 # adults", "age > 1", "has a comment"),
        ("age >\n1", "age >", "line break or control character"),
        ("age\x00", "age", "line break or control character"),
        ("age\ud800", "age", "line break or control character"),
        ("   ", "the expression", "is empty"),
    ],
)
def test_anything_outside_the_grammar_is_refused_at_its_place(
    text: str, place: str, reason: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression.parse(text)
    first = str(caught.value.violations[0])
    assert place in first
    assert reason in first


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * 10_000_000, "10,000,000 characters; at most 2,000"),
        ("(" * 10_000 + ")" * 10_000, "20,000 characters"),
        ("(" * 999 + "1" + ")" * 999, "nested"),
        ("-" * 1_999 + "1", "nested too deeply"),
        ("not " * 499 + "x", "nested too deeply"),
        ("[" * 1_000 + "]" * 1_000, "cannot be read"),
        ("+".join("a" * 45), "bracket the parts of a long sum"),
        ("9**" * 600 + "9", "nested too deeply"),
    ],
)
def test_length_and_depth_are_limited(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason):
        Expression.parse(text)


def test_every_refused_place_is_told() -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression.parse("age.real + open('x') + max(1)")
    assert [violation.path.split(" of ")[0] for violation in caught.value.violations] == [
        "column 1",
        "column 12",
        "column 24",
    ]


def test_a_long_sum_in_brackets_is_allowed() -> None:
    items = "(" + "+".join("a" * 30) + ")"
    assert Expression.parse(f"{items} + {items}").names == {"a"}


@given(st.text(max_size=80))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    with suppress(ExpressionError):
        assert Expression.parse(text).text == text.strip()
