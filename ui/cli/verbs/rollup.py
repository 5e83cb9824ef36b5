"""`wenshu rollup build`: sums made beforehand, so that common questions answer at once."""

from __future__ import annotations

import json
import sys

import typer

from ui.cli.chinese_help import ChineseCommand, ChineseGroup
from ui.cli.invocation import Invocation


def add(app: typer.Typer) -> None:
    """Registers the verbs."""
    rollup = typer.Typer(cls=ChineseGroup, rich_markup_mode=None, help="预先汇总")
    rollup.command("build", cls=ChineseCommand, help="建立声明过的预汇总")(build)
    app.add_typer(rollup, name="rollup")


def build(context: typer.Context) -> None:
    """Builds every declared rollup and says what could not be stored."""
    invocation: Invocation = context.obj
    built = invocation.assistant.build_rollups(_told)
    if invocation.output == "json":
        found = {
            "file": str(built.file),
            "tables": [{"name": name, "rows": rows} for name, rows in built.tables],
            "unstored": [part._asdict() for part in built.unstored],
        }
        print(json.dumps(found, ensure_ascii=False))
        return
    for name, rows in built.tables:
        print(f"{name} {rows:,}行")
    for part in built.unstored:
        print(f"没有汇总 {part.rollup} 的“{part.what}”:{part.why}。")
    print(f"{len(built.tables)}张预汇总表已写入 {built.file}" if built.tables else "没有声明预汇总")


def _told(name: str, at: int, total: int) -> None:
    print(f"正在汇总 {name}({at}/{total})", file=sys.stderr)
