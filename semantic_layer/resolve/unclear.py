"""Dimensions that say something else beside a metric than alone: asked back, never taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from semantic_layer.model import Instead, Manifest, Unclear
from semantic_layer.problem import Candidate, Problem
from semantic_layer.query import MetricQuery
from semantic_layer.resolve.closure import measure_metrics, metric_closure
from semantic_layer.resolve.refused import RefusedError


def check_unclear(
    query: MetricQuery, dimensions: Iterable[tuple[str, str]], manifest: Manifest
) -> None:
    """Refuses 升级率 by 客户等级, 动账客户数 by 渠道; `dimensions`: as written, with their slot."""
    used = tuple(dimensions)
    for measure in query.measures:
        for ref in measure_metrics(measure):
            told = dict(_told(ref.metric, manifest))
            for name, at in used:
                unclear = told.get(name)
                if unclear is not None and not (unclear.only_filter and at != "scope.where"):
                    raise RefusedError(_problem(ref.metric, unclear, at, manifest))


def _told(metric: str, manifest: Manifest) -> Iterator[tuple[str, Unclear]]:
    """By dimension; what the metric itself says comes last and wins over its parts."""
    for name in reversed(metric_closure(manifest, metric)):
        for unclear in manifest.metrics[name].unclear:
            yield unclear.by, unclear


def _problem(metric: str, unclear: Unclear, at: str, manifest: Manifest) -> Problem:
    label = manifest.metrics[metric].label
    dimension = manifest.dimensions[unclear.by].label
    offered = tuple(_candidate(other, manifest) for other in unclear.instead)
    choices = "、".join(candidate.label for candidate in offered)
    note = f"({unclear.note})" if unclear.note else ""
    message = f"“{label}”按“{dimension}”会被误解{note};可以改看:{choices}。"
    return Problem("ambiguous_path", message, at, unclear.by, offered)


def _candidate(other: Instead, manifest: Manifest) -> Candidate:
    role, _, name = other.by.rpartition(".")
    label = manifest.dimensions[name].label
    if role:
        said = _role_label(role, manifest)
        label = said if said.endswith(label) else f"{said}的{label}"
    if other.metric is None:
        return Candidate(other.by, label)
    return Candidate(other.by, f"{manifest.metrics[other.metric].label}按{label}", other.metric)


def _role_label(role: str, manifest: Manifest) -> str:
    last = role.rpartition(".")[2]
    joins = (j for dataset in manifest.datasets.values() for j in dataset.joins)
    return next((j.label for j in joins if j.name == last and j.label), last)
