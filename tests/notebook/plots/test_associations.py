from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.image import imread

from synth_magic.notebook.plots.associations import brief, heat_maps
from synth_magic.notebook.plots.canvas import WIDTH

NAMES = ["age", "HbA1c $x^2$", "<b>☃ 数</b>" * 60]
CORRELATIONS = np.array([[np.nan, 0.4, -0.3], [0.4, np.nan, 0.01], [-0.3, 0.01, np.nan]])


def pixels(png: bytes) -> np.ndarray:
    return imread(io.BytesIO(png))


def test_implied_correlations_are_smaller_squares_than_stated_ones() -> None:
    nothing, everything = np.zeros((3, 3), bool), np.ones((3, 3), bool)
    stated = pixels(heat_maps(NAMES, CORRELATIONS, CORRELATIONS, everything))
    implied = pixels(heat_maps(NAMES, CORRELATIONS, CORRELATIONS, nothing))
    coloured = [int((image[..., 3] == 1).sum()) for image in (stated, implied)]
    assert coloured[0] > coloured[1]
    assert stated.shape[1] == 2 * WIDTH
    assert stated[..., 3].min() == 0


@pytest.mark.parametrize("number", [1, 2, 13, 40, 60])
def test_any_number_of_variables_fits_the_width(number: int) -> None:
    correlations = np.full((number, number), -0.6)
    np.fill_diagonal(correlations, np.nan)
    stated = np.ones((number, number), bool)
    image = pixels(heat_maps([f"v{i}" for i in range(number)], correlations, correlations, stated))
    assert image.shape[1] == 2 * WIDTH
    assert image.shape[0] < 1200
    assert not image[:, -4:, 3].any()


def test_maps_without_any_correlation_are_empty() -> None:
    empty = np.full((3, 3), np.nan)
    assert heat_maps(NAMES, empty, empty, np.zeros((3, 3), bool)).startswith(b"\x89PNG")


def test_the_users_style_and_current_figure_stay_theirs() -> None:
    plain = heat_maps(NAMES, CORRELATIONS, CORRELATIONS, np.ones((3, 3), bool))
    with plt.style.context("dark_background"):
        styled = heat_maps(NAMES, CORRELATIONS, CORRELATIONS, np.ones((3, 3), bool))
    assert styled == plain
    assert not plt.get_fignums()


@pytest.mark.parametrize(
    ("correlation", "words"),
    [(0.314, ".31"), (-0.05, "−.05"), (-0.001, ".00"), (1.0, "1.00"), (-0.999, "−1.00")],
)
def test_correlations_are_printed_short(correlation: float, words: str) -> None:
    assert brief(correlation) == words
