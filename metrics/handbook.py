"""The reference part of docs/definitions.md, made from the shape of definition files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from metrics.codes import CODES
from metrics.edge import DefinitionFile

_WORDS = {str: "文字", int: "整数", float: "数", bool: "是否"}


def key_reference() -> str:
    """Every key of every entry as Markdown tables: type, default, example, meaning."""
    parts = [_table(model) for model in entry_models()]
    return "\n".join(parts)


def code_reference() -> str:
    """Every finding code as a Markdown table."""
    rows = [f"| {code} | {_level(said.level)} | {said.meaning} |" for code, said in CODES.items()]
    return "\n".join(["| 代码 | 级别 | 含义 |", "|---|---|---|", *rows, ""])


def entry_models() -> tuple[type[BaseModel], ...]:
    """The models of a definition file, each once, outermost first."""
    found: dict[type[BaseModel], None] = {}
    _collect(DefinitionFile, found)
    return tuple(found)


def _collect(model: type[BaseModel], found: dict[type[BaseModel], None]) -> None:
    if model in found:
        return
    found[model] = None
    for field in model.model_fields.values():
        for inner in _models_in(field.annotation):
            _collect(inner, found)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _table(model: type[BaseModel]) -> str:
    fields = sorted(model.model_fields.items(), key=lambda item: not item[1].is_required())
    rows = [
        f"| `{field.alias or name}` | {_cell(_type(field.annotation))} | {_default(field)} "
        f"| {_example(field)} | {field.description or ''} |"
        for name, field in fields
    ]
    head = f"### {_title(model)}\n\n{(model.__doc__ or '').strip()}\n"
    return "\n".join([head, "| 键 | 类型 | 默认 | 例 | 说明 |", "|---|---|---|---|---|", *rows, ""])


def _title(model: type[BaseModel]) -> str:
    return model.__name__.removesuffix("Entry")


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(arguments[0])
    if origin is Literal:
        return " · ".join(str(a) for a in arguments)
    if origin in (Union, UnionType):
        return " 或 ".join(dict.fromkeys(_type(a) for a in arguments if a is not NoneType))
    if origin is list:
        return f"列表({_type(arguments[0])})"
    if origin is dict:
        return f"映射({_type(arguments[0])}: {_type(arguments[1])})"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{_title(annotation)}](#{_title(annotation).lower()})"
    return _WORDS.get(annotation, str(annotation))


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "必填"
    if field.default is None:
        return "不写"
    return f"`{_json(field.default)}`"


def _example(field: FieldInfo) -> str:
    return f"`{_cell(_json(field.examples[0]))}`" if field.examples else ""


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _level(level: str) -> str:
    return "错误" if level == "error" else "提醒"
