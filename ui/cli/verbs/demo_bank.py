"""`wenshu demo build`: the demonstration bank."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from ui.cli.chinese_help import ChineseCommand, ChineseGroup
from ui.cli.failures import usage_error
from ui.cli.invocation import Invocation

SIZES = ("small", "standard", "large")
Progress = Callable[[str, int, int], None]


def add(app: typer.Typer) -> None:
    """Registers the group with its verb."""
    group = typer.Typer(cls=ChineseGroup, rich_markup_mode=None, help="示例银行(虚拟数据)")
    group.callback()(_demo)
    group.command("build", cls=ChineseCommand, help="生成示例银行")(build_bank)
    app.add_typer(group, name="demo")


def _demo() -> None:
    """示例银行."""


def build_bank(
    context: typer.Context,
    size: Annotated[str, typer.Option(help="规模:small、standard 或 large")] = "standard",
    seed: Annotated[int, typer.Option(help="随机种子;种子、规模、日期相同则数据相同")] = 42,
    output: Annotated[str | None, typer.Option(help="写到哪个文件(默认:演示项目的数据库)")] = None,
    if_missing: Annotated[bool, typer.Option("--if-missing", help="已有就不再生成")] = False,
) -> None:
    """Builds the bank; the row hash is the same for the same seed, size and date."""
    if size not in SIZES:
        raise usage_error(f"--size 只能是 {'、'.join(SIZES)},现在是“{size}”")
    invocation: Invocation = context.obj
    bank = Path(output) if output else _default_output()
    if if_missing and bank.exists():
        return
    report = _built(bank, size, seed, invocation)
    if invocation.output == "json":
        print(json.dumps(_plain(report), ensure_ascii=False))
        return
    rows = sum(report.rows.values())
    print(
        f"示例银行已生成:{report.path}({rows:,}行,{report.seconds:.1f}秒,"
        f"数据指纹 {report.row_hash})"
    )


def _default_output() -> Path:
    from assistant import Assistant

    return Assistant.demo().database


def _built(bank: Path, size: str, seed: int, invocation: Invocation) -> Any:
    import demo

    try:
        with _progress_bar() as tell:
            return demo.build(bank, size, seed, invocation.as_of or demo.AS_OF, tell)
    except demo.ImpossibleWishError as error:
        raise usage_error(str(error)) from error
    except demo.BuildError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error


@contextmanager
def _progress_bar() -> Iterator[Progress]:
    """Appears with the first step, so that a refused wish shows none."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True))
    task = bar.add_task("生成示例银行", total=None)

    def tell(step: str, done: int, total: int) -> None:
        bar.start()
        bar.update(task, description=step, completed=done, total=total)

    try:
        yield tell
    finally:
        if bar.live.is_started:
            bar.stop()


def _plain(report: Any) -> dict[str, Any]:
    return {
        "path": str(report.path),
        "size": report.size,
        "seed": report.seed,
        "as_of": report.as_of.isoformat(),
        "row_hash": report.row_hash,
        "rows": report.rows,
        "seconds": round(report.seconds, 2),
    }
