"""`wenshu query`: a query or patch given as JSON, or a query as canonical text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ui.cli.chinese_help import ChineseCommand
from ui.cli.failures import usage_error
from ui.cli.invocation import Invocation


def add(app: typer.Typer) -> None:
    """Registers the verb."""
    told = "执行 JSON 写成的查询(Query)或修改(Patch),或一行规范文本"
    app.command("query", cls=ChineseCommand, help=told)(query)


def query(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="文件", help="JSON 或规范文本,- 表示标准输入")],
    session: Annotated[str | None, typer.Option(help="会话名:Patch 修改它的上一个查询")] = None,
) -> None:
    """Runs a query without any language."""
    from ui.cli.output import write_answer

    invocation: Invocation = context.obj
    answer = invocation.assistant.run(
        _content(file), user=invocation.user, session=session, as_of=invocation.as_of
    )
    write_answer(answer, invocation.output)
    raise typer.Exit(answer.exit_code)


def _content(file: str) -> str:
    try:
        if file == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig")
        return Path(file).read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise usage_error(f"找不到文件 {file}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise usage_error(f"文件 {file} 读不出来,请确认是 UTF-8 的文本文件") from error
