from __future__ import annotations

from dataclasses import replace

import pytest

from synth_magic import Cohort
from synth_magic.engines.answer import Origin, Usage
from synth_magic.engines.claude.exchange import Exchange, Message, Reply, Request
from synth_magic.engines.claude.prompt import VERSION
from synth_magic.engines.recorded.key import Key
from synth_magic.engines.recorded.recording import API, Recording
from synth_magic.notebook.history import History, Version
from synth_magic.notebook.pages.origin import origin
from synth_magic.notebook.pages.view import View
from synth_magic.spec import Fact
from tests.notebook.pages.elements import EVIL, Elements, is_harmless, text

MODEL, DATE = "claude-opus-5-5", "2026-11-23T10:00:00Z"
ASKED = Request("Be an epidemiologist.", (Message("user", "Patients\n  with gout"),), {})
RECORDING = Recording(
    Key("Patients with gout", (), MODEL, "high"),
    (
        Exchange(ASKED, Reply("{", MODEL, Usage(400, 1, 1)), accepted=False),
        Exchange(ASKED, Reply('{"title": "Gout"}', MODEL, Usage(500, 9, 1)), accepted=True),
    ),
    API,
    MODEL,
    DATE,
    VERSION,
)
REPLAYED = Origin("recorded", "Replayed.", model=MODEL, date=DATE, recording="a.json")


@pytest.fixture
def version(cohort: Cohort) -> Version:
    history = History()
    first = history.keep(history.make(cohort, "described"))
    return history.keep(history.make(cohort, "refined", "make them older", before=first))


def shown(
    cohort: Cohort, version: Version, recording: Recording | None = None, absent: str = ""
) -> str:
    return origin(View.of(cohort, cohort.frame()), version, recording, absent)


def test_the_exact_request_and_answer_are_shown(cohort: Cohort, version: Version) -> None:
    page = shown(replace(cohort, origin=REPLAYED), version, RECORDING)
    words = Elements(page).text
    assert "Be an epidemiologist." in words
    assert "Patients\n  with gout" in words
    assert "The request: 500 tokens" in words
    assert "The answer, which could not be used as it was: 1 tokens" in words
    assert '"title": "Gout"' in words
    assert "The schema that an answer has to follow" in words
    assert "kept in a.json" in words


def test_of_hundreds_of_answers_the_first_are_shown_and_folded(
    cohort: Cohort, version: Version
) -> None:
    many = replace(RECORDING, exchanges=RECORDING.exchanges * 100)
    page = shown(replace(cohort, origin=REPLAYED), version, many)
    assert page.count("Be an epidemiologist.") == 20
    assert "Requests and answers (200)" in text(page)
    assert "… and 180 more requests in the file" in text(page)


def test_a_replay_says_what_asking_took(cohort: Cohort, version: Version) -> None:
    replayed = replace(cohort, origin=REPLAYED)
    assert "replaying takes nothing; asking took" in shown(replayed, version, RECORDING)
    elsewhere = replace(RECORDING, origin="another server that speaks the Messages API")
    assert "asking took" not in shown(replayed, version, elsewhere)


def test_a_file_that_holds_another_answer_by_now_says_so(cohort: Cohort, version: Version) -> None:
    later = replace(RECORDING, date="2027-01-02T00:00:00Z")
    page = shown(replace(cohort, origin=REPLAYED), version, later)
    assert "the file holds the answer of 2027-01-02 by now, not the one used" in page


def test_a_schema_of_another_version_is_not_made_up(cohort: Cohort, version: Version) -> None:
    old = replace(RECORDING, prompt_version=VERSION + 1)
    assert "schema" not in shown(replace(cohort, origin=REPLAYED), version, old)


def test_a_recording_that_is_not_there_is_missed_in_words(cohort: Cohort, version: Version) -> None:
    page = shown(replace(cohort, origin=REPLAYED), version, absent="there is no a.json in 'x'")
    assert "there is no a.json in 'x'" in Elements(page).text
    assert MODEL in page


def test_the_description_shows_what_was_read_and_what_was_not(
    cohort: Cohort, version: Version
) -> None:
    description = "Adults, 56% male,\n<b>and kind</b>"
    spec = replace(cohort.spec, facts=(Fact("56% male", "sex", "share", 0.56, "male", start=8),))
    made = Origin("offline", "Made offline.", description, ("and kind",))
    page = shown(replace(cohort, spec=spec, origin=made), version)
    assert "Adults, <mark>56% male</mark>,\n" in page
    assert '&lt;b&gt;<span class="sp-left">and kind</span>&lt;/b&gt;' in page


def test_what_the_figures_rest_on_is_counted_and_listed(cohort: Cohort, version: Version) -> None:
    words = text(shown(cohort, version))
    assert "What the figures of 4 columns rest on: 2 stated, 2 nothing: assumed" in words
    assert "0 of 1 correlation are the catalogue's." in words


def test_the_versions_are_listed_newest_first(cohort: Cohort, version: Version) -> None:
    words = text(shown(cohort, version)).partition("Versions, the newest first")[2]
    assert words == "2: refined, make them older1: described"


def test_the_magics_line_makes_these_patients_again(cohort: Cohort) -> None:
    history = History()
    version = history.keep(history.make(cohort, "described", source="%%synthpatients <b>"))
    page = shown(replace(cohort, rows=30, seed=4), version)
    line = "begins with <code>%%synthpatients &lt;b&gt; --rows 30 --seed 4</code>"
    assert line in page
    edited = history.keep(history.make(cohort, "edited", "age: median 71", before=version))
    assert "The cell makes" not in shown(cohort, edited)


def test_nothing_recorded_is_markup(cohort: Cohort, version: Version) -> None:
    request = Request(EVIL, (Message("user", EVIL),), {}, EVIL)
    evil = replace(
        RECORDING,
        exchanges=(Exchange(request, Reply(EVIL, EVIL, Usage()), accepted=True),),
        origin=EVIL,
    )
    made = replace(REPLAYED, summary=EVIL, description=EVIL, not_understood=(EVIL,))
    assert is_harmless(shown(replace(cohort, origin=made), version, evil, EVIL))
