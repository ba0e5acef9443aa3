"""A real IPython shell, and a small cohort that every test of the notebook can draw."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from synth_magic import Cohort, CohortSpec
from synth_magic.engines.answer import Origin
from synth_magic.spec import (
    Association,
    Fact,
    Identifier,
    MeanSD,
    MedianIQR,
    Share,
    Shares,
    Spike,
    Variable,
)
from tests.notebook.asked import notebook
from tests.notebook.kernels import kernel, session_kernel

__all__ = ["kernel", "notebook", "session_kernel"]

SPEC = CohortSpec(
    "Diabetes",
    "Adults with type 2 diabetes",
    (
        Variable("id", "identifier", Identifier()),
        Variable("age", "integer", MeanSD(63, 11, 40, 85), unit="years", provenance="stated"),
        Variable(
            "sex",
            "binary",
            Shares((Share("female", 0.44), Share("male", 0.56))),
            provenance="stated",
        ),
        Variable(
            "crp",
            "continuous",
            MedianIQR(1, 2, 5, 0.1, 200),
            unit="mg/L",
            decimals=1,
            spikes=(Spike(0.1, 0.2),),
            missing=0.1,
        ),
        Variable("visit", "date", MeanSD(600, 200, 0, 1200), unit="days since 2015-04-01"),
    ),
    (Association("age", "crp", 0.3),),
    facts=(
        Fact("56% male", "sex", "share", 0.56, "male"),
        Fact("aged 63 (SD 11)", "age", "mean", 63),
    ),
)
ORIGIN = Origin("offline", "Made offline.", not_understood=("and kind",), remarks=("BMI is one",))


@pytest.fixture
def cohort() -> Cohort:
    return Cohort(SPEC, 0, 50, ORIGIN)


@pytest.fixture(scope="session")
def session_shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InteractiveShell]:
    folder: Path = tmp_path_factory.mktemp("ipython")
    config = Config({"HistoryManager": {"enabled": False}})
    shell = InteractiveShell.instance(config=config, ipython_dir=str(folder))
    gc.freeze()  # what is imported by now: every reset of the shell looks for garbage in the rest
    yield shell
    InteractiveShell.clear_instance()


@pytest.fixture
def shell(session_shell: InteractiveShell, no_credentials: None) -> Iterator[InteractiveShell]:
    """A shell into which the extension is loaded, with an empty namespace and without a key."""
    session_shell.reset()
    session_shell.config.pop("SynthPatients", None)
    session_shell.run_line_magic("load_ext", "synth_magic")
    yield session_shell
    if "synth_magic" in session_shell.extension_manager.loaded:
        session_shell.run_line_magic("unload_ext", "synth_magic")
