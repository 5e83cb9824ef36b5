"""The README's command table is the command line: every verb, every option, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from assistant.outcomes import exit_code
from ui.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


def verbs_under(command: Any, before: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every verb that can be called, with its own options."""
    for name, found in command.commands.items():
        path = f"{before} {name}".strip()
        if hasattr(found, "commands"):
            yield from verbs_under(found, path)
        else:
            yield path, {o for p in found.params for o in p.opts if o.startswith("--")}


ROOT_COMMAND: Any = typer.main.get_command(app)
VERBS = dict(verbs_under(ROOT_COMMAND))
GLOBAL_OPTIONS = {option for parameter in ROOT_COMMAND.params for option in parameter.opts}


def table_rows() -> dict[str, str]:
    """Verb → its row in the README."""
    rows = re.findall(r"^\| `wenshu ([a-z]+(?: [a-z]+)?)[^`]*` \|.*$", README, flags=re.MULTILINE)
    lines = re.findall(r"^\| `wenshu .*$", README, flags=re.MULTILINE)
    return dict(zip(rows, lines, strict=True))


def commands_in(text: str) -> list[str]:
    """What follows `wenshu` wherever a guide shows a command to type."""
    shown = re.findall(r"`(?:\.venv/bin/)?wenshu ([^`]+)`", text)
    typed = re.findall(r"^(?:\$ )?(?:\.venv/bin/)?wenshu (.+)$", text, flags=re.MULTILINE)
    return [*shown, *typed]


def test_every_verb_has_a_row_and_every_row_a_verb() -> None:
    assert set(table_rows()) == set(VERBS)


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_a_row_names_the_options_of_its_verb(verb: str) -> None:
    assert set(OPTION.findall(table_rows()[verb])) == VERBS[verb] - {"--help"}


def test_global_options_are_listed_once_for_all_verbs() -> None:
    [sentence] = re.findall(r"^每个命令都接受.*$", README, flags=re.MULTILINE)
    assert set(OPTION.findall(sentence)) == GLOBAL_OPTIONS - {"--version", "--help"}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_commands_shown_in_a_guide_exist(guide: Path) -> None:
    for command in commands_in(guide.read_text(encoding="utf-8")):
        words = [word for word in command.split() if not word.startswith("-")]
        verb = next((v for v in VERBS if words[: len(v.split())] == v.split()), None)
        assert verb or words[0] in ROOT_COMMAND.commands, command
        known = GLOBAL_OPTIONS | {"--help"} | (VERBS[verb] if verb else set())
        assert set(OPTION.findall(command)) <= known, command


def test_exit_codes_of_the_readme_are_those_of_the_program() -> None:
    [sentence] = re.findall(r"^退出码:.*$", README, flags=re.MULTILINE)
    told = {meaning: int(code) for code, meaning in re.findall(r"(\d) ([^,(。]+)", sentence)}
    assert told == {
        "已回答": exit_code("answered"),
        "需要澄清": exit_code("ambiguous_metric"),
        "不能回答": exit_code("unsupported"),
        "检查有发现": 5,
        "用法有误": exit_code("usage"),
        "出错": exit_code("internal"),
    }
