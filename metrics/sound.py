"""The part of a manifest that can be judged although another part is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from metrics.finding import Finding
from metrics.references import parts_of
from semantic_layer.model import Aggregate, Dataset, Manifest, Metric


def sound_part(manifest: Manifest, findings: Iterable[Finding]) -> Manifest:
    """The manifest without what has an error, and without all that stands on it."""
    wrong = {finding.at for finding in findings if finding.level == "error"}
    datasets = _standing(
        {name: d for name, d in manifest.datasets.items() if not _places(d) & wrong}
    )
    metrics = {
        name: metric
        for name, metric in manifest.metrics.items()
        if metric.at not in wrong and _on(metric, datasets)
    }
    while lost := [m for m in metrics.values() if any(p not in metrics for p in parts_of(m))]:
        for metric in lost:
            del metrics[metric.name]
    dimensions = {
        name: d
        for name, d in manifest.dimensions.items()
        if d.field.at not in wrong and d.home in datasets
    }
    return replace(
        manifest,
        datasets=datasets,
        metrics=metrics,
        dimensions=dimensions,
        segments={},
        ambiguous={w: a for w, a in manifest.ambiguous.items() if a.at not in wrong},
        policies=tuple(p for p in manifest.policies if p.at not in wrong),
        rollups=(),
        targets=(),
        tests=(),
    )


def _places(dataset: Dataset) -> set[object]:
    return {dataset.at, *(f.at for f in dataset.fields), *(j.at for j in dataset.joins)}


def _standing(datasets: dict[str, Dataset]) -> dict[str, Dataset]:
    """Without joins to datasets that are gone."""
    return {
        name: replace(d, joins=tuple(j for j in d.joins if j.to in datasets))
        for name, d in datasets.items()
    }


def _on(metric: Metric, datasets: dict[str, Dataset]) -> bool:
    """Whether every table it is counted from is there."""
    from_rows = [a for a in (metric.definition, *metric.also) if isinstance(a, Aggregate)]
    return all(a.dataset in datasets for a in from_rows)
