"""`wenshu doctor`: what works, what is missing, how to mend it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

import typer

from ui.cli.chinese_help import ChineseCommand
from ui.cli.invocation import Invocation


def add(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command("doctor", cls=ChineseCommand, help="体检:哪些正常、哪些缺失、怎么修")(doctor)


def doctor(context: typer.Context) -> None:
    """Prints one line per check; anything broken ends with exit code 1."""
    from assistant.checkup import checkup

    invocation: Invocation = context.obj
    checks = list(checkup(invocation.assistant, os.environ))
    if invocation.output == "json":
        found = {"ok": all(c.ok for c in checks), "checks": [asdict(c) for c in checks]}
        print(json.dumps(found, ensure_ascii=False))
    else:
        for check in checks:
            print(f"{'正常' if check.ok else '异常'}  {check.name}:{check.told}")
    raise typer.Exit(0 if all(c.ok for c in checks) else 1)
