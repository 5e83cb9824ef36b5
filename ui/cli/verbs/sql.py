"""`wenshu sql`: the SQL of a question, not run."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli.chinese_help import ChineseCommand
from ui.cli.invocation import Invocation


def add(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command("sql", cls=ChineseCommand, help="只给出问题的 SQL,不执行")(sql)


def sql(
    context: typer.Context,
    question: Annotated[list[str], typer.Argument(metavar="问题", help="一句中文")],
) -> None:
    """Prints the SQL; anything but an answer is told like `ask` tells it."""
    from ui.cli.output import write_answer

    invocation: Invocation = context.obj
    answer = invocation.assistant.sql(
        " ".join(question), user=invocation.user, as_of=invocation.as_of
    )
    if answer.sql and invocation.output in ("text", "csv"):
        print(answer.sql)
    else:
        write_answer(answer, invocation.output)
    raise typer.Exit(answer.exit_code)
