from __future__ import annotations

import struct
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from synth_magic import Cohort
from synth_magic.notebook.plots import PER_PAGE, WIDTH, SmallMultiples, pictured
from synth_magic.spec import MeanSD, Variable
from tests.notebook.plots.builders import (
    AGE,
    AWKWARD,
    CRP,
    MANY,
    REFERENCES,
    SEX,
    VISIT,
    compiled,
    page,
    patients,
)
from tests.notebook.plots.pixels import BLUE, ORANGE, PINK, count, pixels, where


def test_everything_but_identifiers_has_a_picture(cohort: Cohort) -> None:
    names = [v.name for v in pictured(cohort.spec, cohort.frame())]
    assert names == ["age", "sex", "crp", "visit"]


def test_a_picture_is_a_png_of_twice_the_width_it_is_shown_at() -> None:
    png = page(AGE, SEX, CRP, VISIT)
    width, height = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG")
    assert width == 2 * WIDTH
    assert height < width


def test_the_background_is_transparent() -> None:
    assert pixels(page(AGE))[-1, -1, 3] == 0


def test_spikes_stand_out() -> None:
    assert count(page(CRP), ORANGE) > count(page(replace(CRP, spikes=())), ORANGE) == 0


def test_what_is_kept_makes_no_difference() -> None:
    variables = (AGE, SEX, CRP, VISIT)
    cohort = compiled(*variables)
    kept = SmallMultiples()
    for seed, rows in [(0, 500), (1, 500), (1, 2000)]:
        frame = patients(cohort, rows, seed)
        afresh = SmallMultiples().draw(frame, variables, cohort=cohort)
        assert kept.draw(frame, variables, cohort=cohort) == afresh


def test_another_cohort_reference_or_page_is_drawn_afresh() -> None:
    cohort, older = compiled(AGE, SEX), compiled(replace(AGE, marginal=MeanSD(70, 10)), SEX)
    frame = patients(cohort)
    kept = SmallMultiples()
    pictures = {
        kept.draw(frame, (AGE, SEX), cohort=cohort),
        kept.draw(frame, (AGE, SEX), cohort=older),
        kept.draw(frame, (SEX,), cohort=older),
        kept.draw(frame, (AGE, SEX), cohort=cohort, reference=patients(older)),
        kept.draw(frame, (AGE, SEX), cohort=cohort, usual={"age": (50, 70)}),
    }
    assert len(pictures) == 5


def test_bars_follow_the_patients() -> None:
    cohort = compiled(SEX)
    everyone = patients(cohort)
    women = everyone[everyone["sex"] == "female"]
    kept = SmallMultiples()
    mixed, only = (
        where(kept.draw(frame, (SEX,), cohort=cohort), BLUE) for frame in (everyone, women)
    )
    assert only.any(axis=1).sum() < 0.7 * mixed.any(axis=1).sum()


def test_a_reference_is_outlined_where_it_has_the_column() -> None:
    cohort = compiled(AGE, SEX)
    frame = patients(cohort)
    other = pd.DataFrame({"age": [70.0, 75.0, 80.0], "height": [1, 2, 3]})
    options = {"cohort": cohort, "reference_name": "mine"}
    png = SmallMultiples().draw(frame, (AGE, SEX), reference=other, **options)
    legend = 26 * 2
    outlined = where(png, PINK)[legend:].any(axis=0)
    assert outlined[: WIDTH // 2].any()
    assert not outlined[WIDTH // 2 :].any()


def test_a_reference_without_a_known_value_is_not_in_the_legend() -> None:
    nothing = pd.DataFrame({"age": [np.nan, np.nan]})
    assert count(page(AGE, reference=nothing), PINK) == 0


def test_usual_limits_are_shaded() -> None:
    def shaded(png: bytes) -> int:
        alpha = pixels(png)[60:, :, 3]
        return int(((alpha > 40) & (alpha < 52)).sum())

    closed = shaded(page(AGE, usual={"age": (50, 60)}))
    half_open = shaded(page(AGE, usual={"age": (50, None)}))
    assert half_open > closed + 2000 > shaded(page(AGE)) + 4000


def test_a_page_of_twelve_is_three_rows_high() -> None:
    twelve = page(*(replace(AGE, name=f"v{i}") for i in range(PER_PAGE)))
    one = page(AGE)
    assert pixels(twelve).shape[0] == 3 * pixels(one).shape[0] - 2 * 52


def test_the_users_current_figure_stays_theirs() -> None:
    figure = plt.figure()
    try:
        page(AGE, SEX)
        assert plt.get_fignums() == [figure.number]
        assert plt.gcf() is figure
    finally:
        plt.close(figure)


@pytest.mark.parametrize("variable", AWKWARD.values(), ids=AWKWARD.keys())
@pytest.mark.parametrize("rows", [0, 1, 50])
def test_awkward_variables_are_drawn_without_a_warning(variable: Variable, rows: int) -> None:
    assert page(variable, rows=rows).startswith(b"\x89PNG")


@pytest.mark.parametrize("values", REFERENCES.values(), ids=REFERENCES.keys())
def test_any_frame_of_the_users_can_be_overlaid(values: list[object]) -> None:
    variables = (AGE, SEX, CRP, VISIT, MANY)
    reference = pd.DataFrame({v.name: pd.Series(values, dtype=object) for v in variables})
    name = "<b>mine</b> 😀" * 99
    assert page(*variables, reference=reference, reference_name=name).startswith(b"\x89PNG")
