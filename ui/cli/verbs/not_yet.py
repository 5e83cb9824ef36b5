"""Verbs that are announced but not there yet: they say so."""

from __future__ import annotations

import sys

import typer

from ui.cli.chinese_help import ChineseCommand, ChineseGroup

EXIT_REFUSED = 4


def add(app: typer.Typer) -> None:
    """Registers the verbs."""
    rollup = typer.Typer(cls=ChineseGroup, rich_markup_mode=None, help="预先汇总")
    rollup.command("build", cls=ChineseCommand, help="建立声明过的预汇总")(rollup_build)
    app.add_typer(rollup, name="rollup")
    app.command("init", cls=ChineseCommand, help="为自己的数据新建一个项目")(init)


def rollup_build() -> None:
    """Builds declared rollups."""
    _not_yet("rollup build", "所有问题目前直接查明细表,结果不受影响")


def init() -> None:
    """A new project."""
    _not_yet("init", "请照 docs/settings.md 写一个 wenshu.toml,照 docs/definitions.md 写口径")


def _not_yet(verb: str, instead: str) -> None:
    print(f"wenshu {verb} 暂未提供。{instead}。", file=sys.stderr)
    raise typer.Exit(EXIT_REFUSED)
