"""The shape of the repository: one root, light imports, sizes that read well, nothing of one machine."""

from __future__ import annotations

import ast
import importlib
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("semantic_layer", "metrics", "assistant", "evals", "ui", "demo")
HEAVY = ("streamlit", "langchain", "langchain_openai", "openai", "chromadb")


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def text_files() -> Iterator[tuple[str, str]]:
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content:
            yield path.relative_to(ROOT).as_posix(), content.decode("utf-8")


def python_files(*folders: str) -> list[Path]:
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path for path in files if path.name != "__init__.py" or path.stat().st_size > 200]


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def function_lengths() -> dict[str, int]:
    lengths = {}
    for path in python_files(*PACKAGES):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                name = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                lengths[name] = node.end_lineno - node.lineno + 1
    return lengths


def share(values: list[int], limit: int) -> float:
    return sum(value <= limit for value in values) / len(values)


def test_all_packages_lie_under_one_root() -> None:
    """Another distribution with a top-level `evals` or `assistant` would silently replace ours."""
    origins = {name: importlib.import_module(name).__file__ for name in PACKAGES}
    homes = {name: Path(origin or "").resolve().parents[1] for name, origin in origins.items()}
    assert homes == dict.fromkeys(PACKAGES, ROOT)


@pytest.mark.parametrize("package", ["semantic_layer", "metrics", "assistant"])
def test_importing_stays_light(package: str) -> None:
    """Page, model and vector store take seconds to import: only those who use them may pay."""
    script = f"import sys, {package}; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stderr, done.stdout.split()) == ("", [])


def test_no_file_has_more_than_600_lines() -> None:
    lengths = {path: line_count(path) for path in python_files(*PACKAGES, "tests")}
    assert {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > 600} == {}


def test_most_files_are_short() -> None:
    lengths = [line_count(path) for path in python_files(*PACKAGES)]
    assert statistics.median(lengths) <= 150
    assert share(lengths, 400) >= 0.9


def test_most_functions_are_short() -> None:
    lengths = function_lengths()
    longest = sorted(lengths.items(), key=lambda item: -item[1])[:10]
    assert statistics.median(lengths.values()) <= 10, longest
    assert share(list(lengths.values()), 35) >= 0.9, longest
    assert longest[0][1] <= 80, longest


def test_no_vague_module_names() -> None:
    """A file answers one question that its name asks."""
    vague = {"util", "utils", "helper", "helpers", "manager", "handler", "common", "misc"}
    assert [str(path) for path in python_files(*PACKAGES) if path.stem in vague] == []


def test_tracked_files_name_no_machine_path() -> None:
    folders = "work|root|tmp|home/[a-z]+|Users/[A-Za-z]+"
    machine_path = re.compile(rf"(?<![\w.~$}}/-])/(?:{folders})/\w")
    found = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in text_files()
        for number, line in enumerate(text.splitlines(), start=1)
        if machine_path.search(line)
    ]
    assert found == []


def test_lock_names_only_the_public_index() -> None:
    hosts = re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text(encoding="utf-8"))
    assert set(hosts) == {"pypi.org", "files.pythonhosted.org"}


def test_modules_beside_the_page_shadow_nothing() -> None:
    """`streamlit run ui/app.py` puts ui/ first on sys.path."""
    names = {path.stem for path in (ROOT / "ui").iterdir() if path.stem != "__init__"}
    assert names & (set(PACKAGES) | set(sys.stdlib_module_names) | set(HEAVY)) == set()
