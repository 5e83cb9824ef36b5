"""Filter values as they are stored: labels to codes, texts to dates and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from semantic_layer.model import Field
from semantic_layer.problem import Candidate, Problem, ProblemCode
from semantic_layer.query import And, Condition, Membership, Not, Or, Predicate, Value
from semantic_layer.resolve.names import find_dimension, nearest
from semantic_layer.resolve.refused import RefusedError, must
from semantic_layer.snapshot import Snapshot

TEXT_OPS = frozenset({"contains", "not_contains", "prefix", "suffix"})
TRUE_WORDS = frozenset({"true", "是", "1", "y", "yes"})
FALSE_WORDS = frozenset({"false", "否", "0", "n", "no"})
NUMBER_TYPES = ("DECIMAL", "NUMERIC", "DOUBLE", "FLOAT", "REAL")
UNKNOWN = "未知"
"""What a missing value is called; as a filter value it means a missing value."""


def conditions_in(predicate: Predicate | None) -> Iterator[Condition]:
    """Every condition on a dimension outside of inner sets."""
    match predicate:
        case Condition():
            yield predicate
        case And() | Or():
            for child in predicate.children:
                yield from conditions_in(child)
        case Not():
            yield from conditions_in(predicate.child)


def parts_of(where: Predicate | None) -> tuple[Predicate, ...]:
    """The conditions that all must hold."""
    if where is None:
        return ()
    return where.children if isinstance(where, And) else (where,)


def bind_predicate(predicate: Predicate, snapshot: Snapshot, at: str) -> Predicate:
    """The predicate with its values as the database stores them."""
    match predicate:
        case Condition():
            return _bind_condition(predicate, snapshot, at)
        case And() | Or():
            bound = tuple(bind_predicate(c, snapshot, at) for c in predicate.children)
            return bound[0] if len(set(bound)) == 1 else replace(predicate, children=bound)
        case Not():
            return Not(bind_predicate(predicate.child, snapshot, at))
        case Membership():
            inner = bind_predicate(predicate.set.where, snapshot, at)
            return Membership(replace(predicate.set, where=inner))
    return predicate


def _bind_condition(condition: Condition, snapshot: Snapshot, at: str) -> Condition:
    dimension = must(find_dimension(snapshot.manifest, condition.dimension, at))
    if dimension.field.sensitivity == "pii":
        raise RefusedError(
            Problem(
                "sensitive_field",
                f"“{dimension.label}”属于敏感信息,不能用来筛选。",
                at,
                condition.dimension,
            )
        )
    kind = field_kind(snapshot, dimension.home, dimension.field)
    if condition.op in TEXT_OPS or not condition.values:
        return replace(condition, values=tuple(str(v) for v in condition.values))
    stored = spellings(dimension.field)
    values = tuple(
        _bind_value(stored.get(str(v), v), kind, dimension.label, at) for v in condition.values
    )
    return replace(condition, values=values)


def spellings(field: Field) -> dict[str, Value]:
    """Label or synonym → stored value, unless it is a stored value itself."""
    own = {str(value.value) for value in field.values}
    return {
        name: value.value
        for value in field.values
        for name in (value.label, *value.synonyms)
        if name is not None and name not in own
    }


def _bind_value(value: Value, kind: str | None, label: str, at: str) -> Value:
    reader = _READERS.get(kind or "")
    if reader is None or value == UNKNOWN:
        return value
    try:
        return reader(value)
    except ValueError as error:
        what = {"number": "数字", "boolean": "是或否"}.get(kind or "", "日期")
        code: ProblemCode = "invalid_date" if what == "日期" else "invalid_query"
        message = f"“{label}”要和{what}比较,“{value}”不是{what}。"
        raise RefusedError(Problem(code, message, at, str(value))) from error


def check_member(value: str, snapshot: Snapshot, dimension: str, at: str) -> None:
    """Refuses a member that no governed value is called, with those that are called alike."""
    found = must(find_dimension(snapshot.manifest, dimension, at))
    governed = found.field.values
    known = {str(v.value) for v in governed} | {v.label for v in governed} | {UNKNOWN}
    stored = snapshot.members.get(f"{found.home}.{found.field.name}", ())
    if not governed or value in known or value in stored:
        return
    named = ((str(v.value), v.label or str(v.value), v.synonyms) for v in governed)
    near = nearest(value, named)
    others = near or tuple(Candidate(str(v.value), v.label or str(v.value)) for v in governed[:5])
    meant = "您是不是想问" if near else "可选的有"
    message = f"“{found.label}”没有“{value}”;{meant}:{'、'.join(c.label for c in others)}。"
    raise RefusedError(Problem("unknown_value", message, at, value, others))


def read_value(value: str, snapshot: Snapshot, dimension: str, at: str) -> Value:
    """A value written as text as it is stored: 是 as true, 金卡 as its code."""
    found = must(find_dimension(snapshot.manifest, dimension, at))
    labelled = next((v.value for v in found.field.values if v.label == value), None)
    if labelled is not None:
        return labelled
    kind = field_kind(snapshot, found.home, found.field)
    return _bind_value(value, kind, found.label, at)


def _number(value: Value) -> Value:
    if isinstance(value, int | float):
        return value
    text = value.replace(",", "")
    try:
        return int(text)
    except ValueError:
        return float(text)


def _boolean(value: Value) -> Value:
    word = str(value).lower()
    if word not in TRUE_WORDS | FALSE_WORDS:
        raise ValueError(word)
    return word in TRUE_WORDS


def _date(value: Value) -> Value:
    return date.fromisoformat(str(value)[:10]).isoformat()


_READERS: dict[str, Callable[[Value], Value]] = {
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "timestamp": _date,
    "string": str,
}


def field_kind(snapshot: Snapshot, dataset: str, field: Field) -> str | None:
    """string, number, date, timestamp or boolean; None when nobody knows."""
    if field.band is not None:
        return "string"
    if field.type is not None or field.expr is not None:
        return field.type
    return column_kind(snapshot, dataset, field.name)


def column_kind(snapshot: Snapshot, dataset: str, column: str) -> str | None:
    """The kind of a physical column, from the engine's schema."""
    table = snapshot.manifest.datasets[dataset].table or ""
    columns = snapshot.column_types.get(table) or {}
    name = columns.get(column, "").upper()
    if not name:
        return None
    if name == "DATE":
        return "date"
    if name.startswith(("TIMESTAMP", "DATETIME")):
        return "timestamp"
    if name == "BOOLEAN":
        return "boolean"
    if name.startswith(NUMBER_TYPES) or name.endswith(("INT", "INTEGER")):
        return "number"
    return "string" if name.startswith(("VARCHAR", "TEXT", "STRING", "CHAR")) else None
