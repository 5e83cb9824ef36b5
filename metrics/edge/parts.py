"""The small types that every definition key is made of, with their one-line forms."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

IDENTIFIER = r"^[A-Za-z_][A-Za-z0-9_]*$"
DATE = r"^\d{4}-\d{2}-\d{2}$"


class Entry(BaseModel):
    """A mapping of a definition file; unknown keys and silent conversions are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER, max_length=64)]
Day = Annotated[str, StringConstraints(pattern=DATE)]
Scalar = bool | int | float | str
Number = int | float
Texts = Annotated[list[Text], BeforeValidator(_listed, json_schema_input_type=Text | list[Text])]
"""One text, or a list of them."""


def doc(description: str, *examples: Any, **more: Any) -> Any:
    """A required key with its Chinese description and examples."""
    return Field(description=description, examples=list(examples) or None, **more)


def optional(default: Any, description: str, *examples: Any, **more: Any) -> Any:
    """An optional key with its default, Chinese description and examples."""
    return Field(default, description=description, examples=list(examples) or None, **more)
