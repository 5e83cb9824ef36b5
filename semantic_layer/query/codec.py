"""JSON in, JSON out, JSON Schema: the only place where queries meet pydantic."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Annotated, Any, TypeAlias, TypeVar, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic import Field as JsonField
from pydantic_core import ErrorDetails

from semantic_layer.query.behaviour import (
    EntityQuery,
    FunnelQuery,
    IntervalQuery,
    PathQuery,
    RetentionQuery,
)
from semantic_layer.query.complaint import complaint
from semantic_layer.query.encode import plain
from semantic_layer.query.invalid import InvalidQueryError
from semantic_layer.query.json_text import read_text
from semantic_layer.query.metric_query import MetricQuery
from semantic_layer.query.patch import Patch

Query: TypeAlias = (
    MetricQuery | EntityQuery | FunnelQuery | RetentionQuery | PathQuery | IntervalQuery
)
QueryJson: TypeAlias = Annotated[Query, JsonField(discriminator="kind")]
T = TypeVar("T")


def query_from_json(data: object) -> Query:
    """The query that a JSON object or text describes; InvalidQueryError otherwise."""
    return cast(Query, _read(QueryJson, data, "查询"))


def patch_from_json(data: object) -> Patch:
    """The patch that a JSON object or text describes; InvalidQueryError otherwise."""
    return cast(Patch, _read(Patch, data, "修改"))


def value_from_json(of: type[T], data: object) -> T:
    """Any other value of the query language (Period, Set, Predicate) from JSON."""
    return cast(T, _read(of, data, "内容"))


def to_json(value: object) -> dict[str, Any]:
    """A plain JSON object without empty slots; a query reads back to an equal value."""
    return cast(dict[str, Any], plain(value))


def canonical_text(value: object) -> str:
    """One line of JSON that is equal exactly when the values are equal."""
    return json.dumps(to_json(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def query_schema() -> dict[str, Any]:
    """JSON Schema of every query."""
    return _schema(QueryJson)


def patch_schema() -> dict[str, Any]:
    """JSON Schema of a patch."""
    return _schema(Patch)


@cache
def _adapter(of: Any) -> TypeAdapter[tuple[Any]]:
    """Reads a list of one, because a bare dataclass takes no configuration."""
    strict = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    return TypeAdapter(tuple[of], config=strict)


def _read(of: Any, data: object, subject: str) -> Any:
    content = read_text(data, subject) if isinstance(data, str | bytes) else data
    try:
        text = json.dumps([content], ensure_ascii=False, default=_date_text)
        return _adapter(of).validate_json(text)[0]
    except ValidationError as error:
        errors = [
            {**detail, "loc": detail["loc"][1:]} for detail in error.errors(include_url=False)
        ]
        raise InvalidQueryError(
            complaint(cast("list[ErrorDetails]", errors), content, _keys(), subject)
        ) from error
    except (TypeError, ValueError) as error:
        if isinstance(error, InvalidQueryError):
            raise
        raise InvalidQueryError(f"{subject}里有 JSON 写不出的内容:{error}") from error
    except RecursionError as error:
        raise InvalidQueryError(f"{subject}嵌套太深,请拆开写") from error


def _date_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


@cache
def _keys() -> dict[str | None, tuple[str, ...]]:
    """By `kind`, the keys an object may have; under None the keys of all objects."""
    found: dict[str | None, tuple[str, ...]] = {}
    every: dict[str, None] = {}
    for schema in (query_schema(), patch_schema()):
        for definition in schema["$defs"].values():
            names = definition.get("properties", {})
            every |= dict.fromkeys(names)
            if "kind" in names:
                found[names["kind"]["const"]] = tuple(names)
    found[None] = tuple(every)
    return found


def _schema(of: Any) -> dict[str, Any]:
    listed = _adapter(of).json_schema()
    definitions = listed["$defs"]
    for definition in definitions.values():
        if "kind" in definition.get("properties", {}):
            definition["required"] = ["kind", *definition.get("required", ())]
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, **listed["prefixItems"][0], "$defs": definitions}
