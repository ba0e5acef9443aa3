from __future__ import annotations

from dataclasses import replace

import pytest

from synth_magic import Cohort
from synth_magic.engines.answer import Origin
from synth_magic.frame import LEARNT
from synth_magic.notebook.history import History, Version
from synth_magic.notebook.pages.head import head
from synth_magic.notebook.pages.view import View
from synth_magic.spec.edits import edit, with_edit
from tests.notebook.pages.elements import EVIL, is_harmless, text

MODEL = {"model": "claude-opus-5-5", "date": "2026-11-23T10:00:00Z"}


def line(cohort: Cohort, version: Version | None = None) -> str:
    return text(head(View.of(cohort, cohort.frame()), version))


def test_the_head_says_what_this_is_in_one_line(cohort: Cohort) -> None:
    assert line(cohort) == (
        "50 synthetic patients, no real person among them · Diabetes · "
        "made offline from the catalogue, no model was asked · 2 of 2 stated facts reached · "
        "1 passage not understood"
        "Made offline."
    )


@pytest.mark.parametrize(
    ("origin", "made"),
    [
        (Origin("claude", "", **MODEL), "written by claude-opus-5-5 on 2026-11-23"),
        (
            Origin("recorded", "", **MODEL),
            "recorded answer of claude-opus-5-5 of 2026-11-23, no model was asked",
        ),
        (
            Origin("claude", f"{LEARNT}claude-opus-5-5 wrote them.", **MODEL),
            "drawn like the patients that claude-opus-5-5 wrote on 2026-11-23",
        ),
        (Origin("specification", ""), "drawn from a specification"),
    ],
    ids=["a model", "a recording", "learnt", "a specification"],
)
def test_what_made_them_is_always_said(cohort: Cohort, origin: Origin, made: str) -> None:
    assert f" · {made} · " in line(replace(cohort, origin=origin))


def test_a_figure_stated_by_hand_is_told_without_any_version(cohort: Cohort) -> None:
    spec = with_edit(cohort.spec, edit("age", "p50", 71))
    assert "no model was asked, edited by hand (1 figure) ·" in line(replace(cohort, spec=spec))


def test_refining_is_told_since_the_last_description(cohort: Cohort) -> None:
    history = History()
    version = None
    for number, how in enumerate(["refined", "described", "refined", "edited", "refined"]):
        version = history.keep(history.make(cohort, how, str(number), before=version))
    assert ", refined 2 times, edited by hand ·" in line(cohort, version)


def test_what_comes_from_elsewhere_is_no_markup(cohort: Cohort) -> None:
    origin = Origin(EVIL, EVIL, model=EVIL, date=EVIL)
    evil = replace(cohort, spec=replace(cohort.spec, title=EVIL), origin=origin)
    assert is_harmless(head(View.of(evil, evil.frame())))
