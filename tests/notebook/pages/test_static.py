from __future__ import annotations

import base64
import re
from dataclasses import replace

import pytest

from synth_magic import Cohort, CohortSpec, PatientFrame
from synth_magic.engines.answer import Origin
from synth_magic.notebook.first import LOOKED_AT
from synth_magic.notebook.history import History
from synth_magic.notebook.pages.static import page, plain_text
from synth_magic.notebook.pages.view import View
from synth_magic.notebook.plots import SmallMultiples, pictured
from synth_magic.spec import Fact, MeanSD, Share, Shares, Variable
from tests.notebook.pages.elements import EVIL, Elements, is_harmless


def drawn(cohort: Cohort, frame: PatientFrame) -> bytes:
    variables = pictured(cohort.spec, frame)
    return SmallMultiples().draw(frame, variables, cohort=cohort.compiled)


def rendered(cohort: Cohort, note: str = "", uid: str = "") -> str:
    frame = cohort.frame()
    number = len(pictured(cohort.spec, frame))
    return page(View.of(cohort, frame), drawn(cohort, frame), number, note=note, uid=uid)


def test_a_page_shows_patients_pictures_checks_and_notes(cohort: Cohort) -> None:
    text = Elements(rendered(cohort)).text
    assert "50 synthetic patients, no real person among them" in text
    assert "2 of 2 stated facts reached" in text
    assert "Made offline." in text
    assert "50 rows × 5 columns" in text
    assert "P00001" in text
    assert "sex: share of male" in text
    assert "Other figures of the specification" in text
    assert "and kind" in text
    assert "crp" in text.partition("Assumed, with no source")[2]


def test_the_marginals_are_a_png_within_the_page_and_told_in_words(cohort: Cohort) -> None:
    frame = cohort.frame()
    png = drawn(cohort, frame)
    html = page(View.of(cohort, frame), png, 4)
    ((_, image),) = [element for element in Elements(html).elements if element[0] == "img"]
    assert image["alt"] == "The marginals"
    head, _, data = (image["src"] or "").partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(data, validate=True) == png


def test_a_page_without_anything_to_picture_has_no_picture(cohort: Cohort) -> None:
    assert "<img" not in page(View.of(cohort, cohort.frame()), b"", 0)


def test_a_page_of_an_edited_version_says_so_and_what_changed(cohort: Cohort) -> None:
    history = History()
    first = history.keep(history.make(cohort, "described"))
    version = history.keep(
        history.make(replace(cohort, seed=1), "edited", "age: median 71", before=first)
    )
    html = page(
        View.of(cohort, cohort.frame()), b"", 0, version=version, changes="<p>median 63 → 71</p>"
    )
    assert "edited by hand" in Elements(html).text
    assert "median 63 → 71" in Elements(html).text


def test_a_page_needs_no_script_and_nothing_from_elsewhere(cohort: Cohort) -> None:
    elements = Elements(rendered(cohort)).elements
    assert not {"script", "link", "iframe"} & {tag for tag, _ in elements}
    sources = [attrs["src"] or "" for _, attrs in elements if "src" in attrs]
    assert all(source.startswith("data:") for source in sources)


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
    html = rendered(Cohort(spec, 0, 50, origin), note=EVIL)
    tags = [tag for tag, _ in Elements(html).elements]
    assert is_harmless(html)
    assert "b" not in tags
    assert tags.count("img") == 1
    assert EVIL in Elements(html).text


def test_a_large_frame_is_checked_on_its_first_patients(cohort: Cohort) -> None:
    large = replace(cohort, rows=LOOKED_AT + 1)
    assert f"Checked on the first {LOOKED_AT:,} patients." in rendered(large)


def test_a_description_without_figures_has_nothing_to_check(cohort: Cohort) -> None:
    html = rendered(replace(cohort, spec=replace(cohort.spec, facts=())))
    assert "states no figures to check" in html
    assert "no facts were stated" in html


@pytest.mark.parametrize("rows", [1, 50])
def test_plain_text_is_what_pandas_prints_and_a_summary(cohort: Cohort, rows: int) -> None:
    some = replace(cohort, rows=rows)
    frame = some.frame()
    text = plain_text(View.of(some, frame), frame)
    assert text.startswith(repr(frame))
    summary, remarks = text.splitlines()[-2:]
    assert re.match(rf"{rows} synthetic patients?, no real person", summary)
    assert remarks == (
        "1 passage not understood: .cohort.origin.not_understood; 1 remark: .cohort.origin.remarks"
    )
