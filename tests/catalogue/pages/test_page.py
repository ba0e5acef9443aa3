"""Pages as plain text."""

from __future__ import annotations

import pytest

from synth_magic.catalogue.pages.page import (
    Bar,
    Facts,
    Grid,
    Link,
    Page,
    Spread,
    cut,
    listed,
    number,
)


def test_a_table_stands_in_columns_without_empty_ones() -> None:
    rows = [("age", "", Bar(0.5)), ("bmi", "", Bar(0.005))]
    assert str(Grid("Shares", ("Name", "Note", "Share"), rows)) == (
        "Shares\nName  Share\nage   50%\nbmi   0.5%"
    )


def test_what_is_but_a_picture_is_left_out_of_the_text() -> None:
    grid = Grid("", ("", "Median", "Quartiles"), [("all", "5", Spread(4, 5, 6, 3, 7))])
    assert "Quartiles" not in str(grid)
    assert grid.filled[0] == ["", "Median", "Quartiles"]


def test_a_long_table_comes_in_two() -> None:
    rows = [(str(i),) for i in range(12)]
    first, more = Grid("All", ("n",), rows).in_two(10)
    assert (len(first.rows), first.folded) == (10, False)
    assert (more.title, len(more.rows), more.folded) == ("2 more", 2, True)
    assert len(list(Grid("All", ("n",), rows).in_two(12))) == 1


def test_empty_facts_and_blocks_are_left_out() -> None:
    page = Page("A", ("", Grid("none", ("x",), []), Facts([("Code", ""), ("Unit", "mmHg")])))
    assert str(page) == "A\n\nUnit: mmHg"


def test_a_link_shows_its_address() -> None:
    link = Link("who", "https://who.int https://x.org ftp://y.org javascript:alert(1)")
    assert link.addresses == ["https://who.int", "https://x.org"]
    assert "Source: who https://who.int" in str(Facts([("Source", link)]))
    assert "who  the address  https://who.int" in str(
        Facts([("who", Link("the address", "https://who.int"))], "Sources", folded=True)
    )


def test_texts_are_cut_and_counted() -> None:
    assert cut("one\n two\x07", 20) == "one two"
    assert cut("a" * 30, 10) == "a" * 9 + "…"
    assert listed(["a", "b", "c"], 2) == "a, b and 1 more"


@pytest.mark.parametrize(
    ("value", "text"), [(0.12, "0.12"), (62.04, "62.04"), (1908, "1908"), (131296, "131,296")]
)
def test_numbers_have_four_figures_at_least(value: float, text: str) -> None:
    assert number(value) == text
