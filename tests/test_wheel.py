from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.once
def test_the_wheel_holds_the_whole_package(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    packed = {Path(name) for name in ZipFile(wheel).namelist()}
    package = {
        path.relative_to(ROOT)
        for path in (ROOT / "synth_magic").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert package <= packed
