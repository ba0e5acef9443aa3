"""What is asked: the user's text in full, its variables, figures and examples; no more."""

from __future__ import annotations

import hashlib
from importlib.resources import files

from synth_magic.engines.claude import prompt
from synth_magic.engines.claude.parts import Part
from tests.engines.claude.builders import TABLE, question

WORDS = "e4e4a00cfd8f"
CHANGES = "b6843e20b38c"
"""Of VERSION: hashes of the prompt files, of first questions and of changes. Where a file changes
in which a question was asked, VERSION rises and they follow."""


def asked(text: str = TABLE, **others: object) -> str:
    return prompt.request(question(text, **others), Part(), None).messages[0].text


def test_the_words_of_a_version_do_not_change() -> None:
    folder = files("synth_magic.engines.claude").joinpath("prompts")
    texts = sorted((file.name, file.read_text(encoding="utf-8")) for file in folder.iterdir())
    first = [each for each in texts if not each[0].startswith("change")]
    of_changes = [each for each in texts if each not in first]
    found = [hashlib.sha256(repr(part).encode()).hexdigest()[:12] for part in (first, of_changes)]
    assert (prompt.VERSION, *found) == (1, WORDS, CHANGES)


def test_the_description_stands_there_whole() -> None:
    assert asked().startswith(f"<description>\n{TABLE.strip()}\n</description>")


def test_columns_are_listed_with_units_and_codes() -> None:
    text = asked()
    assert "Answer with all of them and no others" in text
    assert "- creatinine: Serum creatinine [umol/L] (continuous)\n" in text
    assert "- stage: Stage of the disease (binary, codes early; late)\n" in text


def test_figures_already_read_are_listed_with_their_words() -> None:
    assert "- sex: share of male 0.6 (“60% are men”)" in asked()


def test_of_prose_the_variables_found_are_named_and_may_be_left_out() -> None:
    text = asked("Adults with gout, mean age 58 years, 20% smokers.")
    assert "Leave out what is no variable" in text
    assert "- smoking: smokers (binary, codes no; yes)" in text


def test_of_a_text_without_variables_the_model_chooses_them() -> None:
    assert "The text names no variables. Choose" in asked("Heart failure in rural Kenya.")


def test_examples_are_patients_in_json() -> None:
    text = asked(examples=({"sex": "male", "age": 61},))
    assert '{"sex": "male", "age": 61}' in text


def test_braces_in_a_description_stay_braces() -> None:
    assert "{count} of {violations}" in asked("Adults with gout. {count} of {violations}")
