"""Verbs that are announced but not there yet: they say so."""

from __future__ import annotations

import sys

import typer

from ui.cli.chinese_help import ChineseCommand

EXIT_REFUSED = 4


def add(app: typer.Typer) -> None:
    """Registers the verbs."""
    app.command("init", cls=ChineseCommand, help="为自己的数据新建一个项目")(init)


def init() -> None:
    """A new project."""
    _not_yet("init", "请照 docs/settings.md 写一个 wenshu.toml,照 docs/definitions.md 写口径")


def _not_yet(verb: str, instead: str) -> None:
    print(f"wenshu {verb} 暂未提供。{instead}。", file=sys.stderr)
    raise typer.Exit(EXIT_REFUSED)
