"""Errors on the command line: one Chinese sentence, the right exit code, no traceback."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

import typer

from ui.cli.hoist import FLAGS, WITH_VALUE, wished_format

UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""The parser's own base class of everything wrong with a command line."""
ANSWERING = ("ask", "chat", "query", "sql")
"""Verbs whose json output is an answer object, errors included."""
_QUOTED = re.compile(r"'([^']*)'")
LOOK_UP = "用 wenshu --help 查看用法。"


def usage_error(sentence: str) -> Exception:
    """A wrong command line that we found ourselves."""
    return UsageError(sentence)


def exit_with_failure(error: Exception, arguments: Sequence[str]) -> NoReturn:
    """Tells what went wrong and ends the process."""
    from assistant.finish import failure_answer

    if "--debug" in arguments:
        traceback.print_exception(error)
    if isinstance(error, UsageError):
        failed = failure_answer("usage", usage_sentence(error))
    else:
        failed = failure_answer(error)
    if wished_format(arguments) == "json" and set(ANSWERING) & set(arguments):
        print(failed.to_json(), flush=True)
    else:
        print(failed.message, file=sys.stderr)
    sys.exit(failed.exit_code)


def usage_sentence(error: Any) -> str:
    """The parser's complaint in Chinese, with the way to the help."""
    wording = _WORDINGS.get(type(error).__name__)
    sentence = (wording(error) if wording else str(error.message)).rstrip("。")
    return f"{sentence}{'' if sentence.endswith('?') else '。'}{LOOK_UP}"


def _no_such_option(error: Any) -> str:
    command = error.ctx.command if error.ctx else None
    known = {o for p in getattr(command, "params", ()) for o in p.opts if o.startswith("--")}
    near = get_close_matches(error.option_name, sorted({*known, *WITH_VALUE, *FLAGS}), n=1)
    return f"没有选项 {error.option_name}{_did_you_mean(near)}"


def _no_such_command(error: Any) -> str:
    quoted = _QUOTED.search(str(error.message))
    name = quoted[1] if quoted else ""
    known = list(getattr(error.ctx.command, "commands", {})) if error.ctx else []
    near = get_close_matches(name.lower(), known, n=1)
    return f"没有命令“{name}”{_did_you_mean(near) if near else ',可用的有:' + '、'.join(known)}"


def _missing(error: Any) -> str:
    return f"缺少{error.param.metavar or error.param.name}" if error.param else "缺少参数"


def _bad_value(error: Any) -> str:
    if error.param is None:
        return str(error.message)
    wanted = next((word for kind, word in _KINDS.items() if kind in str(error.message)), "")
    return f"{error.param.opts[0]} 的取值不对{wanted}"


def _plain_usage(error: Any) -> str:
    text = str(error.message)
    if text.startswith("No such command"):
        return _no_such_command(error)
    if text.startswith("Missing command"):
        return f"后面还要写子命令:{'、'.join(error.ctx.command.commands)}"
    if text.startswith("Got unexpected extra argument"):
        return f"多出了参数 {text.partition(' (')[2].rstrip(')')}。带空格的内容请加引号"
    return text if not text.isascii() else "命令写得不对"


def _bad_option(error: Any) -> str:
    return f"选项 {error.option_name} 后面要写取值"


def _did_you_mean(names: Sequence[str]) -> str:
    return f",您是不是想写 {'、'.join(sorted(names))}?" if names else ""


_KINDS = {"integer": ",应是整数", "number": ",应是数字"}
_WORDINGS: Mapping[str, Callable[[Any], str]] = {
    "NoSuchOption": _no_such_option,
    "NoSuchCommand": _no_such_command,
    "MissingParameter": _missing,
    "BadParameter": _bad_value,
    "BadOptionUsage": _bad_option,
    "NoArgsIsHelpError": lambda _: "后面还要写子命令",
    "UsageError": _plain_usage,
}
