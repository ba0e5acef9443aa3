"""What no living patient can have is told, and left as it was stated."""

from __future__ import annotations

import json

import pytest

from synth_magic.description import parse
from synth_magic.engines import engine
from synth_magic.engines.answer import Question, unwatched
from synth_magic.engines.plausibility import implausible
from synth_magic.engines.settings import Settings
from tests.engines.claude.builders import TABLE, answer
from tests.messages_api import MessagesApi, Says


def remarks(text: str) -> list[str]:
    question = Question(parse(text))
    made = engine(Settings(engine="offline"))(question, unwatched)
    told = list(implausible(made.spec, question.description))
    assert set(told) <= set(made.origin.remarks)
    return told


@pytest.mark.parametrize(
    ("text", "what", "room"),
    [
        ("Systolic blood pressure 900 (SD 10) mmHg.", "systolic_bp: 900 mmHg is", "60 to 260 mmHg"),
        ("Mean BMI -5.", "bmi: -5 is", "12 to 75 kg/m2"),
        ("Albumin 4000 (SD 90) g/L.", "albumin: 4000 g/L is", "10 to 60 g/L"),
        (
            "Potassium 40 (IQR 38-45) mmol/L.",
            "potassium: 40, 38 and 45 mmol/L are",
            "2 to 8 mmol/L",
        ),
    ],
)
def test_what_is_impossible_is_told_with_what_is_not(text: str, what: str, room: str) -> None:
    [told] = remarks(f"Adults. {text}")
    assert told == (
        f"{what} beyond what a living adult may have ({room}); check the figure and its unit."
    )


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("Creatinine 80 (SD 5) mg/dL.", "80 is usual in umol/L."),
        ("Haemoglobin 140 (SD 9) g/dL, in men.", "140 is usual in g/L."),
        ("Age 40 to 400 years.", "400 is possible in months."),
    ],
)
def test_a_unit_in_which_it_is_possible_is_named(text: str, better: str) -> None:
    [told] = remarks(f"Adults. {text}")
    assert told.endswith(f"check the figure and its unit. {better}")


def test_a_unit_that_was_read_from_the_figure_is_told() -> None:
    [told] = remarks("Adults. Age 400 (SD 5).")
    assert told == (
        "age: no unit is stated; 400 is beyond what is possible in years, and was read in months."
    )


def test_a_table_gets_a_line_for_each_variable() -> None:
    table = """variable | mean | SD | unit
systolic_bp | 900 | 10 | mmHg
heart_rate | 70 | 9 | bpm
albumin | 4000 | 90 | g/L
"""
    assert [line.split(":")[0] for line in remarks(table)] == ["systolic_bp", "albumin"]


@pytest.mark.parametrize(
    "text",
    [
        "Adults. Systolic blood pressure 140 (SD 15) mmHg, BMI 29 (SD 4).",
        "Adults. Albumin 40 (SD 4) g/L, creatinine 1 (SD 0.1) mg/dL.",
        "variable | mean | SD | unit\nsystolic_bp | 900 | 10 | furlongs\n",
        "Adults. Wobble 900 (SD 10) mmHg.",
        "variable | mean | SD\nWeight (lb) | 400 | 50\n",
    ],
)
def test_nothing_is_said_of_what_is_possible_or_unknown(text: str) -> None:
    assert remarks(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Children with asthma. Height 60 (SD 5) cm.",
        "Patients aged 0 to 80 years. Height 60 (SD 5) cm.",
        "Patients. Mean age 9 years. Systolic blood pressure 50 (SD 5) mmHg.",
    ],
)
def test_children_may_have_less(text: str) -> None:
    assert remarks(text) == []


def test_children_have_neither_more_nor_less_than_nothing() -> None:
    told = remarks("Children with asthma. Height 600 (SD 5) cm. Mean weight -3 kg.")
    assert [line.split(" beyond")[0] for line in told] == ["height: 600 cm is", "weight: -3 kg is"]
    assert all("a living patient may have (0 to " in line for line in told)


def test_the_class_of_a_liver_is_no_child() -> None:
    [told] = remarks("Patients with Child-Pugh B cirrhosis. Height 60 (SD 5) cm.")
    assert told.startswith("height: 60 cm is beyond what a living adult may have")


def test_a_model_s_answer_is_remarked_on_too(
    messages_api: MessagesApi, no_credentials: None
) -> None:
    messages_api.script(Says(json.dumps(answer())))
    settings = Settings(engine="claude", base_url=messages_api.url, recordings="")
    text = TABLE + "\nCreatinine had a median of 80000 umol/L.\n"
    made = engine(settings)(Question(parse(text)), unwatched)
    assert any(line.startswith("creatinine: 80000 umol/L is") for line in made.origin.remarks)
