from __future__ import annotations

import io
import struct
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib import image

from synth_magic import Cohort, CohortSpec
from synth_magic.notebook.plots import WIDTH, marginals, pictured
from synth_magic.spec import MeanSD, Quantiles, Share, Shares, Variable

ORANGE = np.array([0xD5, 0x5E, 0x00])


def drawn(cohort: Cohort) -> bytes:
    frame = cohort.frame()
    return marginals(frame, pictured(cohort.spec, frame))


def orange_pixels(png: bytes) -> int:
    pixels = image.imread(io.BytesIO(png), format="png")
    opaque = pixels[..., 3] == 1
    return int((np.abs(pixels[..., :3] * 255 - ORANGE).max(axis=-1) < 1)[opaque].sum())


def of(cohort: Cohort, *variables: Variable) -> Cohort:
    return Cohort(CohortSpec("", "", variables), 0, 50, cohort.origin)


def test_a_picture_is_a_png_of_twice_the_width_it_is_shown_at(cohort: Cohort) -> None:
    png = drawn(cohort)
    width, height = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG")
    assert width == 2 * WIDTH
    assert height < width


def test_everything_but_identifiers_has_a_picture(cohort: Cohort) -> None:
    names = [v.name for v in pictured(cohort.spec, cohort.frame())]
    assert names == ["age", "sex", "crp", "visit"]


def test_the_background_is_transparent(cohort: Cohort) -> None:
    corner = image.imread(io.BytesIO(drawn(cohort)), format="png")[0, 0]
    assert corner[3] == 0


def test_spikes_stand_out(cohort: Cohort) -> None:
    crp = cohort.spec.variable("crp")
    assert orange_pixels(drawn(of(cohort, crp))) > 1000
    assert orange_pixels(drawn(of(cohort, replace(crp, spikes=())))) == 0


def test_the_users_current_figure_stays_theirs(cohort: Cohort) -> None:
    figure = plt.figure()
    try:
        drawn(cohort)
        assert plt.get_fignums() == [figure.number]
        assert plt.gcf() is figure
    finally:
        plt.close(figure)


AWKWARD = {
    "mathematics": Variable("cost in $ and $x^{2$", "continuous", MeanSD(5, 1), unit="$\\alpha"),
    "emoji": Variable("😀", "binary", Shares((Share("🙂", 0.5), Share("\U0001faa8", 0.5)))),
    "right to left": Variable("العمر", "integer", MeanSD(50, 10)),
    "controls": Variable("a\u202eb", "integer", MeanSD(50, 10)),
    "combining": Variable("e\u0301\u0302" * 99, "integer", MeanSD(50, 10)),
    "constant": Variable("c", "integer", Quantiles(*[3.0] * 9)),
    "all missing": Variable("m", "continuous", MeanSD(5, 1), missing=1.0),
    "tiny": Variable("t", "continuous", MeanSD(0.001, 0.0001), decimals=5),
    "huge": Variable("h", "integer", MeanSD(10**9, 10**8)),
    "many codes": Variable(
        "k", "categorical", Shares(tuple(Share(f"c{i}", 1 / 40) for i in range(40)))
    ),
}


@pytest.mark.parametrize("variable", AWKWARD.values(), ids=AWKWARD.keys())
@pytest.mark.parametrize("rows", [1, 50])
def test_awkward_variables_are_drawn_without_a_warning(
    cohort: Cohort, variable: Variable, rows: int
) -> None:
    assert drawn(replace(of(cohort, variable), rows=rows)).startswith(b"\x89PNG")
