"""Pages of the catalogue as HTML."""

from __future__ import annotations

from synth_magic.catalogue.pages.look import pages
from synth_magic.catalogue.pages.page import Bar, Facts, Grid, Link, Page, Spread
from synth_magic.notebook.pages.catalogue import page
from tests.notebook.pages.elements import EVIL, Elements, is_harmless, text


def addresses(html: str) -> list[str | None]:
    return [attrs["href"] for tag, attrs in Elements(html).elements if tag == "a"]


def test_whatever_is_on_a_page_is_data() -> None:
    grid = Grid(EVIL, (EVIL,), [(EVIL,), (Link(EVIL, f"https://x.org/{EVIL}"),)], note=EVIL)
    html = page(Page(EVIL, (EVIL, grid, Facts([(EVIL, EVIL), (EVIL, Link(EVIL, EVIL))], EVIL))))
    assert is_harmless(html)
    assert text(html).count(EVIL) >= 8


def test_only_addresses_of_the_web_are_links() -> None:
    evil = Link("a", "javascript:alert(1) data:text/html,x file:///etc/passwd")
    good = Link("b", "https://one.org http://two.org")
    grid = Grid("", ("Source",), [(evil,), (good,)])
    assert addresses(page(Page("", (grid,)))) == ["https://one.org"]
    facts = Facts([("Source", evil), ("Source", good)])
    assert addresses(page(Page("", (facts,)))) == ["https://one.org", "http://two.org"]


def test_a_link_gives_nothing_away() -> None:
    html = page(Page("", (Facts([("Source", Link("a", "https://one.org"))]),)))
    (link,) = (attrs for tag, attrs in Elements(html).elements if tag == "a")
    assert link["rel"] == "noopener noreferrer"


def test_folded_blocks_are_seen_on_a_click() -> None:
    grid = Grid("Many", ("x",), [("1",)], folded=True)
    tags = [tag for tag, _ in Elements(page(Page("", (grid,)))).elements]
    assert tags.index("details") < tags.index("table")


def test_shares_and_quartiles_are_drawn() -> None:
    grid = Grid("", ("a", "b"), [(Bar(0.487), Spread(4, 5, 7, 0, 10))])
    styles = [attrs["style"] for _, attrs in Elements(page(Page("", (grid,)))).elements
              if "style" in attrs]  # fmt: skip
    assert styles == ["--share: 48.70%", "--low: 40.0%; --middle: 50.0%; --high: 70.0%"]


def test_a_facts_text_is_whole() -> None:
    long = "word " * 300
    assert long.strip() in text(page(Page("", (Facts([("Also called", long)]),))))


def test_the_page_of_a_variable_says_where_its_figures_come_from() -> None:
    (shown,) = pages("systolic_bp")
    html = page(shown)
    found = addresses(html)
    assert found
    assert all(address and address.startswith(("https://", "http://")) for address in found)
    assert "Systolic blood pressure (variable systolic_bp)" in text(html)
