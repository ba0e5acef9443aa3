"""Loading the extension costs a notebook next to nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

HEAVY = {
    "anthropic",
    "ipywidgets",
    "jsonschema",
    "matplotlib",
    "numpy",
    "pandas",
    "scipy",
    "sdmetrics",
}

LOAD = """
%load_ext synth_magic
assert get_ipython().find_cell_magic("synthpatients")
"""


def modules_after(code: str, ipython_folder: Path) -> set[str]:
    """What a fresh IPython has imported once it has run the code."""
    code += "\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    shell = subprocess.run(
        [sys.executable, "-m", "IPython", "-c", code],
        env=os.environ | {"IPYTHONDIR": str(ipython_folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(shell.stdout.splitlines()[-1]))


def test_loading_the_extension_imports_nothing_heavy(tmp_path: Path) -> None:
    bare = modules_after("", tmp_path)
    loaded = modules_after(LOAD, tmp_path)
    assert not HEAVY & (loaded - bare)
