"""`wenshu chat`: questions line by line from standard input."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, cast

import typer

from ui.cli.chinese_help import ChineseCommand
from ui.cli.invocation import Invocation
from ui.cli.verbs.ask import check_planner

if TYPE_CHECKING:
    from assistant.project import PlannerWish

GOODBYE = ("退出", "exit", "quit")
PROMPT = "问> "


def add(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command("chat", cls=ChineseCommand, help="一行一个问题,连续对话;输入 退出 结束")(chat)


def chat(
    context: typer.Context,
    session: Annotated[str | None, typer.Option(help="会话名(默认:新开一个会话)")] = None,
    planner: Annotated[str, typer.Option(help="读问题的方式:auto、grammar 或 llm")] = "auto",
) -> None:
    """Questions line by line; only the end of input or 退出 ends it."""
    from ui.cli.output import write_answer

    check_planner(planner)
    invocation: Invocation = context.obj
    assistant = invocation.assistant
    name = session or f"chat-{uuid.uuid4().hex[:8]}"
    for line in _lines():
        answer = assistant.ask(
            line,
            user=invocation.user,
            as_of=invocation.as_of,
            session=name,
            planner=cast("PlannerWish", planner),
        )
        write_answer(answer, invocation.output)
        if invocation.output == "text":
            print(flush=True)


def _lines() -> Iterator[str]:
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    while True:
        _prompt()
        line = sys.stdin.readline()
        text = line.strip().lstrip("\ufeff")
        if not line or text in GOODBYE:
            return
        yield text


def _prompt() -> None:
    if sys.stdin.isatty():
        print(PROMPT, end="", file=sys.stderr, flush=True)
