"""`wenshu validate --live`: definitions against the data."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli.chinese_help import ChineseCommand
from ui.cli.failures import usage_error
from ui.cli.invocation import Invocation

if TYPE_CHECKING:
    from metrics.live import LiveFinding, LiveReport

EXIT_FINDINGS = 5


def add(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command("validate", cls=ChineseCommand, help="用数据核对口径")(validate)


def validate(
    context: typer.Context,
    live: Annotated[
        bool, typer.Option("--live", help="核对数据:主键、关联、取值、日期、日月表、外部数字")
    ] = False,
    seconds: Annotated[float | None, typer.Option(help="最多查几秒(默认看 wenshu.toml)")] = None,
) -> None:
    """Prints every finding; any that is not accepted ends with exit code 5."""
    if not live:
        raise usage_error("请写 wenshu validate --live;只检查口径文件用 wenshu lint")
    invocation: Invocation = context.obj
    report = invocation.assistant.validate(invocation.as_of, seconds)
    if invocation.output == "json":
        print(json.dumps(_plain(report), ensure_ascii=False, default=str))
    else:
        for line in _lines(report):
            print(line)
        print(_summary(report), file=sys.stderr)
    raise typer.Exit(EXIT_FINDINGS if report.counting else 0)


def _lines(report: LiveReport) -> list[str]:
    from metrics.live import CODES, LEVEL_NAMES

    lines = []
    for finding in report.findings:
        level = "已知" if finding.accepted else LEVEL_NAMES[finding.level]
        then = f"(已接受:{finding.accepted})" if finding.accepted else CODES[finding.code].fix
        lines.append(f"{level} {finding.code} {finding.subject} {finding.message}。{then}")
    lines += [f"未查 {name}(时间不够,可用 --seconds 放宽)" for name in report.skipped]
    lines += [f"过时 {a.code} {a.subject} 登记为已知,但这次没有发现" for a in report.outdated]
    return lines


def _summary(report: LiveReport) -> str:
    counts = dict.fromkeys(("error", "warning", "note"), 0)
    for finding in report.findings:
        if finding.accepted is None:
            counts[finding.level] += 1
    accepted = sum(1 for f in report.findings if f.accepted is not None)
    return (
        f"查了{report.checks}项,用时{report.seconds:.1f}秒:{counts['error']}处错误,"
        f"{counts['warning']}处提醒,{counts['note']}处说明,{accepted}处已知"
    )


def _plain(report: LiveReport) -> dict[str, Any]:
    return {
        "ok": not report.counting,
        "checks": report.checks,
        "skipped": list(report.skipped),
        "seconds": round(report.seconds, 3),
        "findings": [_finding(f) for f in report.findings],
        "outdated": [a._asdict() for a in report.outdated],
    }


def _finding(finding: LiveFinding) -> dict[str, Any]:
    from metrics.live import CODES

    return {
        "code": finding.code,
        "level": finding.level,
        "title": CODES[finding.code].title,
        "subject": finding.subject,
        "message": finding.message,
        "fix": CODES[finding.code].fix,
        "count": finding.count,
        "share": finding.share,
        "examples": list(finding.examples),
        "accepted": finding.accepted,
    }
