"""Scalars of a definition file: only what reads the same to a person and to YAML."""

from __future__ import annotations

import re

_PLAIN_INT = re.compile(r"[-+]?(0|[1-9][0-9_]*)$")
_PLAIN_FLOAT = re.compile(r"[-+]?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?$")


class ScalarError(ValueError):
    """A scalar that YAML reads differently than its writer meant."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fix = fix


def read_scalar(tag: str, text: str) -> bool | int | float | str | None:
    """The value of a resolved YAML scalar; ScalarError when the reading is a trap.

    >>> read_scalar("tag:yaml.org,2002:int", "1_000")
    1000
    """
    kind = tag.removeprefix("tag:yaml.org,2002:")
    if kind in ("str", "timestamp", "value"):
        return text
    if kind == "null":
        return None
    if kind == "bool":
        return _boolean(text)
    if kind in ("int", "float"):
        return _number(text)
    if kind == "merge":
        raise ScalarError("M008", "不支持合并键 <<。", "请直接写出内容。")
    raise ScalarError("M008", f"不支持标签 {tag}。", "请去掉标签;值以 ! 开头时请加引号。")


def _boolean(text: str) -> bool:
    if text in ("true", "false"):
        return text == "true"
    raise ScalarError(
        "M007",
        f"{text} 会被 YAML 当成布尔值。",
        f'是文字就写成 "{text}",是布尔值就写 true 或 false。',
    )


def _number(text: str) -> int | float:
    if _PLAIN_INT.match(text):
        return int(text.replace("_", ""))
    if _PLAIN_FLOAT.match(text) and not (text.isdigit() and text.startswith("0")):
        return float(text.replace("_", ""))
    raise ScalarError(
        "M007",
        f"{text} 会被 YAML 当成另一个数。",
        f'是编号或时间就加引号写成 "{text}",是数就用普通十进制。',
    )
