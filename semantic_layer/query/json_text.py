"""JSON text read strictly: one meaning per key, no NaN, errors with line and column."""

from __future__ import annotations

import json
from typing import Any

from semantic_layer.query.invalid import InvalidQueryError


def read_text(text: str | bytes, subject: str) -> Any:
    """The content of a JSON text; InvalidQueryError with the place otherwise."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise InvalidQueryError(f"{subject}的 JSON 里“{twice}”在同一层写了两次,请只留一个")
        return found

    def never(constant: str) -> Any:
        raise InvalidQueryError(f"{subject}的 JSON 里不能有 {constant},请写成数字")

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=never)
    except json.JSONDecodeError as error:
        place = f"第 {error.lineno} 行第 {error.colno} 个字符附近"
        raise InvalidQueryError(f"{subject}不是合法的 JSON({place}),请改正后重试") from error
    except UnicodeDecodeError as error:
        raise InvalidQueryError(f"{subject}不是 UTF-8 编码的文字,请改正后重试") from error
    except RecursionError as error:
        raise InvalidQueryError(f"{subject}嵌套太深,请拆开写") from error
