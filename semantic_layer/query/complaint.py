"""What is wrong with the JSON of a query, in one Chinese sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

_EXPECTED = {
    "string_type": "文字",
    "int_type": "整数",
    "int_from_float": "整数",
    "float_type": "数字",
    "finite_number": "有限的数字",
    "bool_type": "true 或 false",
    "none_required": "null",
    "tuple_type": "列表",
    "dict_type": "对象",
    "dataclass_type": "对象",
    "model_attributes_type": "对象",
    "date_type": "日期(如 2026-10-31)",
    "date_parsing": "日期(如 2026-10-31)",
    "date_from_datetime_parsing": "日期(如 2026-10-31)",
    "date_from_datetime_inexact": "日期(如 2026-10-31)",
}
_UNKNOWN_KEY = ("unexpected_keyword_argument", "extra_forbidden")


def complaint(
    errors: Iterable[ErrorDetails],
    data: object,
    keys: Mapping[str | None, tuple[str, ...]],
    subject: str,
) -> str:
    """The first thing that is wrong. `keys`: by `kind`, the keys an object may have."""
    listed = sorted(errors, key=lambda error: error["type"] not in _UNKNOWN_KEY)
    path, owner = _locate(listed[0]["loc"], data)
    same_place = [error for error in listed if _locate(error["loc"], data)[0] == path]
    if listed[0]["type"] == "missing":
        return f"{_place(subject, path[:-1])}缺少“{path[-1]}”"
    if listed[0]["type"] in _UNKNOWN_KEY:
        near = _near(str(path[-1]), owner, keys)
        return f"{_place(subject, path[:-1])}没有“{path[-1]}”这一项,{near}"
    return _place(subject, path) + _fault(same_place)


def _fault(errors: list[ErrorDetails]) -> str:
    first = errors[0]
    kind, context = first["type"], first.get("ctx", {})
    if kind == "value_error":
        return f"不成立:{context['error']}"
    if kind == "union_tag_not_found":
        return "缺少 kind,它说明这是哪一种内容"
    if kind == "union_tag_invalid":
        return f"的 kind 不能是“{context['tag']}”,可用:{_listed(context['expected_tags'])}"
    return f"不能是{_shown(first['input'])},应为{_wanted(errors)}"


def _place(subject: str, path: tuple[str | int, ...]) -> str:
    return f"{subject}的 {'.'.join(map(str, path))} " if path else f"{subject}最外层"


def _locate(loc: tuple[int | str, ...], data: object) -> tuple[tuple[str | int, ...], object]:
    """The place as the writer of the JSON sees it, and the object that holds it.

    Pydantic puts names of union members between the keys; they are left out.
    """
    path: list[str | int] = []
    current, owner, tag = data, data, None
    for part in loc:
        if isinstance(current, dict):
            if part == current.get("kind") and tag is not current:
                tag = current
                continue
            path.append(part)
            current, owner = current.get(str(part)), current
        elif isinstance(current, list | tuple) and isinstance(part, int):
            path.append(part)
            current, owner = current[part], current
    return tuple(path), owner


def _near(key: str, owner: object, keys: Mapping[str | None, tuple[str, ...]]) -> str:
    kind = owner.get("kind") if isinstance(owner, dict) else None
    own = keys.get(kind) if isinstance(kind, str) else None
    known = own or keys[None]
    near = get_close_matches(key, known, n=1, cutoff=0.6)
    if near:
        return f"您是不是想写“{near[0]}”"
    return f"可用:{'、'.join(known)}" if own else "请删去"


def _wanted(errors: list[ErrorDetails]) -> str:
    wanted = []
    for error in errors:
        expected = error.get("ctx", {}).get("expected")
        phrase = _one_of(str(expected)) if expected else _EXPECTED.get(error["type"])
        if phrase and phrase not in wanted:
            wanted.append(phrase)
    return "、".join(wanted) if wanted else "格式说明里允许的内容(wenshu schema query)"


def _one_of(expected: str) -> str:
    values = _listed(expected)
    return f"{values} 之一" if "、" in values else values


def _listed(expected: str) -> str:
    return expected.replace(" or ", ", ").replace("'", "").replace(", ", "、")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "对象"
    if isinstance(value, list):
        return "列表"
    if value is None:
        return "空值"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"“{text[:40]}”"
