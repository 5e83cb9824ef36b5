"""What is wrong in `wenshu.toml`, as one Chinese sentence with the way out."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

_TYPE_WORDS = {
    "string_type": '文字(加引号,如 "bank.duckdb")',
    "int_type": "整数(不加引号,如 30)",
    "float_type": "数字(不加引号,如 30)",
    "bool_type": "true 或 false(不加引号)",
    "list_type": '列表(如 ["analyst"])',
    "dict_type": "一节设置(如 [project] 下面逐行写 键 = 值)",
    "model_type": "一节设置(如 [project] 下面逐行写 键 = 值)",
    "model_attributes_type": "一节设置(如 [project] 下面逐行写 键 = 值)",
}
_UNION_MEMBERS = ("str", "list[str]")
"""Pydantic names the tried member of a union in the path."""


def settings_sentence(
    error: ValidationError,
    file: Path,
    overrides: Mapping[str, Mapping[str, Any]],
    settings: type[BaseModel],
) -> str:
    """File (or variable), key, what is wrong and what to write instead."""
    first = error.errors(include_url=False)[0]
    path = [str(part) for part in first["loc"] if part not in _UNION_MEMBERS]
    if first["type"] == "extra_forbidden":
        return _unknown_key(path, file, settings)
    return f"{_where(path, file, overrides)}{_wrong(first)}。请改正后再试"


def _where(path: list[str], file: Path, overrides: Mapping[str, Mapping[str, Any]]) -> str:
    if len(path) > 1 and path[1] in overrides.get(path[0], {}):
        return f"环境变量 WENSHU_{path[0].upper()}_{path[1].upper()} "
    return f"{file} 里的 {_dotted(path)} "


def _dotted(path: list[str]) -> str:
    shown = [f"第 {int(part) + 1} 个" if part.isdigit() else part for part in path]
    return " ".join(("[[users]]", *shown[1:])) if path[0] == "users" else ".".join(path)


def _wrong(first: Any) -> str:
    kind, context = first["type"], first.get("ctx", {})
    if kind in _TYPE_WORDS:
        return f"应是{_TYPE_WORDS[kind]},现在是 {first['input']!r}"
    if kind == "literal_error":
        return f"只能是 {context['expected'].replace(' or ', ' 或 ')},现在是 {first['input']!r}"
    if kind in ("greater_than", "greater_than_equal"):
        bound = context.get("gt", context.get("ge"))
        return f"应{'大于' if 'gt' in context else '不小于'} {bound},现在是 {first['input']!r}"
    if kind == "missing":
        return "必须写,现在没有"
    if kind == "value_error" and first["loc"][0] == "server":
        return f"应是地址或网段(如 127.0.0.1、10.0.0.0/8),现在是 {first['input']!r}"
    if kind == "value_error":
        return f"应是日期(如 2026-11-20),现在是 {first['input']!r}"
    return f"的值 {first['input']!r} 类型不对,应是数字或文字"


def _unknown_key(path: list[str], file: Path, settings: type[BaseModel]) -> str:
    known = _known_keys(path[:-1], settings)
    close = get_close_matches(path[-1], known, n=1, cutoff=0.6)
    what = "节" if len(path) == 1 else "键"
    hint = f"您是不是想写 {close[0]}?" if close else f"可用的有:{'、'.join(known)}。"
    return f"{file} 里有不认识的{what} {_dotted(path)}。{hint}请改名或删掉"


def _known_keys(section: list[str], settings: type[BaseModel]) -> list[str]:
    if not section:
        return list(settings.model_fields)
    annotation: Any = settings.model_fields[section[0]].annotation
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        annotation = annotation.__args__[0]
    return list(annotation.model_fields)
