"""`wenshu serve`: the chat page."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli.chinese_help import ChineseCommand
from ui.cli.failures import usage_error
from ui.cli.invocation import Invocation


def add(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command("serve", cls=ChineseCommand, help="打开网页")(serve)


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="端口")] = 8501,
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
) -> None:
    """Serves the chat page until the process is stopped."""
    if not 0 < port < 65536:
        raise usage_error(f"--port 应在 1 与 65535 之间,现在是 {port}")
    invocation: Invocation = context.obj
