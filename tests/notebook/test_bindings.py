from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from synth_magic import Cohort
from synth_magic.notebook.bindings import Binding, Bindings


@pytest.fixture
def namespace() -> dict[str, Any]:
    return {}


@pytest.fixture
def binding(namespace: dict[str, Any], cohort: Cohort) -> Binding:
    return Bindings(namespace).add("patients", cohort.frame())


def test_a_name_may_be_bound_again_while_it_is_as_it_was_drawn(binding: Binding) -> None:
    assert not binding.obstacle()


def test_a_deleted_name_may_be_bound_again(binding: Binding, namespace: dict[str, Any]) -> None:
    del namespace["patients"]
    assert not binding.obstacle()


def test_a_name_bound_to_something_else_is_the_users(
    binding: Binding, namespace: dict[str, Any]
) -> None:
    namespace["patients"] = namespace["patients"].dropna()
    assert binding.obstacle() == "patients stands for something else by now."


def edit_a_value(frame: Any) -> None:
    frame.loc[len(frame) // 2, "age"] += 1


def add_a_column(frame: Any) -> None:
    frame["smoker"] = True


def drop_a_column(frame: Any) -> None:
    del frame["crp"]


def relabel_the_rows(frame: Any) -> None:
    frame.index = frame["id"]


@pytest.mark.parametrize("edit", [edit_a_value, add_a_column, drop_a_column, relabel_the_rows])
def test_a_frame_edited_in_place_is_the_users(
    binding: Binding, namespace: dict[str, Any], edit: Any
) -> None:
    edit(namespace["patients"])
    assert binding.obstacle() == "You have changed patients since it was drawn."


def test_a_binding_knows_its_patients_and_the_earlier_ones(
    binding: Binding, namespace: dict[str, Any], cohort: Cohort
) -> None:
    first = namespace["patients"]
    second = cohort.resample()
    binding.bind(second)
    assert namespace["patients"] is second
    assert binding.holds(second)
    assert binding.held(first)
    assert not binding.holds(first)
    assert binding.cohort.seed == 1


def test_a_binding_keeps_no_patients_alive(
    binding: Binding, namespace: dict[str, Any], cohort: Cohort
) -> None:
    first = weakref.ref(namespace["patients"])
    binding.bind(cohort.resample())
    second = weakref.ref(namespace.pop("patients"))
    gc.collect()
    assert first() is None
    assert second() is None


def test_patients_drawn_in_python_are_found_by_their_name(cohort: Cohort) -> None:
    frame = cohort.frame()
    bindings = Bindings({"_": frame, "mine": frame})
    binding = bindings.adopt(frame)
    assert binding is not None
    assert binding.name == "mine"
    assert bindings.of(frame) is binding


def test_patients_without_a_name_are_not_adopted(cohort: Cohort) -> None:
    frame = cohort.frame()
    assert Bindings({"_": frame}).adopt(frame) is None


def test_the_code_of_a_binding_makes_the_same_patients(
    binding: Binding, namespace: dict[str, Any], cohort: Cohort
) -> None:
    drawn = cohort.resample(rows=30, seed=4)
    binding.bind(drawn)
    exec(binding.code, namespace)
    assert namespace["patients"].equals(drawn)
