"""`wenshu eval`: accuracy suites."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli.chinese_help import ChineseCommand
from ui.cli.invocation import Invocation
from ui.cli.verbs.ask import check_planner


def add(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command("eval", cls=ChineseCommand, help="跑准确率评测,给出报告和退步")(evaluate)


def evaluate(
    context: typer.Context,
    suites: Annotated[
        list[str] | None, typer.Argument(metavar="套件", help="评测套件名(默认:全部)")
    ] = None,
    planner: Annotated[str, typer.Option(help="读问题的方式:auto、grammar 或 llm")] = "auto",
    baseline: Annotated[str | None, typer.Option(help="与哪个基线文件比较退步")] = None,
    repeat: Annotated[
        int, typer.Option(min=1, max=100, help="与 --planner llm 同用:重复几次(建议不少于 5)")
    ] = 1,
) -> None:
    """Runs suites; regressions end with exit code 5."""
    check_planner(planner)
    invocation: Invocation = context.obj
    from evals.command import run

    raise typer.Exit(
        run(
            invocation.assistant,
            suites=tuple(suites or ()),
            planner=planner,
            baseline=baseline,
            output=invocation.output,
            repeat=repeat,
        )
    )
