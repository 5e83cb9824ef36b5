"""What a model may say: governed ids it was given, and words of the question.

Two levels, no recursion. Time, numbers, limits and comparisons are words, never values.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.planners.llm.failure import UnusableError

Words = Annotated[str, StringConstraints(max_length=80, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(max_length=120)]
MOST = 6
GRAINS = {"date": "日", "week": "周", "month": "月", "quarter": "季度", "year": "年"}
"""Time groups that any metric may have."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Named(_Part):
    """Words of the question that stand for a governed name."""

    id: Id
    words: Words = ""


class Filter(_Part):
    """Words of the question that stand for a member of a dimension."""

    dimension: Id
    value: Words
    words: Words = ""


class Draft(_Part):
    """A question taken apart."""

    cannot: Annotated[str, StringConstraints(max_length=300)] = ""
    """Why it cannot be asked of these definitions; then nothing else counts."""
    metrics: Annotated[tuple[Named, ...], Field(max_length=MOST)] = ()
    groups: Annotated[tuple[Named, ...], Field(max_length=MOST)] = ()
    filters: Annotated[tuple[Filter, ...], Field(max_length=MOST)] = ()
    sets: Annotated[tuple[Named, ...], Field(max_length=MOST)] = ()
    events: Annotated[tuple[Named, ...], Field(max_length=MOST)] = ()
    time: Words = ""
    compare: Words = ""
    conditions: Annotated[tuple[Words, ...], Field(max_length=MOST)] = ()
    order: Words = ""
    ignored: Annotated[tuple[Words, ...], Field(max_length=2 * MOST)] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it names nothing that could be asked for."""
        return not (self.metrics or self.groups or self.filters or self.sets or self.events)


def read_draft(given: Mapping[str, Any]) -> Draft:
    """The draft, or UnusableError with what is wrong, written for the model."""
    kept = {key: value for key, value in given.items() if value is not None}
    try:
        return Draft.model_validate(kept)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise UnusableError(f"`{place}`:{first['msg']}") from error


def draft_schema(
    metrics: Sequence[str],
    dimensions: Sequence[str],
    filtered: Collection[str],
    sets: Sequence[str] = (),
    events: Sequence[str] = (),
) -> dict[str, Any]:
    """JSON Schema of a draft over these ids, in the strict dialect that servers enforce."""
    words = {"type": "string"}
    return _object({
        "cannot": words,
        "metrics": _list(_object({"id": _enum(metrics), "words": words})),
        "groups": _list(_object({"id": _enum((*dimensions, *GRAINS)), "words": words})),
        "filters": _list(
            _object({"dimension": _enum(sorted(filtered)), "value": words, "words": words})
        ),
        "sets": _list(_object({"id": _enum(sets), "words": words})),
        "events": _list(_object({"id": _enum(events), "words": words})),
        "time": words,
        "compare": words,
        "conditions": _list(words),
        "order": words,
        "ignored": _list(words),
    })  # fmt: skip


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _enum(ids: Sequence[str]) -> dict[str, Any]:
    """An empty enum is no valid schema: then nothing fits but the empty string."""
    return {"type": "string", "enum": list(dict.fromkeys(ids)) or [""]}
