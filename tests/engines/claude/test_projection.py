"""The schema that a model is asked to keep, and the way back to a whole specification."""

from __future__ import annotations

from typing import Any

import anthropic
import jsonschema
import pytest

from synth_magic.engines.claude.projection import asked, asked_of_change, completed, shown
from synth_magic.spec import CohortSpec
from tests.engines.claude.builders import answer

EITHER = pytest.mark.parametrize("schema", [asked(), asked_of_change()], ids=["whole", "change"])


def objects(part: Any) -> list[dict[str, Any]]:
    found = [part] if isinstance(part, dict) and part.get("type") == "object" else []
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return found + [each for value in inner for each in objects(value)]


def test_a_good_answer_is_valid_and_completes_to_a_specification() -> None:
    jsonschema.validate(answer(), asked())
    document, remarks = completed(answer())
    assert remarks == ()
    spec = CohortSpec.from_dict(document)
    assert {variable.provenance for variable in spec.variables} == {"model"}
    assert {pair.provenance for pair in spec.associations} == {"model"}


def test_it_is_not_asked_for_what_the_package_knows() -> None:
    assert not {"version", "draw_order"} & set(asked()["properties"])
    for definition, field in [("variable", "provenance"), ("fact", "start")]:
        assert field not in asked()["$defs"][definition]["properties"]


def test_the_words_on_which_figures_rest_come_before_the_figures() -> None:
    order = list(asked()["$defs"]["variable"]["properties"])
    assert order.index("basis") < order.index("marginal")


@EITHER
def test_every_object_is_closed_and_all_its_properties_required(schema: dict[str, Any]) -> None:
    for part in objects(schema):
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])


@EITHER
def test_every_definition_is_used(schema: dict[str, Any]) -> None:
    assert all(f"#/$defs/{name}'" in str(schema) for name in schema["$defs"])


@EITHER
def test_the_sdk_takes_it_for_structured_output_without_loss(schema: dict[str, Any]) -> None:
    taken = anthropic.transform_schema(schema)
    assert set(taken["properties"]) == set(schema["properties"])
    assert set(taken["$defs"]) == set(schema["$defs"])


def test_a_change_is_an_answer_and_what_goes() -> None:
    extra = set(asked_of_change()["properties"]) - set(asked()["properties"])
    assert extra == {"removed"}
    jsonschema.validate(answer(removed=["stage"]), asked_of_change())


def test_a_specification_is_shown_as_the_answer_that_it_would_be() -> None:
    spec = CohortSpec.from_dict(completed(answer())[0])
    jsonschema.validate(shown(spec), asked())
    assert shown(spec) == answer()


def test_what_may_be_left_out_is_filled_in_with_what_means_nothing() -> None:
    brief = {
        "title": "T",
        "variables": [
            {"name": "sex", "type": "binary", "marginal": answer()["variables"][0]["marginal"]}
        ],
    }
    (sex,) = CohortSpec.from_dict(completed(brief)[0]).variables
    assert (sex.missing, sex.spikes, sex.hidden, sex.certainty) == (0, (), False, "")


def test_what_was_not_asked_for_is_left_out_and_told() -> None:
    more = answer(comment="I hope this helps")
    more["variables"][0]["confidence"] = 0.9
    more["variables"][1]["confidence"] = 0.8
    document, remarks = completed(more)
    assert remarks == (
        "The answer held what was not asked for, left out: 'comment', 'variables.confidence'.",
    )
    CohortSpec.from_dict(document)


@pytest.mark.parametrize("part", ["variables", "associations", "rules", "facts"])
@pytest.mark.parametrize("nonsense", [None, "x", [3], [None], {"a": 1}])
def test_nonsense_is_left_for_the_validator(part: str, nonsense: Any) -> None:
    document, _ = completed(answer(**{part: nonsense}))
    assert document[part] == nonsense
