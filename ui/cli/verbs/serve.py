"""`wenshu serve`: the chat page."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer

from ui.cli.chinese_help import ChineseCommand
from ui.cli.failures import usage_error
from ui.cli.invocation import Invocation

PAGE = Path(__file__).parents[2] / "server.py"
"""The script that Streamlit runs: the page with its health check."""
OPTIONS = (
    "--server.headless=true",
    "--server.fileWatcherType=none",
    "--browser.gatherUsageStats=false",
    "--client.toolbarMode=minimal",
    "--client.showErrorDetails=none",
    "--client.showErrorLinks=false",
    "--logger.level=warning",
)


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
    environment = {**os.environ, **page_environment(invocation)}
    if is_taken(host, port):
        raise usage_error(f"端口 {port} 已被占用,请用 --port 换一个(make run PORT=8502)")
    print(f"问数已启动:http://{host}:{port}  (按 Ctrl+C 结束)", flush=True)
    command = [sys.executable, "-m", "streamlit", "run", str(PAGE)]
    where = (f"--server.port={port}", f"--server.address={host}")
    os.execve(sys.executable, [*command, *where, *OPTIONS], environment)  # noqa: S606


def page_environment(invocation: Invocation) -> dict[str, str]:
    """Project, day and user for the page's process."""
    found = {
        "WENSHU_PROJECT": str(invocation.assistant.folder),
        "PYTHONUTF8": "1",
        # whoever connects is seen as such: a forwarded address would pass for a trusted proxy's
        "FORWARDED_ALLOW_IPS": "",
    }
    if invocation.as_of:
        found["WENSHU_PROJECT_AS_OF"] = invocation.as_of.isoformat()
    if invocation.user:
        found["WENSHU_PROJECT_DEFAULT_USER"] = invocation.user
    return found


def is_taken(host: str, port: int) -> bool:
    """Whether another program listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
