"""When a draft means something else: the version it gets, and what is noted about it."""

from __future__ import annotations

from datetime import date

from metrics.content_hash import meaning_hash
from metrics.editing.draft import Draft
from metrics.editing.subject import entry_of
from metrics.editing.written import Plain
from semantic_layer.model import Manifest

WAS = ("expr", "filter", "derived")
"""Formulas that the note keeps as they were."""


def due_version(name: str, in_force: Manifest, drafted: Manifest) -> int | None:
    """The version that a metric of another meaning gets; None: it may keep the one it has."""
    old, new = in_force.metrics.get(name), drafted.metrics.get(name)
    if old is None or new is None or new.version > old.version:
        return None
    if meaning_hash(old, in_force.parameters) == meaning_hash(new, drafted.parameters):
        return None
    return old.version + 1


def noted(
    draft: Draft,
    version: int,
    day: date,
    note: str,
    since: date | None = None,
    *,
    restates: bool = False,
) -> Draft:
    """The draft with its new version, and an entry on top of its changes."""
    change: dict[str, Plain] = {"v": version, "date": day.isoformat(), "note": note}
    if since:
        change["from"] = since.isoformat()
    if restates:
        change["restates"] = True
    if was := _replaced(draft):
        change["was"] = was
    before = (draft.entry() or {}).get("changes") or ()
    return draft.with_value(("version",), version).with_value(("changes",), [change, *before])


def _replaced(draft: Draft) -> dict[str, Plain]:
    old = entry_of(draft.base.text, draft.subject) or {}
    new = draft.entry() or {}
    return {key: str(old[key]) for key in WAS if old.get(key) and old[key] != new.get(key)}
