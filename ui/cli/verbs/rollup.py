"""`wenshu rollup build`: sums made beforehand, so that common questions answer at once."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import typer

from ui.cli.chinese_help import ChineseCommand, ChineseGroup
from ui.cli.failures import usage_error
from ui.cli.invocation import Invocation

if TYPE_CHECKING:
    from assistant.rollups import BuiltRollups, Progress

DONE = {"kept": "没有变,沿用", "built": "已建立", "dropped": "不能汇总"}


def add(app: typer.Typer) -> None:
    """Registers the verbs."""
    rollup = typer.Typer(cls=ChineseGroup, rich_markup_mode=None, help="预先汇总")
    rollup.command("build", cls=ChineseCommand, help="建立声明过的预汇总,没有变的沿用")(build)
    app.add_typer(rollup, name="rollup")


def build(context: typer.Context) -> None:
    """Builds every declared rollup that has changed and says what could not be stored."""
    invocation: Invocation = context.obj
    if invocation.output not in ("text", "json"):
        raise usage_error(f"rollup build 只支持 text 和 json 格式,现在是“{invocation.output}”")
    built = invocation.assistant.build_rollups(_told)
    if invocation.output == "json":
        print(json.dumps(_as_json(built), ensure_ascii=False))
        return
    for name, rows in built.tables:
        print(f"{name} {rows:,}行")
    for part in built.unstored:
        print(f"没有汇总 {part.rollup} 的“{part.what}”:{part.why}。")
    print(_summary(built))


def _as_json(built: BuiltRollups) -> dict[str, object]:
    return {
        "file": str(built.file),
        "tables": [
            {"name": name, "rows": rows, "kept": name in built.kept} for name, rows in built.tables
        ],
        "unstored": [part._asdict() for part in built.unstored],
    }


def _summary(built: BuiltRollups) -> str:
    if not built.tables:
        return "没有可以建立的预汇总:请在口径文件的 rollups: 里声明"
    kept = f"(其中{len(built.kept)}张没有变,沿用)" if built.kept else ""
    return f"{len(built.tables)}张预汇总表{kept}已写入 {built.file}"


def _told(progress: Progress) -> None:
    place = f"{progress.table}({progress.at}/{progress.total})"
    if progress.done is None:
        print(f"正在汇总 {place}…", file=sys.stderr, flush=True)
    else:
        taken = f",用时{progress.seconds:.1f}秒" if progress.done == "built" else ""
        print(f"{place}{DONE[progress.done]}{taken}", file=sys.stderr, flush=True)
