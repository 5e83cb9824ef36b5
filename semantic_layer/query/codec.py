"""JSON in, JSON out, JSON Schema: the only place where queries meet pydantic."""

from __future__ import annotations

import json
from functools import cache
from typing import Annotated, Any, TypeAlias, TypeVar, Union, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic import Field as JsonField

from semantic_layer.query.behaviour import (
    EntityQuery,
    FunnelQuery,
    IntervalQuery,
    PathQuery,
    RetentionQuery,
)
from semantic_layer.query.invalid import InvalidQueryError
from semantic_layer.query.metric_query import MetricQuery
from semantic_layer.query.patch import Patch

Query: TypeAlias = Union[
    MetricQuery, EntityQuery, FunnelQuery, RetentionQuery, PathQuery, IntervalQuery
]
QueryJson: TypeAlias = Annotated[Query, JsonField(discriminator="kind")]
T = TypeVar("T")


@cache
def _adapter(of: Any) -> TypeAdapter[Any]:
    return TypeAdapter(of, config=ConfigDict(extra="forbid"))


def query_from_json(data: object) -> Query:
    """The query that a JSON object or text describes; InvalidQueryError otherwise."""
    return cast(Query, _read(QueryJson, data))


def patch_from_json(data: object) -> Patch:
    """The patch that a JSON object or text describes; InvalidQueryError otherwise."""
    return cast(Patch, _read(Union[Patch, tuple[()]], data))


def value_from_json(of: type[T], data: object) -> T:
    """Any other value of the query language (Period, Set, Predicate) from JSON."""
    return cast(T, _read(Union[of, tuple[()]], data))


def to_json(value: object) -> dict[str, Any]:
    """A plain JSON object without empty slots; reads back to an equal value."""
    dumped = _adapter(Union[type(value), tuple[()]]).dump_python(value, mode="json")
    return cast(dict[str, Any], _without_empty(dumped))


def canonical_text(value: object) -> str:
    """One line of JSON that is equal exactly when the values are equal."""
    return json.dumps(to_json(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def query_schema() -> dict[str, Any]:
    """JSON Schema of every query."""
    return _adapter(QueryJson).json_schema()


def patch_schema() -> dict[str, Any]:
    """JSON Schema of a patch."""
    return _adapter(Union[Patch, None]).json_schema()["anyOf"][0] | {
        "$defs": _adapter(Union[Patch, None]).json_schema().get("$defs", {})
    }


def _read(of: Any, data: object) -> object:
    try:
        if isinstance(data, str | bytes):
            return _adapter(of).validate_json(data)
        return _adapter(of).validate_json(json.dumps(data, ensure_ascii=False))
    except ValidationError as error:
        raise InvalidQueryError(_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "最外层"
    if first["type"] == "value_error":
        return f"查询 {where}:{first['ctx']['error']}"
    return f"查询 {where} 写得不对({first['msg']})。用 wenshu schema query 看完整格式"


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {k: _without_empty(v) for k, v in value.items() if v is not None}
        return {k: v for k, v in kept.items() if v not in ([], {})}
    if isinstance(value, list):
        return [_without_empty(v) for v in value]
    return value
