from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from synth_magic import Cohort, CohortSpec
from synth_magic.engines.answer import Origin, Usage
from synth_magic.notebook import tables
from synth_magic.notebook.plots import marginals, pictured
from synth_magic.notebook.pages.static import page, plain_text
from synth_magic.notebook.pages.view import CHECKED, View
from synth_magic.spec import Fact, MeanSD, Share, Shares, Variable

EVIL = "<script>alert('x')</script><img src=x onerror=\"alert(1)\">&amp;"


class Elements(HTMLParser):
    """The elements of a page, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def rendered(cohort: Cohort, note: str = "", uid: str = "") -> str:
    frame = cohort.frame()
    variables = pictured(cohort.spec, frame)
    view = View.of(cohort, frame)
    return page(view, marginals(frame, variables), len(variables), note=note, uid=uid)


def test_a_page_shows_patients_pictures_checks_and_notes(cohort: Cohort) -> None:
    text = Elements(rendered(cohort)).text
    assert "50 synthetic patients, no real person among them. Made offline." in text
    assert "2 of 2 stated facts reached." in text
    assert "1 passage not understood" in text
    assert "50 rows × 5 columns" in text
    assert "P00001" in text
    assert "sex: share of male" in text
    assert "Other figures of the specification" in text
    assert "and kind" in text
    assert "crp" in text.partition("Assumed, with no source")[2]


def test_a_models_answer_is_shown_with_what_it_took_and_rests_on(cohort: Cohort) -> None:
    crp = replace(
        cohort.spec.variable("crp"), provenance="model", basis="three trials", certainty="high"
    )
    visit = replace(cohort.spec.variable("visit"), provenance="model")
    given = {"crp": crp, "visit": visit}
    variables = tuple(given.get(v.name, v) for v in cohort.spec.variables)
    origin = Origin(
        "claude", "Asked.", model="claude-opus-5-5", date="2026-11-23T10:00:00Z", prompt_version=3,
        usage=Usage(1234, 5678, 2), cost="about $0.14 (prices of 2026-10-07)", recording="a.json",
    )  # fmt: skip
    asked = Cohort(replace(cohort.spec, variables=variables), 0, 50, origin)
    points = Elements(rendered(asked)).text.partition("What the model rests them on")[2]
    assert points.replace("The answer", "") == (
        "crp: three trials (high certainty)"
        "visit: it does not say"
        "claude-opus-5-5, 2026-11-23, version 3 of the question"
        "it took 1,234 tokens in and 5,678 out, in 2 requests: about $0.14 (prices of 2026-10-07)"
        "kept in a.json"
    )


def test_the_marginals_are_a_png_within_the_page(cohort: Cohort) -> None:
    images = [attrs for tag, attrs in Elements(rendered(cohort)).elements if tag == "img"]
    (source,) = [attrs["src"] or "" for attrs in images]
    head, _, data = source.partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(data, validate=True).startswith(b"\x89PNG")


def test_a_page_that_stands_in_for_a_panel_hides_the_panel_when_it_is_dead(
    cohort: Cohort,
) -> None:
    html = rendered(cohort, uid="sp-1")
    assert html.startswith('<div class="synthpatients sp-1-static">')
    assert (
        ".jp-OutputArea-child:not(:has(.sp-1-panel))"
        ":has(+ .jp-OutputArea-child .sp-1-static){display:none}"
    ) in html


def test_text_from_elsewhere_is_shown_and_never_markup(cohort: Cohort) -> None:
    spec = CohortSpec(
        EVIL,
        EVIL,
        (
            Variable(EVIL, "continuous", MeanSD(5, 1), EVIL, EVIL, basis=EVIL),
            Variable("k", "categorical", Shares((Share(EVIL, 0.5), Share("<b>", 0.5)))),
        ),
        facts=(Fact(EVIL, "k", "share", 0.5, EVIL),),
    )
    origin = Origin("offline", EVIL, EVIL, (EVIL,), (EVIL,))
    page = Elements(rendered(Cohort(spec, 0, 50, origin), note=EVIL))
    tags = [tag for tag, _ in page.elements]
    assert "script" not in tags
    assert "b" not in tags
    assert tags.count("img") == 1
    assert not [attrs for _, attrs in page.elements if "onerror" in attrs]
    assert EVIL in page.text


def test_text_from_elsewhere_keeps_its_direction_to_itself() -> None:
    assert tables.said("العمر \u202e(years)\n") == "<bdi>العمر (years)</bdi>"


def test_a_missed_fact_is_marked(cohort: Cohort) -> None:
    view = View.of(cohort, cohort.frame())
    missed = replace(view.checks[0], achieved=0.1)
    html = tables.facts(replace(view, checks=(missed, *view.checks[1:])))
    assert html.count("✗ missed") == 1
    assert "1 of 2 stated facts reached" in replace(view, checks=(missed, *view.checks[1:])).summary


def test_values_are_shown_as_recorded(cohort: Cohort) -> None:
    rows = Elements(tables.first_rows(View.of(cohort, cohort.frame()))).text
    assert re.search(r"P00001\d\d(fe)?male(\d+\.\d|missing)20\d\d-\d\d-\d\d", rows)


def test_long_lists_are_cut_and_say_so(cohort: Cohort) -> None:
    view = View.of(cohort, cohort.frame())
    many = replace(view, checks=view.checks[:1] * (tables.MOST + 50))
    html = tables.facts(many)
    assert html.count("<tr>") == tables.MOST + 1
    assert "… and 50 more in <code>.cohort.checks()</code>" in html


def test_a_large_frame_is_checked_on_its_first_patients(cohort: Cohort) -> None:
    large = replace(cohort, rows=CHECKED + 1)
    assert f"Checked on the first {CHECKED:,} patients." in rendered(large)


def test_a_description_without_figures_has_nothing_to_check(cohort: Cohort) -> None:
    html = rendered(replace(cohort, spec=replace(cohort.spec, facts=())))
    assert "states no figures to check" in html
    assert "No facts were stated." in html


@pytest.mark.parametrize("rows", [1, 50])
def test_plain_text_is_what_pandas_prints_and_a_summary(cohort: Cohort, rows: int) -> None:
    some = replace(cohort, rows=rows)
    frame = some.frame()
    text = plain_text(View.of(some, frame), frame)
    assert text.startswith(repr(frame))
    summary, remarks = text.splitlines()[-2:]
    assert f"{rows} synthetic patient" in summary
    assert remarks == (
        "1 passage not understood: .cohort.origin.not_understood; 1 remark: .cohort.origin.remarks"
    )
