"""Long tables are split into parts of about equal size."""

from __future__ import annotations

from itertools import pairwise

import pytest

from synth_magic.description import Description
from synth_magic.engines.claude.parts import MOST, Part, parts


@pytest.mark.parametrize(("columns", "requests"), [(0, 1), (1, 1), (40, 1), (41, 2), (200, 5)])
def test_there_are_as_few_parts_as_can_be(columns: int, requests: int) -> None:
    names = tuple(f"v{number}" for number in range(columns))
    found = parts(Description("", listed=names))
    assert len(found) == requests
    if requests == 1:
        assert found == (Part(),)
        return
    assert tuple(name for part in found for name in part.names) == names
    sizes = [len(part.names) for part in found]
    assert max(sizes) <= MOST
    assert max(sizes) - min(sizes) <= requests
    for before, after in pairwise(found):
        assert after.earlier == (*before.earlier, *before.names)
