"""A document checked against the shape of definition files: entries, or findings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from metrics.document import Document, Loc
from metrics.edge import DefinitionFile
from metrics.edge.parts import DATE
from metrics.finding import Findings
from metrics.nearest import did_you_mean
from semantic_layer.model import Location

_HABITS: Mapping[str, str] = {
    "on": "date", "alias": "synonyms", "aliases": "synonyms", "synonym": "synonyms",
    "table": "source", "title": "label", "desc": "description", "primary_key": "key",
    "dimensions": "fields", "columns": "fields", "type_": "type", "where": "filter",
    "numerator": "of", "denominator": "to", "relationships": "joins", "measure": "expr",
}  # fmt: skip
"""Keys that people bring from other tools; `on` is a boolean in YAML 1.1."""
_KINDS: Mapping[str, str] = {
    "string_type": "文字(纯数字要加引号)", "int_type": "整数", "float_type": "数",
    "bool_type": "true 或 false", "list_type": "列表", "dict_type": "“键: 值”的映射",
    "model_type": "“键: 值”的映射", "model_attributes_type": "“键: 值”的映射",
}  # fmt: skip


def read_entries(document: Document, findings: Findings) -> DefinitionFile | None:
    """The file's entries; None with findings when its shape is wrong."""
    try:
        return DefinitionFile.model_validate(document.data)
    except ValidationError as error:
        for loc, errors in _by_place(document, error).items():
            _explain(document, loc, errors, findings)
        return None


def _by_place(document: Document, error: ValidationError) -> dict[Loc, list[Any]]:
    """Errors by the place in the file; the branches of a union stand at one place."""
    places: dict[Loc, list[Any]] = {}
    for item in error.errors(include_url=False):
        loc = tuple(item["loc"])
        shown = document.existing(loc)
        if item["type"] == "missing":
            shown = (*document.existing(loc[:-1]), loc[-1])
        places.setdefault(shown, []).append(item)
    return places


def _explain(document: Document, loc: Loc, errors: list[Any], findings: Findings) -> None:
    first = errors[0]
    at = document.at(*loc)
    key = next((str(p) for p in reversed(loc) if isinstance(p, str)), "文件")
    owner = _owner(document, loc)
    of = f"{owner}的 " if owner else ""
    kind = str(first["type"])
    if kind == "extra_forbidden":
        hint = _key_hint(key, loc, first["input"])
        findings.add("M010", at, f"{owner}{'的' if owner else ''}键 {key} 不认识。", hint)
    elif kind == "missing":
        findings.add("M012", at, f"{owner}缺少必填的键 {key}。", f"请补上 {key}: …。")
    elif kind == "literal_error":
        hint = _option_hint(first)
        findings.add("M013", at, f"{of}{key} 不能是 {first['input']}。", hint)
    elif kind == "string_pattern_mismatch":
        findings.add(*_pattern_sentence(at, f"{of}{key}", first))
    elif kinds := _expected(errors):
        message = f"{of}{key} 的类型不对,现在{_shown(first['input'])}。"
        findings.add("M011", at, message, f"应写成 {kinds}。")
    else:
        findings.add("M013", at, f"{of}{key} 的值不合要求。", _limit_hint(first))


def _pattern_sentence(at: Location, what: str, first: Any) -> tuple[str, Location, str, str]:
    if first["ctx"]["pattern"] == DATE:
        return "M015", at, f"{what} 不是日期:{first['input']}。", "请写成 2026-09-01 的样子。"
    fix = "标识只能用英文字母、数字和下划线,不以数字开头;中文写在 label 里。"
    return "M014", at, f"{what} 不能是“{first['input']}”。", fix


def _owner(document: Document, loc: Loc) -> str:
    """指标“存款余额” — the nearest named thing around the error."""
    titles = {"metrics": "指标", "datasets": "数据集", "fields": "字段", "segments": "人群",
              "parameters": "参数", "joins": "关联", "ambiguous": "歧义词"}  # fmt: skip
    data: Any = document.data
    title = ""
    for index, part in enumerate(loc[:-1]):
        data = data[part] if _has(data, part) else None
        if isinstance(part, int) and index and loc[index - 1] in titles and data is not None:
            name = _name_of(data)
            title = f"{titles[str(loc[index - 1])]}“{name}”" if name else title
    return title


def _has(data: Any, part: int | str) -> bool:
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list) and isinstance(part, int) and part < len(data)


def _name_of(data: Any) -> str:
    if not isinstance(data, dict):
        return str(data)
    return str(next((data[k] for k in ("label", "name", "word", "to") if data.get(k)), ""))


def _key_hint(key: str, loc: Loc, value: Any) -> str:
    if value is None and not key.isascii():
        return "像是一句话里的逗号把值断开了,请给整个值加引号。"
    known = _keys_at(loc[:-1])
    habit = _HABITS.get(key)
    if habit in known:
        return f"您是不是想写 {habit}?"
    return did_you_mean(key, known)


def _option_hint(first: Any) -> str:
    allowed = str(first["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
    options = [option.strip() for option in allowed.split(",")]
    if isinstance(first["input"], str):
        return did_you_mean(first["input"], options)
    return f"可用的有:{'、'.join(options)}。"


def _expected(errors: list[Any]) -> str:
    kinds = [_KINDS[e["type"]] for e in errors if e["type"] in _KINDS]
    return "、".join(dict.fromkeys(kinds))


def _shown(value: Any) -> str:
    if value is None:
        return "是空的"
    if isinstance(value, dict | list):
        return "是映射" if isinstance(value, dict) else "是列表"
    return f"是 {json.dumps(value, ensure_ascii=False)}"


def _limit_hint(first: Any) -> str:
    ctx = first.get("ctx") or {}
    limits = {"ge": "不小于", "gt": "大于", "le": "不大于", "lt": "小于",
              "min_length": "长度至少", "max_length": "长度至多"}  # fmt: skip
    said = [f"{text} {ctx[name]}" for name, text in limits.items() if name in ctx]
    return f"应{'、'.join(said)}。" if said else "请对照定义手册修改。"


def _keys_at(loc: Loc) -> tuple[str, ...]:
    """Keys that the mapping at `loc` may have."""
    models: list[type[BaseModel]] = [DefinitionFile]
    for part in loc:
        if isinstance(part, str):
            stepped = [m for model in models for m in _models_behind(model, part)]
            models = stepped or models
    return tuple(dict.fromkeys(f.alias or n for m in models for n, f in m.model_fields.items()))


def _models_behind(model: type[BaseModel], key: str) -> Iterator[type[BaseModel]]:
    for name, field in model.model_fields.items():
        if (field.alias or name) == key:
            yield from _models_in(field.annotation)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, UnionType, list, dict, Annotated):
        for argument in get_args(annotation):
            if get_origin(argument) is not Literal:
                yield from _models_in(argument)
