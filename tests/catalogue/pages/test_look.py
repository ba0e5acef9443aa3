"""What is shown for some words: of every variable, condition and source, a page."""

from __future__ import annotations

from synth_magic.catalogue.load import catalogue
from synth_magic.catalogue.pages.condition import condition_page
from synth_magic.catalogue.pages.look import pages
from synth_magic.catalogue.pages.source import source_page
from synth_magic.catalogue.pages.variable import variable_page

KNOWN = catalogue()


def test_no_words_give_the_overview_with_the_share_that_is_sourced() -> None:
    (page,) = pages("  ")
    text = str(page)
    assert f"{len(KNOWN.entries):,} variables, {len(KNOWN.conditions):,} conditions" in text
    figures = [f for condition in KNOWN.conditions.values() for f in condition.figures]
    assumed = sum(f.source == "assumed" for f in figures)
    line = next(line for line in text.splitlines() if line.startswith("figures of conditions"))
    assert line.split()[3:6] == [
        f"{len(figures):,}", f"{len(figures) - assumed:,}", f"{assumed:,}",
    ]  # fmt: skip
    assert f"disease ({sum(c.kind == 'disease' for c in KNOWN.conditions.values())})" in text


def test_a_name_gives_its_page_and_what_else_was_found() -> None:
    (page,) = pages("systolic_bp")
    text = str(page)
    for words in ("Systolic blood pressure (variable systolic_bp)", "Also called: ", "Unit: mmHg",
                  "Other units: kPa = mmHg × 0.133322", "Distribution, mmHg", "Population: ",
                  "Source: ", "Associations (", "Conditions with figures of their own (",
                  "Rules", "Sources", "Also found: "):  # fmt: skip
        assert words in text


def test_a_name_in_capitals_is_the_same_name() -> None:
    assert str(pages("SYSTOLIC_BP")[0]) == str(pages("systolic_bp")[0])


def test_a_name_of_two_things_gives_both_pages() -> None:
    titles = [page.title for page in pages("heart_failure")]
    assert titles == [
        "Heart failure (variable heart_failure)",
        "Heart failure (condition heart_failure)",
    ]


def test_other_words_give_what_fits() -> None:
    (page,) = pages("blood pressure")
    assert "fit “blood pressure”" in page.title
    assert "systolic_bp" in str(page)


def test_what_fits_alone_is_shown_whole() -> None:
    (page,) = pages("8480-6")
    assert page.title == "Systolic blood pressure (variable systolic_bp)"


def test_a_distribution_by_sex_has_a_row_for_each() -> None:
    text = str(variable_page(KNOWN.entries["height"]))
    assert {"female", "male"} <= {line.split()[0] for line in text.splitlines() if line}


def test_a_kind_has_the_figures_that_it_takes_over() -> None:
    kind = next(c for c in KNOWN.conditions.values() if c.is_a and c.figures)
    text = str(condition_page(kind))
    assert f"A kind of: {kind.is_a}" in text
    assert f"Taken over from {kind.is_a}" in text


def test_every_condition_has_a_page() -> None:
    for condition in KNOWN.conditions.values():
        text = str(condition_page(condition))
        assert text.startswith(condition.label), condition.name
        assert all(figures.variable in text for figures in condition.figures), condition.name


def test_every_variable_has_a_page() -> None:
    for entry in KNOWN.entries.values():
        text = str(variable_page(entry))
        assert text.startswith(f"{entry.label} (variable {entry.name})"), entry.name
        assert all(code in text for code in entry.codes), entry.name


def test_every_source_has_a_page() -> None:
    for source in KNOWN.sources.values():
        assert source.address.split()[0] in str(source_page(source))
