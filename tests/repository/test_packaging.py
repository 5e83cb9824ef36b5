"""What is installed: the lock follows pyproject.toml, and the wheel carries every file of the packages."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("semantic_layer", "metrics", "assistant", "evals", "ui", "demo")


def read_toml(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / name).read_text(encoding="utf-8"))


def declared_requirements() -> set[tuple[str, str, str]]:
    """Name, extra of ours that asks for it, and version range."""
    project = read_toml("pyproject.toml")["project"]
    groups = {"": project["dependencies"]} | project["optional-dependencies"]
    asked = ((extra, Requirement(line)) for extra, lines in groups.items() for line in lines)
    return {(canonicalize_name(r.name), extra, str(r.specifier)) for extra, r in asked}


def locked_requirements() -> set[tuple[str, str, str]]:
    packages = {package["name"]: package for package in read_toml("uv.lock")["package"]}
    found = set()
    for line in packages["wenshu"]["metadata"]["requires-dist"]:
        extra = line.get("marker", "").removeprefix("extra == '").removesuffix("'")
        ranges = Requirement(f"x{line.get('specifier', '')}").specifier
        found.add((line["name"], extra, str(ranges)))
    return found


def test_lock_follows_the_declared_requirements() -> None:
    assert locked_requirements() == declared_requirements()


def test_every_locked_file_has_a_hash() -> None:
    for package in read_toml("uv.lock")["package"]:
        files = package.get("wheels", []) + ([package["sdist"]] if "sdist" in package else [])
        assert all(file["hash"].startswith("sha256:") for file in files), package["name"]


@pytest.fixture(scope="module")
def wheel_files(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", str(folder)], cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


def test_wheel_carries_every_file_of_the_packages(wheel_files: set[str]) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {name for name in listed.stdout.split("\0") if name} - wheel_files == set()


def test_wheel_carries_nothing_else(wheel_files: set[str]) -> None:
    roots = {name.split("/")[0] for name in wheel_files if ".dist-info/" not in name}
    assert roots == set(PACKAGES)
    assert not any(name.endswith((".duckdb", ".db", ".pyc")) for name in wheel_files)
