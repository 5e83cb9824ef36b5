"""JSON Schema of the answer object, generated from its type."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import TypeAdapter

from assistant.answer import Answer
from assistant.outcomes import AnswerCode
from semantic_layer.resolved import Outcome


def answer_schema() -> dict[str, Any]:
    """JSON Schema of what `Answer.to_json` writes; every key is required."""
    schema = TypeAdapter(Answer).json_schema(mode="serialization")
    schema["properties"]["outcome"] = {"enum": list(get_args(Outcome)), "type": "string"}
    schema["properties"]["code"] = {"enum": list(get_args(AnswerCode)), "type": "string"}
    for part in (schema, *schema["$defs"].values()):
        if "properties" in part:
            part["required"] = list(part["properties"])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
