"""Columns that are named for a purpose."""

from __future__ import annotations

from typing import Any

import pytest

from synth_magic.errors import SettingError
from synth_magic.evaluation.roles import Roles

LEFT_OUT = {"id": "'id' is left out: it is an identifier."}
ONCE = "what is known of a patient is not there to be guessed: name it once"
TOGETHER = "keys and sensitive go together: sensitive is what is guessed from the keys"
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"target": "dead"}, "target 'dead' is no column of the patients (did you mean 'died'?)"),
    ({"codes": "stge"}, "codes 'stge' is no column of the patients (did you mean 'stage'?)"),
    ({"leave_out": ["x"]}, "leave_out 'x' is no column of the patients"),
    ({"target": "id"}, "target 'id' cannot be used: 'id' is left out: it is an identifier."),
    ({"target": ["died"]}, "target must be a column's name, not list"),
    ({"keys": 5}, "keys must be a name or a list of names"),
    ({"sensitive": [5]}, "sensitive must be a name or a list of names"),
    ({"target": "died", "keys": ["age", "died"], "sensitive": "sex"},
     f"'died' is both a key and the target; {ONCE}"),
    ({"keys": ["age", "sex"], "sensitive": "sex"}, f"'sex' is both a key and sensitive; {ONCE}"),
    ({"keys": "age"}, TOGETHER),
    ({"sensitive": "age"}, TOGETHER),
]  # fmt: skip


@pytest.mark.parametrize(("roles", "message"), REFUSED, ids=[str(roles) for roles, _ in REFUSED])
def test_a_role_that_means_nothing_is_refused(roles: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError) as raised:
        Roles.of(**{"target": None, **roles}).check(("age", "sex", "stage", "died"), LEFT_OUT)
    assert str(raised.value) == message


def test_one_name_is_a_list_of_one() -> None:
    roles = Roles.of("died", keys="age", sensitive=("sex", "sex"), leave_out=["id"])
    roles.check(("age", "sex", "died"), LEFT_OUT)
    assert roles == Roles("died", ("age",), ("sex",), (), ("id",))
