from __future__ import annotations

import pandas as pd
import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from synth_magic.errors import SettingError

TEXT = "Adults aged 40-85, 56% male."


@pytest.fixture
def real(shell: InteractiveShell) -> pd.DataFrame:
    frame = pd.DataFrame({"age": [50.0, 60.0], "sex": ["male", "female"], "a, b": [1, 2]})
    shell.user_ns["clinic"] = frame
    return frame


def run(shell: InteractiveShell, line: str) -> None:
    shell.run_cell_magic("synthpatients", line, TEXT)


@pytest.mark.usefixtures("real")
def test_what_the_line_says_is_what_is_compared(
    shell: InteractiveShell,
) -> None:
    options = """--splits 3 --codes 'age, sex, "a, b"' --target sex"""
    run(shell, f"p --rows 20 --against clinic {options} --quiet")
    binding = shell.magics_manager.registry["SynthPatients"].bindings["p"]
    assert binding.comparison.real == "clinic"
    assert binding.comparison.told == {
        "target": "sex",
        "codes": ("age", "sex", "a, b"),
        "splits": 3,
    }
    assert binding.version.line(binding.cohort) == "%%synthpatients p --rows 20 --seed 0"
    assert "clinic" not in str(shell.user_ns["p"].attrs)


@pytest.mark.usefixtures("real")
def test_a_refinement_compares_on_and_a_new_description_does_not(shell: InteractiveShell) -> None:
    run(shell, "p --rows 20 --against clinic --quiet")
    bindings = shell.magics_manager.registry["SynthPatients"].bindings
    shell.run_line_magic("synthpatients", 'p --refine "mean age 70" --quiet')
    assert bindings["p"].comparison.real == "clinic"
    run(shell, "p --rows 20 --quiet")
    assert bindings["p"].comparison is None


@pytest.mark.usefixtures("real")
@pytest.mark.parametrize(
    ("line", "error", "message"),
    [
        ("p --target sex", UsageError, "--target is of a comparison: write --against REAL too"),
        ("p --leave-out sex", UsageError, ("--leave-out is of a comparison: write --against REAL "
         "too")),
        ("p --against clinic --keys age,sexe --sensitive sex", SettingError, ("--keys: clinic has "
         "no column 'sexe' (did you mean 'sex'?)")),
        ("p --against clinic --keys age", SettingError, ("keys and sensitive go together: "
         "sensitive is what is guessed from the keys")),
        ("p --against clinic --splits none", SettingError, ("--splits must be a whole number, not "
         "'none'")),
        ("--against clinic", UsageError, ("--against compares the patients of a NAME: write one "
         "first")),
        ("p --against clinik", SettingError, ("--against: there is no variable 'clinik' (did you "
         "mean 'clinic'?)")),
        ("p --against number", SettingError, ("--against number: it must be a DataFrame, not of "
         "type int")),
        ("p --against clinic --target sexe", SettingError, ("--target: clinic has no column 'sexe' "
         "(did you mean 'sex'?)")),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_with_is_said_before_anything_is_made(
    shell: InteractiveShell, line: str, error: type[Exception], message: str
) -> None:
    shell.user_ns["number"] = 5
    with pytest.raises(error) as raised:
        run(shell, line)
    assert str(raised.value) == message
    assert "p" not in shell.user_ns
