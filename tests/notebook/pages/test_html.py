from __future__ import annotations

from collections.abc import Callable

import pytest

from synth_magic.notebook.pages import html
from tests.notebook.pages.elements import EVIL, Elements, is_harmless, text


def test_text_from_elsewhere_keeps_its_direction_to_itself() -> None:
    assert html.said("العمر \u202e(years)\n") == "<bdi>العمر (years)</bdi>"


@pytest.mark.parametrize("piece", [html.said, html.verbatim, html.letters])
def test_text_from_elsewhere_is_no_markup(piece: Callable[[str], str]) -> None:
    assert is_harmless(piece(EVIL))
    assert EVIL in Elements(piece(EVIL)).text


def test_an_attribute_keeps_its_quotes() -> None:
    ((_, attributes),) = Elements(f"<img alt={html.attribute(EVIL)}>").elements
    assert attributes == {"alt": EVIL}


def test_a_verbatim_text_keeps_its_lines() -> None:
    assert Elements(html.verbatim("one\n  two\x00\u202e")).text == "one\n  two"


def test_long_names_are_cut() -> None:
    assert text(html.brief("n" * 500)) == "n" * (html.NAME - 1) + "…"


def test_long_lists_are_cut_and_say_so() -> None:
    items = [str(number) for number in range(html.MOST + 50)]
    assert html.listed("Numbers", items).count("<li>") == html.MOST + 1
    assert "… and 50 more" in html.listed("Numbers", items)
    assert html.listed("Numbers", []) == ""


def test_a_table_can_be_scrolled_with_the_keyboard() -> None:
    elements = Elements(html.table("t", ["a"], [["1"], ["2"]])).elements
    assert elements[0] == ("div", {"class": "sp-wide", "tabindex": "0"})
    assert [tag for tag, _ in elements].count("tr") == 3


def test_a_long_list_is_folded() -> None:
    assert "<details>" not in html.listed("Numbers", ["1"] * 20)
    assert text(html.listed("Numbers", ["1"] * 21)).startswith("Numbers (21)")
    assert "<details>" in html.listed("Numbers", ["1"] * 21)
