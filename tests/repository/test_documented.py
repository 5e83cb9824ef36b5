"""Documentation cannot lie: commands in it exist, and what exists stands in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def make_targets() -> set[str]:
    """The targets that `make help` shows."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):.*## ", makefile, flags=re.MULTILINE))


def documented_targets(text: str) -> set[str]:
    commands = re.findall(r"^make .*|`make [^`]+`", text, flags=re.MULTILINE)
    words = {word for line in commands for word in line.partition("#")[0].strip("`").split()[1:]}
    return {word for word in words if re.fullmatch(r"[a-z]+", word)}


def test_every_make_command_in_the_guides_exists() -> None:
    assert documented_targets(GUIDES) - make_targets() == set()


def test_every_make_target_stands_in_the_guides() -> None:
    assert make_targets() - documented_targets(GUIDES) - {"env"} == set()


@pytest.mark.parametrize("target", sorted(make_targets() - {"clean"}))
def test_every_make_target_can_be_planned(target: str) -> None:
    """Make can resolve the target and its prerequisites (nothing is run)."""
    planned = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (planned.returncode, planned.stderr) == (0, "")


def test_readme_starts_with_the_two_commands() -> None:
    opening = README.partition("##")[0]
    assert re.findall(r"^make (\w+)", opening, flags=re.MULTILINE) == ["run", "test"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    missing = [link for link in links if not (document.parent / link).exists()]
    assert missing == []


def test_the_readme_leads_to_every_document() -> None:
    names = [document.relative_to(ROOT).as_posix() for document in DOCUMENTS]
    assert [n for n in names if n != "README.md" and f"]({n})" not in README] == []


def test_paths_in_the_architecture_exist() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"`((?:[a-z_]+/)+[\w.]*)`", text))
    assert paths
    assert {path for path in paths if not (ROOT / path).exists()} == set()


def test_scripts_are_executable() -> None:
    scripts = [*(ROOT / "scripts").glob("*.sh"), ROOT / ".ci" / "run"]
    assert [path.name for path in scripts if not path.stat().st_mode & 0o100] == []
