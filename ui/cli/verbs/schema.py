"""`wenshu schema`: JSON Schemas of the contracts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

import typer

from ui.cli.chinese_help import ChineseCommand
from ui.cli.failures import usage_error


def add(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command("schema", cls=ChineseCommand, help="打印 JSON Schema")(schema)


def schema(
    of: Annotated[str, typer.Argument(metavar="对象", help="definitions、query、patch 或 answer")],
) -> None:
    """Prints the JSON Schema of one contract."""
    find = SCHEMAS.get(of)
    if find is None:
        raise usage_error(f"没有“{of}”的 Schema,可用的有:{'、'.join(SCHEMAS)}")
    print(json.dumps(find(), ensure_ascii=False, indent=2))


def _definitions() -> dict[str, Any]:
    from metrics.schema import definitions_schema

    return definitions_schema()


def _query() -> dict[str, Any]:
    from semantic_layer.query import query_schema

    return query_schema()


def _patch() -> dict[str, Any]:
    from semantic_layer.query import patch_schema

    return patch_schema()


def _answer() -> dict[str, Any]:
    from assistant.answer_schema import answer_schema

    return answer_schema()


SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "definitions": _definitions,
    "query": _query,
    "patch": _patch,
    "answer": _answer,
}
