"""Formulas may say {as_of}: the day of the question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

from semantic_layer.model.governance import Parameter
from semantic_layer.model.manifest import Manifest

AS_OF = "as_of"
"""Name of the built-in parameter; definitions may not declare their own of that name."""


@lru_cache(maxsize=16)
def with_today(manifest: Manifest, today: date) -> Manifest:
    """The manifest with `{as_of}` standing for today: one object per day, hash of the files."""
    parameter = Parameter(AS_OF, "今天", today.isoformat())
    return replace(manifest, parameters={**manifest.parameters, AS_OF: parameter})
