"""The one assistant that all sessions of a server share."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from assistant import Assistant
from assistant.errors import ProjectError
from assistant.world import snapshot_id
from semantic_layer.engines import EngineError
from semantic_layer.model import Manifest
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolve.rights import rights_of, scope_text
from semantic_layer.snapshot import Snapshot

VIRTUAL = "虚拟数据"
UNUSABLE = (ProjectError, EngineError)
"""What keeps a project from being used at all."""

Seen = tuple[str, str, date]
"""Folder, definitions with the state of the data, and today."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page says about the project before anything is asked."""

    name: str
    is_virtual: bool
    today: date
    is_fixed_day: bool
    dates: Mapping[str, date]
    """Label of each dataset → the last day of its data."""
    metrics: tuple[Mapping[str, Any], ...]
    starters: tuple[str, ...]
    seen: Seen = ("", "", date.min)
    """What all this was worked out from."""
    scope: str = ""
    """What the user may see, as a phrase: 全行, 仅银川分行."""

    @property
    def newest(self) -> date | None:
        """The last day of the freshest data."""
        return max(self.dates.values(), default=None)


def shared_assistant() -> Assistant:
    """The project named by WENSHU_PROJECT, else the demonstration."""
    return _opened(os.environ.get("WENSHU_PROJECT", ""))


@st.cache_resource(show_spinner=False)
def _opened(project: str) -> Assistant:
    return Assistant.open(project or None)


def overview(assistant: Assistant, user: str) -> Overview:
    """The project as one user may see it."""
    snapshot = assistant.snapshot()
    seen = (str(assistant.folder), snapshot_id(snapshot), snapshot.as_of)
    return _overview(assistant, snapshot, seen, user)


@st.cache_resource(show_spinner=False, max_entries=64)
def _overview(_assistant: Assistant, _snapshot: Snapshot, seen: Seen, user: str) -> Overview:
    """Worked out once for each user, set of definitions and state of the data."""
    datasets = _snapshot.manifest.datasets
    name = _assistant.settings.project.name
    metrics = _assistant.catalogue("metrics", user)
    return Overview(
        name=plain_name(name),
        is_virtual=VIRTUAL in name,
        today=_snapshot.as_of,
        is_fixed_day=_assistant.settings.as_of is not None,
        dates={datasets[n].label: d for n, d in _snapshot.data_dates.items() if n in datasets},
        metrics=metrics,
        starters=_starters(_assistant, seen) if metrics else (),
        seen=seen,
        scope=_scope(_assistant, _snapshot.manifest, user),
    )


def _scope(assistant: Assistant, manifest: Manifest, user: str) -> str:
    try:
        rights = rights_of(manifest, assistant.settings.user(user))
    except RefusedError:
        return "没有查看数据的权限"
    return scope_text(rights, manifest)


@st.cache_data(show_spinner=False, max_entries=16)
def _starters(_assistant: Assistant, seen: Seen) -> tuple[str, ...]:
    """Worked out once for all users: each is tried before it is offered."""
    return _assistant.suggestions()


def plain_name(name: str) -> str:
    """The project's name without the mark that stands beside it.

    >>> plain_name("示例银行(虚拟数据)")
    '示例银行'
    """
    for mark in (f"({VIRTUAL})", f"({VIRTUAL})", VIRTUAL):
        name = name.replace(mark, "")
    return name.strip()
