"""The help pages in Chinese."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

import typer.core


class ChineseHelp:
    """What a command's help page says; mixed into the parser's own classes."""

    def format_help(self: Any, ctx: Any, formatter: Any) -> None:
        """Usage, what it does, verbs, arguments and options."""
        formatter.write(f"用法:{ctx.command_path} {' '.join(_usage(self, ctx))}\n")
        if self.help:
            formatter.write(f"\n{self.help}\n")
        verbs = [(n, c.help or "") for n, c in getattr(self, "commands", {}).items()]
        _section(formatter, "命令", verbs)
        shown = [p for p in self.get_params(ctx) if not getattr(p, "hidden", False)]
        arguments = [p for p in shown if p.param_type_name == "argument"]
        _section(formatter, "参数", [(_value_name(p), p.help or "") for p in arguments])
        options = [p for p in shown if p.param_type_name == "option"]
        _section(formatter, "选项", [(_names(p), _text(p)) for p in options])


class ChineseGroup(ChineseHelp, typer.core.TyperGroup):
    """A group of verbs."""


class ChineseCommand(ChineseHelp, typer.core.TyperCommand):
    """One verb."""


def _usage(command: Any, ctx: Any) -> Iterable[str]:
    if any(p.param_type_name == "option" for p in command.get_params(ctx)):
        yield "[选项]"
    if hasattr(command, "commands"):
        yield "命令 …"
    for param in command.get_params(ctx):
        if param.param_type_name == "argument":
            yield _value_name(param)


def _value_name(argument: Any) -> str:
    name = argument.metavar or argument.name
    return f"{name}" if argument.required else f"[{name}]"


def _names(option: Any) -> str:
    value = "" if option.is_flag or "--help" in option.opts else " 值"
    return ", ".join(option.opts) + value


def _text(option: Any) -> str:
    return "显示这一页" if "--help" in option.opts else option.help or ""


def _section(formatter: Any, title: str, rows: list[tuple[str, str]]) -> None:
    if not rows:
        return
    width = max(display_width(name) for name, _ in rows) + 2
    formatter.write(f"\n{title}:\n")
    for name, text in rows:
        formatter.write(f"  {name}{' ' * (width - display_width(name))}{text}\n")


def display_width(text: str) -> int:
    """Columns that the text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
