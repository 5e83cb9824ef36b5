"""`wenshu ask`: one question, one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from ui.cli.chinese_help import ChineseCommand
from ui.cli.failures import usage_error
from ui.cli.invocation import Invocation

if TYPE_CHECKING:
    from assistant.project import PlannerWish

PLANNERS = ("auto", "grammar", "llm")


def add(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command("ask", cls=ChineseCommand, help="问一个问题,得到一个答案")(ask)


def ask(
    context: typer.Context,
    question: Annotated[
        list[str] | None,
        typer.Argument(metavar="问题", help="一句中文,如 上个月各分行新增客户数是多少"),
    ] = None,
    session: Annotated[
        str | None, typer.Option(help="会话名:同名的会话可以接着问,跨进程也行")
    ] = None,
    choose: Annotated[int | None, typer.Option(help="反问时直接选第几项")] = None,
    planner: Annotated[str, typer.Option(help="读问题的方式:auto、grammar 或 llm")] = "auto",
) -> None:
    """One question, one answer."""
    from ui.cli.output import write_answer

    check_planner(planner)
    if question is None and choose is None:
        raise usage_error("缺少问题")
    if question is None and session is None:
        raise usage_error("只选序号时要用 --session 说明是哪个会话")
    invocation: Invocation = context.obj
    answer = invocation.assistant.ask(
        " ".join(question or ()),
        user=invocation.user,
        as_of=invocation.as_of,
        session=session,
        choose=choose,
        planner=cast("PlannerWish", planner),
    )
    write_answer(answer, invocation.output)
    raise typer.Exit(answer.exit_code)


def check_planner(planner: str) -> None:
    """One of the three ways to read a question."""
    if planner not in PLANNERS:
        raise usage_error(f"--planner 只能是 {'、'.join(PLANNERS)},现在是“{planner}”")
