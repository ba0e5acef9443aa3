from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
OFFLINE = HERE / "offline"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a model is asked and answers is the same on every pandas."""
    for item in items:
        if item.path.is_relative_to(HERE) and not item.path.is_relative_to(OFFLINE):
            item.add_marker(pytest.mark.once)
