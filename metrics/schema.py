"""JSON Schema of definition files, for completion in editors."""

from __future__ import annotations

from typing import Any

from metrics.edge import DefinitionFile


def definitions_schema() -> dict[str, Any]:
    """What `wenshu schema definitions` prints; editors read it as `$schema`."""
    shape = DefinitionFile.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "问数定义文件",
        **{key: value for key, value in shape.items() if key != "title"},
    }
