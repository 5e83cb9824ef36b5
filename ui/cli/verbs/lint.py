"""`wenshu lint`: definitions against the rules."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli.chinese_help import ChineseCommand
from ui.cli.failures import usage_error
from ui.cli.invocation import Invocation

if TYPE_CHECKING:
    from metrics import Finding

EXIT_FINDINGS = 5


def add(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command("lint", cls=ChineseCommand, help="按规则检查口径文件")(lint_definitions)


def lint_definitions(
    context: typer.Context,
    path: Annotated[
        str | None, typer.Argument(metavar="文件夹", help="口径文件夹(默认:项目的)")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="提醒也算不通过")] = False,
) -> None:
    """Prints every finding; errors (with --strict also warnings) end with exit code 5."""
    invocation: Invocation = context.obj
    folder = Path(path) if path else invocation.assistant.catalog
    if not folder.is_dir():
        raise usage_error(f"文件夹 {folder} 不存在")
    findings = _findings(folder)
    errors = [f for f in findings if f.level == "error"]
    if invocation.output == "json":
        print(json.dumps({"findings": list(map(_plain, findings))}, ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{'错误' if finding.level == 'error' else '提醒'} {finding}")
        print(f"{len(errors)}处错误,{len(findings) - len(errors)}处提醒", file=sys.stderr)
    raise typer.Exit(EXIT_FINDINGS if errors or (strict and findings) else 0)


def _findings(folder: Path) -> tuple[Finding, ...]:
    from metrics import load

    return load(folder).findings


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "level": finding.level,
        "file": finding.at.file if finding.at else None,
        "line": finding.at.line if finding.at else None,
        "message": finding.message,
        "fix": finding.fix,
    }
