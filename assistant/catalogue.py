"""What there is to ask about: metrics, dimensions, datasets, segments."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Literal, get_args

from assistant.explain import definition_card
from assistant.information import (
    dimension_card,
    segment_card,
    visible_dimensions,
    visible_metrics,
)
from assistant.json_text import plain
from semantic_layer.model import Dataset, Manifest
from semantic_layer.problem import Candidate, Problem, ProblemCode
from semantic_layer.snapshot import Snapshot

Kind = Literal["metrics", "dimensions", "datasets", "segments"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Entry = Mapping[str, Any]

_UNKNOWN: Mapping[Kind, ProblemCode] = {
    "metrics": "unknown_metric",
    "dimensions": "unknown_dimension",
    "datasets": "unknown_term",
    "segments": "unknown_term",
}
_WORDS: Mapping[Kind, str] = {
    "metrics": "指标",
    "dimensions": "维度",
    "datasets": "数据集",
    "segments": "客群",
}


def catalogue(kind: Kind, snapshot: Snapshot) -> tuple[Entry, ...]:
    """Every entry of one kind, in the order of definition."""
    manifest = snapshot.manifest
    if kind == "metrics":
        return tuple(plain(definition_card(m, manifest)) for m in visible_metrics(manifest))
    if kind == "dimensions":
        return tuple(plain(dimension_card(d, manifest)) for d in visible_dimensions(manifest))
    if kind == "segments":
        return tuple(plain(segment_card(s)) for s in manifest.segments.values())
    return tuple(_dataset(d, snapshot) for d in manifest.datasets.values())


def catalogue_entry(kind: Kind, name: str, snapshot: Snapshot) -> Entry | Problem:
    """One definition in full, by id, label or synonym."""
    entries = catalogue(kind, snapshot)
    for entry in entries:
        if name in (entry["id"], entry["label"], *entry.get("synonyms", ())):
            return entry
    names = {str(e["label"]): str(e["id"]) for e in entries} | {str(e["id"]): "" for e in entries}
    near = get_close_matches(name, names, n=3, cutoff=0.4)
    hint = f"您是不是想找:{'、'.join(near)}" if near else f"用 wenshu catalog {kind} 看全部"
    return Problem(
        _UNKNOWN[kind],
        f"没有{_WORDS[kind]}“{name}”。{hint}",
        subject=name,
        candidates=tuple(Candidate(names[n] or n, n) for n in near),
    )


def counts(manifest: Manifest) -> Mapping[Kind, int]:
    """How many there are of each kind."""
    return {
        "metrics": len(visible_metrics(manifest)),
        "dimensions": len(visible_dimensions(manifest)),
        "datasets": len(manifest.datasets),
        "segments": len(manifest.segments),
    }


def kind_word(kind: Kind) -> str:
    """指标, 维度, 数据集, 客群."""
    return _WORDS[kind]


def _dataset(dataset: Dataset, snapshot: Snapshot) -> Entry:
    return {
        "id": dataset.name,
        "label": dataset.label,
        "table": dataset.table,
        "grain": dataset.grain,
        "key": list(dataset.key),
        "fields": [
            {"id": f.name, "label": f.label, "description": f.description, "unit": f.unit}
            for f in dataset.fields
            if f.sensitivity != "pii"
        ],
        "first_date": plain(snapshot.first_dates.get(dataset.name)),
        "data_date": plain(snapshot.data_dates.get(dataset.name)),
        "description": dataset.description,
    }
