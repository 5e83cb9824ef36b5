"""The command line: options, verbs, and one way out for every error."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version as installed_version
from typing import Annotated, cast

import typer

from ui.cli.chinese_help import ChineseGroup
from ui.cli.failures import exit_with_failure, usage_error
from ui.cli.hoist import hoisted
from ui.cli.invocation import FORMATS, Invocation, OutputFormat
from ui.cli.verbs import ALL

app = typer.Typer(
    name="wenshu",
    cls=ChineseGroup,
    add_completion=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="问数:用中文提问,得到口径可查、数字可信的经营分析",
)
for add in ALL:
    add(app)


@app.callback()
def global_options(
    context: typer.Context,
    project: Annotated[
        str | None, typer.Option(help="项目文件夹(默认:当前文件夹,否则自带的演示项目)")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="“今天”是哪天,如 2026-11-20")] = None,
    user: Annotated[str | None, typer.Option(help="以哪个用户的权限提问")] = None,
    format: Annotated[str, typer.Option(help="输出格式:text、json、csv 或 sql")] = "text",  # noqa: A002
    debug: Annotated[bool, typer.Option("--debug", help="出错时显示调用栈")] = False,
    version: Annotated[bool, typer.Option("--version", help="显示版本", is_eager=True)] = False,
) -> None:
    """Options that every verb understands, before or after it."""
    if version:
        print(f"wenshu {installed_version('wenshu')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit
    if format not in FORMATS:
        raise usage_error(f"--format 只能是 {'、'.join(FORMATS)},现在是“{format}”")
    context.obj = Invocation(project, _day(as_of), user, cast("OutputFormat", format), debug)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and ends the process with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _speak_utf8()
    if "--debug" not in given:
        logging.getLogger("assistant").addHandler(logging.NullHandler())
    try:
        code = app(hoisted(given), prog_name="wenshu", standalone_mode=False)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 — the process ends here, with a sentence
        exit_with_failure(error, given)
    sys.exit(code if isinstance(code, int) else 0)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise usage_error(f"--as-of 应是日期,如 2026-11-20,现在是“{text}”") from error


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
