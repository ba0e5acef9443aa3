from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest

from synth_magic.notebook.plots.canvas import BAR, GREY, OTHER, SPIKE, Canvas, Stroke
from tests.notebook.plots.pixels import BLUE, count, pixels, where


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


@pytest.mark.parametrize("ground", [0.0, 1.0], ids=["black", "white"])
def test_text_is_legible_on_black_and_on_white(ground: float) -> None:
    high, low = sorted([luminance(GREY), ground], reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_colours_differ_in_lightness_too() -> None:
    shades = sorted(luminance(colour) for colour in (BAR, SPIKE, OTHER))
    assert min(np.diff(shades)) > 0.05


def test_a_picture_holds_twice_as_many_pixels_as_are_shown() -> None:
    assert pixels(Canvas(300, 200).png()).shape == (400, 600, 4)


def test_an_empty_sheet_is_transparent() -> None:
    assert pixels(Canvas(30, 20).png())[..., 3].max() == 0


def test_a_rectangle_is_where_it_was_asked_for() -> None:
    canvas = Canvas(100, 50)
    canvas.fill(np.array([(10, 5, 30, 20)]), BAR)
    rows, columns = np.nonzero(where(canvas.png(), BLUE))
    assert (rows.min(), rows.max() + 1) == (10, 40)
    assert (columns.min(), columns.max() + 1) == (20, 60)


def test_what_was_kept_comes_back() -> None:
    canvas = Canvas(100, 50)
    canvas.fill(np.array([(0, 0, 10, 10)]), BAR)
    canvas.keep()
    canvas.fill(np.array([(50, 0, 60, 10)]), BAR)
    assert count(canvas.png(), BLUE) == 800
    canvas.restore()
    assert count(canvas.png(), BLUE) == 400


def test_a_gap_in_a_line_stays_open() -> None:
    canvas = Canvas(100, 20)
    points = np.array([(0, 10), (30, 10), (np.nan, np.nan), (60, 10), (100, 10)])
    canvas.line(points, Stroke(BAR, 4.0))
    there = where(canvas.png(), BLUE).any(axis=0)
    assert there[4:56].all()
    assert not there[62:118].any()


def test_text_too_wide_is_cut_with_an_ellipsis() -> None:
    canvas = Canvas(100, 20)
    assert canvas.fitted("short", 90) == "short"
    cut = canvas.fitted("a word that is far too long" * 99, 60)
    assert cut.endswith("…")
    assert 40 < canvas.width_of(cut) <= 60


def test_what_users_set_for_their_own_figures_does_not_count() -> None:
    def written() -> bytes:
        canvas = Canvas(100, 20)
        canvas.text(0, 15, "$age$")
        return canvas.png()

    plain = written()
    with mpl.rc_context({"text.usetex": True, "path.sketch": (9, 9, 9), "font.size": 30}):
        assert written() == plain
