from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from synth_magic.description import parse
from synth_magic.errors import SettingError
from synth_magic.notebook.interpolation import interpolated

FRAME = pd.DataFrame(
    {
        "age": [41, 42],
        "bmi": [20.5, 31.0],
        "smoker": [True, False],
        "stage": pd.Categorical(["IV", "II"], ordered=True),
        "centre | town": ["Trondheim", "Bodø"],
        "visit": pd.to_datetime(["2020-04-01", "2020-04-02"]),
        "falls": pd.array([1, None], dtype="Int64"),
    }
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("heart failure", "heart failure"),
        (63, "63"),
        (np.int64(63), "63"),
        (7.4, "7.4"),
        (np.float64(0.5), "0.5"),
        (["age", "bmi", 3], "age, bmi, 3"),
        (("a",), "a"),
    ],
)
def test_text_numbers_and_lists_of_them_are_put_in(value: Any, written: str) -> None:
    assert interpolated("Adults, {{value}}.", {"value": value}) == f"Adults, {written}."
    assert interpolated("{{ value }}{{value}}", {"value": value}) == written * 2


def test_what_is_put_in_is_not_looked_at_again() -> None:
    assert interpolated("{{a}}", {"a": "{{b}} {c}", "b": "secret"}) == "{{b}} {c}"


@pytest.mark.parametrize(
    "body",
    [
        "{name}",
        "{0: male, 1: female}",
        "a } b {",
        "{{",
        "}}",
        "{{a\nb}}",
        "{{a: {b}}}",
        "$name",
        "",
    ],
)
def test_other_braces_are_literal(body: str) -> None:
    assert interpolated(body, {"name": "x"}) == body


def test_a_backslash_keeps_the_braces() -> None:
    assert interpolated(r"\{{name}} \ {{name}}", {"name": "x"}) == r"{{name}} \ x"


def test_a_frame_gives_its_columns_and_types_and_no_value() -> None:
    text = interpolated("Adults like {{trial}} but older.", {"trial": FRAME})
    assert text == (
        "Adults like \n\n"
        "| name | type |\n"
        "|---|---|\n"
        "| age | integer |\n"
        "| bmi | continuous |\n"
        "| smoker | binary |\n"
        "| stage | ordinal |\n"
        "| centre \\| town | categorical |\n"
        "| visit | date |\n"
        "| falls | integer |\n"
        "\n but older."
    )


def test_the_columns_are_understood_as_variables() -> None:
    variables = parse(interpolated("{{trial}}", {"trial": FRAME})).variables
    assert [(v.name, v.type) for v in variables] == [
        ("age", "integer"),
        ("bmi", "continuous"),
        ("smoker", "binary"),
        ("stage", "ordinal"),
        ("centre | town", "categorical"),
        ("visit", "date"),
        ("falls", "integer"),
    ]


@pytest.mark.parametrize("braces", ["{{a b}}", "{{a.b}}", "{{f()}}", "{{a[0]}}", "{{5}}", "{{}}"])
def test_an_expression_is_no_name(braces: str) -> None:
    with pytest.raises(SettingError) as raised:
        interpolated(f"Adults, {braces}", {"a": "x"})
    assert str(raised.value) == (
        f"{braces} names no variable: write {{{{name}}}} with a name alone, or \\{{{{ for braces "
        "that stay"
    )


def test_an_unknown_name_has_a_near_one_of_the_users() -> None:
    namespace = {"diabetics": "x", "_diabetic": "y"}
    with pytest.raises(SettingError) as raised:
        interpolated("{{diabetic}}", namespace)
    assert str(raised.value) == (
        "{{diabetic}}: there is no variable 'diabetic' (did you mean 'diabetics'?)"
    )


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, "of type bool"),
        (None, "of type NoneType"),
        ({"a": 1}, "of type dict"),
        (pd.Series([1]), "of type Series"),
        (np.array([1]), "of type ndarray"),
        (float("nan"), "not finite"),
        ([], "an empty list"),
    ],
)
def test_other_values_are_refused_by_their_type(value: Any, kind: str) -> None:
    with pytest.raises(SettingError, match=rf"^\{{\{{x\}}\}} is {kind}; what can be put into a"):
        interpolated("{{x}}", {"x": value})
    if kind != "an empty list":
        with pytest.raises(SettingError, match=rf"^an item of \{{\{{x\}}\}} is {kind};"):
            interpolated("{{x}}", {"x": ["a", value]})


@pytest.mark.parametrize("frame", [pd.DataFrame(), pd.DataFrame([[1]]), pd.DataFrame({"": [1]})])
def test_a_frame_needs_columns_with_names(frame: pd.DataFrame) -> None:
    with pytest.raises(SettingError, match="must have columns, all of them named by text"):
        interpolated("{{frame}}", {"frame": frame})
