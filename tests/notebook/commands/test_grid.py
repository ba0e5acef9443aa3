from __future__ import annotations

from synth_magic.notebook.commands import grid


def test_columns_stand_below_each_other() -> None:
    assert grid.in_text(("a", "word"), [("longer", "x"), ("", "y")]) == (
        "a       word\nlonger  x\n        y"
    )


def test_lines_and_letters_that_print_nothing_break_no_table() -> None:
    assert grid.in_text(("a",), [("x\ny\x1b[31m",)]) == "a\nx y[31m"


def test_html_is_escaped() -> None:
    shown = grid.page(grid.paragraph("<b>\n& c"), grid.in_html(("a",), [("<i>",)]))
    assert "&lt;b&gt;" in shown
    assert "&amp; c" in shown
    assert "&lt;i&gt;" in shown
    assert "<b>" not in shown
