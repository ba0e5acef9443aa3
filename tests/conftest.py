from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

from tests.messages_api import messages_api, no_credentials

__all__ = ["messages_api", "no_credentials"]

# No example is timed: a busy machine must not fail a test.
settings.register_profile("untimed", deadline=None, max_examples=60)
settings.load_profile("untimed")

HERE = Path(__file__).parent
AGAINST_THE_SPECIFICATION = ("test_checks", "test_columns", "test_sampling_error")
COMPARING = [
    HERE / "benchmarks",
    *(p for p in (HERE / "evaluation").iterdir() if p.stem not in AGAINST_THE_SPECIFICATION),
]
collect_ignore = [] if find_spec("sdmetrics") else COMPARING  # SDMetrics takes no pandas 3
MAKING_FRAMES = ("test_columns", "test_sampler", "test_table")
THE_SAME_ON_EVERY_PANDAS = (
    *(
        HERE / name
        for name in (
            "catalogue",
            "description",
            "engines",
            "spec",
            "test_architecture.py",
            "test_cli.py",
            "test_descriptions.py",
        )
    ),
    *COMPARING,
    *(
        HERE / "notebook" / f"test_{name}.py"
        for name in (
            "asking",
            "commands",
            "completion",
            "faults",
            "kernel",
            "notebooks",
            "options",
            "rows_faults",
        )
    ),
    *(
        HERE / "notebook" / "panel" / f"test_{name}.py"
        for name in ("against", "associations", "origin", "refining", "specification")
    ),
    *(path for path in (HERE / "notebook" / "plots").glob("*.py") if path.stem != "test_seen"),
    *(path for path in (HERE / "sampling").glob("test_*.py") if path.stem not in MAKING_FRAMES),
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what neither reads nor makes a frame in a way of its own, where once is enough."""
    again = config.getoption("markexpr") == "not once"
    return True if again and collection_path in THE_SAME_ON_EVERY_PANDAS else None
