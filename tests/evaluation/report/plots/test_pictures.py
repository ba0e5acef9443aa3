from __future__ import annotations

import warnings
from dataclasses import replace

import matplotlib
import numpy as np
import pytest

from synth_magic.evaluation.report.plots.coefficients import coefficients
from synth_magic.evaluation.report.plots.marginals import MOST
from synth_magic.evaluation.report.plots.pictures import PICTURES
from synth_magic.evaluation.tables import Field, Tables
from tests.evaluation.report.builders import HOSTILE, TABLES


def alone(frames: list[str]) -> Tables:
    fields = tuple(field for field in TABLES.fields if field.name in frames)
    parts = {part: getattr(TABLES, part)[frames].copy() for part in ("synthetic", "train", "test")}
    return Tables(fields, **parts)


@pytest.mark.parametrize("name", [name for name in PICTURES if name != "coefficients"])
def test_a_picture_is_a_png_with_a_title_and_a_caption(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = PICTURES[name](TABLES, "")
    assert picture is not None
    assert picture.png.startswith(b"\x89PNG")
    assert picture._repr_png_() == picture.png
    assert repr(picture) == f"<Picture: {picture.title}>"
    assert picture.caption.endswith(".")


def test_the_ground_is_white_and_nothing_of_the_users_style_counts() -> None:
    plain = PICTURES["marginals"](TABLES, "")
    with matplotlib.rc_context({"axes.facecolor": "red", "figure.dpi": 30, "text.usetex": True}):
        styled = PICTURES["marginals"](TABLES, "")
    assert plain is not None
    assert plain == styled


def test_odds_ratios_are_drawn_of_a_target() -> None:
    picture = coefficients(TABLES, HOSTILE)
    assert picture is not None
    assert picture.title == "Odds ratios for the target"
    assert coefficients(TABLES, "") is None


def test_what_cannot_be_drawn_is_none() -> None:
    codes = alone([HOSTILE])
    assert PICTURES["correlations"](codes, "") is None
    assert PICTURES["pairs"](codes, "") is None
    assert PICTURES["distances"](replace(TABLES, test=TABLES.test[:0]), "") is None
    assert PICTURES["pairs"](replace(TABLES, synthetic=TABLES.synthetic[:50]), "") is None


def test_columns_on_a_line_and_empty_ones_are_no_obstacle() -> None:
    frames = []
    for frame in (TABLES.synthetic, TABLES.train, TABLES.test):
        columns = {"age": frame["age"], "months": 12 * frame["age"], "gone": np.nan, "same": 1.5}
        frames.append(frame[[]].assign(**columns, code=None))
    names = ("age", "months", "gone", "same")
    fields = (*(Field(name, "number") for name in names), Field("code", "code", ("a", "b")))
    tables = Tables(fields, *frames)
    assert PICTURES["pairs"](tables, "") is None
    assert PICTURES["marginals"](tables, "") is not None
    assert PICTURES["correlations"](tables, "") is not None


def test_of_many_columns_the_first_are_drawn_and_the_caption_says_so() -> None:
    names = [f"v{place}" for place in range(MOST + 6)]
    frames = [
        frame[[]].assign(**dict.fromkeys(names, frame["age"]))
        for frame in (TABLES.synthetic, TABLES.train, TABLES.test)
    ]
    picture = PICTURES["marginals"](
        Tables(tuple(Field(name, "number") for name in names), *frames), ""
    )
    assert picture is not None
    assert "The first 24 of 30 columns." in picture.caption
