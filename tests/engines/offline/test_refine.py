"""Offline, a refinement is the figures that its words state; a tweak moves what it says."""

from __future__ import annotations

import pytest

from synth_magic.description import parse
from synth_magic.engines import engine
from synth_magic.engines.answer import Answer, Question, unwatched
from synth_magic.engines.refinement import refinement
from synth_magic.engines.settings import Settings
from synth_magic.errors import ContradictionError, EngineError
from synth_magic.sampling import compiled
from synth_magic.spec import CohortSpec
from synth_magic.spec.edits import edit, with_edit

TEXT = (
    "Adults with type 2 diabetes in UK primary care, aged 40-85, 56% male. HbA1c around 7.4% "
    "(SD 1.3), BMI, eGFR falling with age, 12% smokers, LDL cholesterol missing in 10% of patients."
)


def answered(question: Question) -> Answer:
    return engine(Settings(engine="offline", recordings=""))(question, unwatched)


PARENT = compiled(answered(Question(parse(TEXT))).spec).spec


def refined(words: str, parent: CohortSpec = PARENT, before: str = TEXT) -> Answer:
    return answered(refinement(parent, before, words))


def tweaked(text: str, parent: CohortSpec = PARENT) -> Answer:
    return answered(Question(parse(text), (), parent, TEXT))


def changes(after: CohortSpec) -> dict[str, str]:
    """What changed, figure by figure, but for bases and facts."""
    found = PARENT.diff(compiled(after).spec).changes
    return {
        each.path: str(each)
        for each in found
        if not each.path.startswith("fact") and "basis" not in each.path
    }


def test_a_share_moves_and_nothing_else() -> None:
    found = refined("70% male")
    assert changes(found.spec).keys() == {"sex: share of female", "sex: share of male"}
    assert found.spec.facts[-1].quote == "70% male"
    assert found.origin.summary == (
        "Changed offline, no language model was asked: 1 figure stated."
    )
    assert found.origin.description == f"{TEXT}\n\nRefined: 70% male"


def test_refinements_stack() -> None:
    once = refined("70% male")
    twice = refined("30% female and BMI 31", once.spec, once.origin.description)
    assert twice.spec.variable("sex") == once.spec.variable("sex")
    assert [f.quote for f in twice.spec.facts if f.variable == "sex"] == ["30% female"]
    assert compiled(twice.spec).spec.variable("bmi").provenance == "stated"


def test_what_is_not_understood_is_listed() -> None:
    found = refined("mean age 71, and 5% with heart failure")
    assert found.origin.not_understood == ("5% with heart failure",)
    assert [v.name for v in found.spec.variables] == [v.name for v in PARENT.variables]


@pytest.mark.parametrize(
    ("words", "unknown"),
    [("make them older", ""), ("5% with gout", " (there is no variable gout)")],
)
def test_words_without_a_figure_say_what_would_be_understood(words: str, unknown: str) -> None:
    with pytest.raises(EngineError) as refused:
        refined(words)
    assert str(refused.value).startswith(
        f"{words!r} states no figure of these patients' variables{unknown}. The offline engine "
        "understands figures only, for example: mean age 71 (SD 9), 70% male. A language model "
        "understands words: "
    )


def test_a_figure_that_cannot_be_beside_the_others_is_refused() -> None:
    with pytest.raises(ContradictionError, match=r"mean 90 .*'mean age 90'.* above maximum 85"):
        refined("mean age 90")


# A new description


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        ("56% male", "70% male", {"sex"}),
        ("56% male", "56% male, median age 71", {"age"}),
        ("(SD 1.3)", "(SD 1.9)", {"hba1c"}),
        ("missing in 10%", "missing in 30%", {"ldl_cholesterol"}),
    ],
)
def test_only_what_the_text_says_moves(old: str, new: str, moved: set[str]) -> None:
    after = tweaked(TEXT.replace(old, new)).spec
    variables = {path.partition(":")[0] for path in changes(after)}
    assert {name for name in variables if " - " not in name} == moved


def test_a_variable_in_the_middle_is_the_only_new_one() -> None:
    after = tweaked(TEXT.replace("BMI, ", "BMI, heart rate, ")).spec
    difference = PARENT.diff(compiled(after).spec)
    assert difference.added == ("heart_rate",)
    assert not difference.reordered
    assert difference.unchanged == len(PARENT.variables)
    assert after.draw_order[-1] == "heart_rate"


def test_a_variable_that_is_named_no_more_is_the_only_one_gone() -> None:
    difference = PARENT.diff(compiled(tweaked(TEXT.replace("BMI, ", "")).spec).spec)
    assert difference.removed == ("bmi",)
    assert difference.unchanged == len(PARENT.variables) - 1


def test_edits_stay() -> None:
    edited = with_edit(PARENT, edit("age", "p50", 71))
    found = tweaked(TEXT.replace("56% male", "70% male"), edited)
    assert "Kept from your edits: age: median 71." in found.origin.remarks
    assert compiled(found.spec).spec.variable("age") == compiled(edited).spec.variable("age")
