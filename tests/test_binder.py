from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = (ROOT / "binder/requirements.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.once
def test_repo2docker_accepts_the_repository() -> None:
    plan = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert plan.returncode == 0, plan.stdout
    assert 'pip install --no-cache-dir -r "binder/requirements.txt"' in plan.stdout


# What repo2docker leaves unread, and would fail only on Binder:


@pytest.mark.parametrize("line", REQUIREMENTS)
def test_each_requirement_can_be_met(line: str) -> None:
    requirement = Requirement(line.replace("-e .", PROJECT["name"]))
    assert requirement.name == PROJECT["name"]
    assert requirement.extras <= PROJECT["optional-dependencies"].keys()


def test_its_python_is_new_enough() -> None:
    runtime = (ROOT / "binder/runtime.txt").read_text(encoding="utf-8").strip()
    assert runtime.removeprefix("python-") in SpecifierSet(PROJECT["requires-python"])
