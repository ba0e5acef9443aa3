"""Answers read from text, corrected and joined."""

from __future__ import annotations

import json

import pytest

from synth_magic.engines.claude.documents import corrected, joined, read
from synth_magic.errors import SpecificationError
from tests.engines.claude.builders import answer


@pytest.mark.parametrize("around", ["{}", "\n{}\n", "```json\n{}\n```", "``` \r\n\n{}\n```\n"])
def test_an_object_is_read_with_a_fence_or_without(around: str) -> None:
    assert read(around.format(json.dumps(answer()))) == answer()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no JSON"),
        ('{"title": "Renal', "no JSON"),
        ("I cannot answer that.", "no JSON"),
        ("[1, 2]", "a list stands where an object belongs"),
        ("[" * 100_000, "no JSON"),
        ("```" + "\n" * 1_000_000 + "x", "no JSON"),
    ],
)
def test_anything_else_is_told(text: str, words: str) -> None:
    with pytest.raises(SpecificationError, match=words):
        read(text)


def test_a_correction_replaces_variables_by_name_and_lists_that_it_holds() -> None:
    sex = answer()["variables"][0] | {"missing": 0.5}
    change = {"variables": [sex], "associations": [], "rules": [{"expression": "age > 17"}]}
    after = corrected(answer(), change)
    assert [variable["name"] for variable in after["variables"]] == [
        variable["name"] for variable in answer()["variables"]
    ]
    assert after["variables"][0]["missing"] == 0.5
    assert after["variables"][1:] == answer()["variables"][1:]
    assert after["associations"] == answer()["associations"]
    assert after["rules"] == change["rules"]


def test_a_correction_can_add_a_variable() -> None:
    new = answer()["variables"][0] | {"name": "gender"}
    names = [v["name"] for v in corrected(answer(), {"variables": [new]})["variables"]]
    assert names[-1] == "gender"


def test_what_a_later_part_repeats_counts_as_it_stood_first() -> None:
    pair = answer()["associations"][0]
    turned = {"a": pair["b"], "b": pair["a"], "spearman": -0.9, "basis": ""}
    whole = joined([answer(), answer(title="Other", associations=[turned])])
    assert whole == answer()


def test_a_missing_group_of_two_parts_holds_the_variables_of_both() -> None:
    def group(name: str) -> dict[str, object]:
        return {"name": "blood", "variables": [name], "fraction": 0.1, "only_when": ""}

    whole = joined([answer(missing_groups=[group("age")]), answer(missing_groups=[group("sex")])])
    (blood,) = whole["missing_groups"]
    assert blood["variables"] == ["age", "sex"]
