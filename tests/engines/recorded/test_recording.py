"""Recordings are files that people read, and that strangers may have written."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_magic import __version__
from synth_magic.engines.answer import Question, Usage
from synth_magic.engines.claude import prompt
from synth_magic.engines.claude.exchange import Message, Reply
from synth_magic.engines.recorded.recording import Recording
from synth_magic.engines.settings import Settings
from synth_magic.errors import RecordingError
from synth_magic.spec.cohort import CohortSpec
from tests.engines.claude.builders import TABLE, answer, question
from tests.engines.recorded.builders import exchange, recording

REFUSED = exchange("Sorry,\nI cannot.", accepted=False)


def written(made: Recording) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(made.to_json())
    return document


def read_again(made: Recording) -> Recording:
    return Recording.from_json(made.to_json().encode("utf-8", errors="backslashreplace"))


def without_schemas(made: Recording) -> Recording:
    """The schema that was asked for is in the package; a recording does not repeat it."""
    bare = [replace(each, request=replace(each.request, schema={})) for each in made.exchanges]
    return replace(made, exchanges=tuple(bare))


def test_a_recording_says_what_it_is() -> None:
    document = written(recording())
    assert document["format"] == 1
    assert document["about"].startswith("The answer of a language model to a description")
    assert document["origin"] == "Anthropic API"
    assert document["package_version"] == __version__
    assert document["usage"] == {
        "input_tokens": 4512, "output_tokens": 9876, "calls": 1, "estimated": False
    }  # fmt: skip


def test_texts_stand_by_lines_and_an_answer_as_json() -> None:
    document = written(recording(REFUSED, exchange()))
    refused, good = document["exchanges"]
    assert refused["answer"] == ["Sorry,", "I cannot."]
    assert good["answer"] == answer()
    assert good["system"] == ["You know", "many cohorts."]
    assert good["messages"] == [{"role": "user", "text": TABLE.split("\n")}]
    assert document["key"]["description"] == TABLE.strip().split("\n")


def test_it_is_laid_out_for_people() -> None:
    lines = recording().to_json().splitlines()
    assert "  | age | Age | integer | years | |" not in lines
    assert '      "| age | Age | integer | years | |",' in lines
    assert max(map(len, lines)) < 200


def test_an_answer_shown_to_the_model_for_correction_stands_as_json_too() -> None:
    first = exchange()
    turns = (*first.request.messages, Message("assistant", first.reply.text), Message("user", "?"))
    second = replace(first, request=replace(first.request, messages=turns))
    messages = written(recording(first, second))["exchanges"][1]["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant", "user"]
    assert messages[1]["text"] == answer()


def test_tokens_of_all_exchanges_are_added() -> None:
    estimated = replace(REFUSED, reply=Reply("", "m", Usage(1, 2, 1, estimated=True)))
    usage = recording(estimated, exchange()).usage
    assert usage == Usage(4513, 9878, 2, estimated=True)


def test_what_has_just_come_is_recorded_with_date_model_and_parent() -> None:
    parent = CohortSpec("Before", "Adults", ())
    other = replace(exchange(), reply=Reply("{}", "local-7b", Usage()))
    asked = Settings(base_url="http://secret-host:8080/v1", recordings="/home/ann/recordings")
    asking = replace(question(), parent=parent, parent_text="Adults\nbefore.")
    made = Recording.of(asking, asked, (REFUSED, other), "a server")
    assert made.model == "local-7b"
    assert made.key.model == "claude-opus-5-5"
    assert made.prompt_version == prompt.VERSION
    assert made.parent == parent.to_dict()
    assert written(made)["parent_text"] == ["Adults", "before."]
    assert read_again(made) == without_schemas(made)
    assert not any(secret in made.to_json() for secret in ("secret-host", "8080", "/home"))


def test_a_servers_name_of_its_model_is_made_fit_to_be_shown() -> None:
    other = replace(exchange("{}"), reply=Reply("{}", "\x1b[31mred\u202e\n" + "d" * 999, Usage()))
    made = Recording.of(question(), Settings(), (other,), "a server")
    assert made.model.startswith("[31mredddd")
    assert len(made.model) == 500
    assert read_again(made) == without_schemas(made)


def test_a_question_without_a_parent() -> None:
    made = Recording.of(Question(question().description), Settings(), (exchange(),), "a server")
    document = written(made)
    assert document["parent"] is None
    assert not {"parent_text", "refinement"} & document.keys()
    assert not made.is_change


def test_a_parent_whose_description_is_asked_again_is_not_changed() -> None:
    again = replace(question(), parent=CohortSpec("Before", "Adults", ()), parent_text=TABLE)
    made = Recording.of(again, Settings(), (exchange(),), "a server")
    assert (made.parent, made.stem) == (None, made.key.stem)


def test_a_parent_of_old_was_never_shown() -> None:
    old = written(recording(parent={"title": "Before"}))
    made = Recording.from_json(json.dumps(old).encode())
    assert made.parent == {"title": "Before"}
    assert not made.is_change
    assert made.stem == made.key.stem


def test_the_words_of_a_refinement_are_kept() -> None:
    made = recording(parent={"title": "Before"}, parent_text="", refinement="older\nand iller")
    assert written(made)["refinement"] == ["older", "and iller"]
    assert read_again(made).refinement == made.refinement


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        '["a", "list"]',
        '"text"',
        "12",
        'two lines\r\nand "quotes"\n',
        '{"mean": NaN}',
        '{"mean": 1e999}',
        '{"a":' * 600 + "1" + "}" * 600,
        "half \ud83d a pair",
        "\u2028",
    ],
)
def test_an_answer_that_is_no_plain_json_object_comes_back_to_the_letter(text: str) -> None:
    made = recording(exchange(text))
    assert read_again(made) == without_schemas(made)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), values))
def test_an_answer_in_json_comes_back_with_the_same_meaning(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    [back] = read_again(recording(exchange(text))).exchanges
    assert json.loads(back.reply.text) == json.loads(text)


@given(st.text(), st.text(), st.text())
def test_other_texts_come_back_to_the_letter(system: str, said: str, reason: str) -> None:
    bare = exchange()
    request = replace(bare.request, system=system, messages=(Message("user", said),), schema={})
    made = recording(replace(bare, request=request))
    assert read_again(made).exchanges[0].request == request
    assert read_again(replace(made, unfinished=reason)).unfinished == reason


def changed(path: str, value: Any) -> bytes:
    """A good recording but for one value, as a file holds it."""
    document = written(recording())
    *way, last = (int(step) if step.isdigit() else step for step in path.split("/"))
    place: Any = document
    for step in way:
        place = place[step]
    place[last] = value
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "it is no JSON that can be read"),
        (b"{", "it is no JSON that can be read"),
        (b"[" * 100_000, "it is no JSON that can be read"),
        (b'{"format": ' + b"9" * 5000 + b"}", "it is no JSON that can be read"),
        (b"\xff\xfe{}", "it is no UTF-8 text"),
        (b"[]", "it is no recording"),
        (b"null", "it is no recording"),
        (b"{}", "it is no recording"),
        (b'{"format": 2}', "its format is not 1, the one that this version reads"),
        (b'{"format": "<b>1</b>"}', "its format is not 1, the one that this version reads"),
        (b'{"format": true}', "it lacks `origin`, `model`"),
        (changed("exchanges", []), "what it holds in `exchanges` means nothing"),
        (changed("exchanges", "all"), "what it holds in `exchanges` means nothing"),
        (changed("exchanges/0", {}), "it lacks `stage`, .*`answer` in `exchanges[0]`"),
        (changed("exchanges/0/answer", [1]), "what it holds in `exchanges[0].answer[0]`"),
        (changed("exchanges/0/messages/0/role", "system"), "`exchanges[0].messages[0].role`"),
        (changed("exchanges/0/usage/calls", -1), "what it holds in `exchanges[0].usage.calls`"),
        (changed("exchanges/0/usage/calls", True), "what it holds in `exchanges[0].usage.calls`"),
        (changed("model", "a\x1b[31mred"), "what it holds in `model` means nothing"),
        (changed("model", "back\u202ewards"), "what it holds in `model` means nothing"),
        (changed("model", "m" * 501), "what it holds in `model` means nothing"),
        (changed("origin", "<p>\n"), "what it holds in `origin` means nothing"),
        (changed("date", "yesterday"), "what it holds in `date` means nothing"),
        (changed("date", "2026-11-23T10:00:00Z\n"), "what it holds in `date` means nothing"),
        (changed("prompt_version", 1.5), "what it holds in `prompt_version` means nothing"),
        (changed("key/examples", [1]), "what it holds in `key.examples[0]` means nothing"),
        (changed("parent", "it"), "what it holds in `parent` means nothing"),
    ],
)  # fmt: skip
def test_a_damaged_or_hostile_file_is_refused_in_words(data: bytes, complaint: str) -> None:
    pattern = complaint.replace("[", r"\[").replace("]", r"\]")
    with pytest.raises(RecordingError, match=pattern):
        Recording.from_json(data)


@given(values)
def test_any_json_is_a_recording_or_refused(value: Any) -> None:
    with pytest.raises(RecordingError):
        Recording.from_json(json.dumps(value).encode())


def test_what_a_later_version_adds_is_ignored() -> None:
    document = written(recording(REFUSED)) | {"mood": "good"}
    again = Recording.from_json(json.dumps(document).encode())
    assert again == without_schemas(recording(REFUSED))


def test_whole_numbers_may_be_written_as_floats() -> None:
    again = Recording.from_json(changed("exchanges/0/usage/input_tokens", 12.0))
    assert f"{again.usage.input_tokens}" == "12"
