from __future__ import annotations

from dataclasses import replace

import numpy as np

from synth_magic.notebook.plots.bars import Rows
from synth_magic.sampling.expected import expected
from synth_magic.spec import Share, Shares, Variable
from tests.notebook.plots.builders import MANY, SEX, compiled


def rows(variable: Variable, most: int = 6) -> Rows:
    return Rows.of(variable, expected(compiled(variable), variable.name), most)


def test_few_codes_keep_their_order() -> None:
    assert rows(SEX).labels == ("female", "male")


def test_of_many_codes_the_rarest_are_together() -> None:
    weights = [1, 5, 2, 8, 3, 4, 7, 6]
    shares = tuple(Share(f"c{weight}", weight / 36) for weight in weights)
    found = rows(Variable("k", "categorical", Shares(shares)), 4)
    assert found.labels == ("c8", "c7", "c6", "5 others")
    assert found.together(np.array(weights)).tolist() == [8, 7, 6, 15]
    assert found.drawn.tolist() == [True, True, True, False]


def test_equally_common_codes_keep_their_order() -> None:
    assert rows(MANY).labels == ("c0", "c1", "c2", "c3", "c4", "35 others")


def test_an_ordinal_variable_keeps_its_order() -> None:
    assert rows(replace(MANY, type="ordinal")).labels[:3] == ("c0", "c1", "c2")
