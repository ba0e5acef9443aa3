"""The schema is valid, within what structured output accepts, and says what the dataclasses say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from synth_magic.spec import model
from synth_magic.spec.cohort import CohortSpec
from synth_magic.spec.structure import schema

CLASSES = {
    "quantiles": model.Quantiles,
    "mean_sd": model.MeanSD,
    "median_iqr": model.MedianIQR,
    "share": model.Share,
    "shares": model.Shares,
    "cell": model.Cell,
    "by": model.By,
    "formula": model.Formula,
    "identifier": model.Identifier,
    "spike": model.Spike,
    "digit_preference": model.DigitPreference,
    "variable": model.Variable,
    "association": model.Association,
    "missing_group": model.MissingGroup,
    "rule": model.Rule,
    "within": model.Within,
    "fact": model.Fact,
}


def parts(value: Any = None) -> Iterator[dict[str, Any]]:
    """Every schema within the schema."""
    value = schema() if value is None else value
    if isinstance(value, list):
        for item in value:
            yield from parts(item)
    elif isinstance(value, dict):
        yield value
        for key, item in value.items():
            if key in ("properties", "$defs"):
                yield from parts(list(item.values()))
            elif key in ("items", "anyOf"):
                yield from parts(item)


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


def test_every_object_is_closed_and_requires_all_its_properties() -> None:
    objects = [part for part in parts() if part.get("type") == "object"]
    assert len(objects) == len(CLASSES) + 1
    for part in objects:
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])


def test_only_what_structured_output_knows_is_used() -> None:
    known = {
        "$schema", "$defs", "$ref", "title", "description", "type", "properties", "required",
        "additionalProperties", "items", "anyOf", "enum", "const",
    }  # fmt: skip
    for part in parts():
        assert set(part) <= known
        assert isinstance(part.get("type", ""), str)
        assert set(part) == {"$ref"} or "$ref" not in part  # what stands beside it is dropped
    assert sum("anyOf" in part for part in parts()) <= 16


def test_it_does_not_recur() -> None:
    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above
        for part in parts(schema()["$defs"][name]):
            if "$ref" in part:
                walk(part["$ref"].rpartition("/")[2], (*above, name))

    for name in schema()["$defs"]:
        walk(name, ())


def test_every_property_is_described() -> None:
    for part in parts():
        for name, described in part.get("properties", {}).items():
            assert name == "kind" or described["description"].endswith(".")


@pytest.mark.parametrize("name", CLASSES)
def test_the_properties_are_the_fields(name: str) -> None:
    kind = ["kind"] if hasattr(CLASSES[name], "kind") else []
    own = [*kind, *(field.name for field in fields(CLASSES[name]))]
    assert list(schema()["$defs"][name]["properties"]) == own
    if kind:
        constant = schema()["$defs"][name]["properties"]["kind"]
        assert constant == {"type": "string", "const": name}


def test_the_root_is_the_cohort_and_every_definition_a_dataclass() -> None:
    assert list(schema()["properties"]) == [field.name for field in fields(CohortSpec)]
    assert set(schema()["$defs"]) == set(CLASSES)


@pytest.mark.parametrize(
    ("definition", "field", "literal"),
    [
        ("variable", "type", model.VariableType),
        ("variable", "provenance", model.Provenance),
        ("variable", "certainty", model.Certainty),
        ("association", "provenance", model.Provenance),
        ("fact", "statistic", model.Statistic),
    ],
)
def test_the_choices_are_those_of_the_dataclasses(
    definition: str, field: str, literal: object
) -> None:
    choices = schema()["$defs"][definition]["properties"][field]["enum"]
    assert choices == list(get_args(literal))
