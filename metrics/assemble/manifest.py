"""All files of a folder as one manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeVar

from metrics.assemble.dataset import build_dataset
from metrics.assemble.divisors import build_divisors
from metrics.assemble.governance import (
    build_ambiguity,
    build_parameter,
    build_policy,
    build_rollup,
    build_segment,
    build_target,
    build_test,
)
from metrics.assemble.metric import build_metric
from metrics.assemble.source import Source
from metrics.finding import Findings
from metrics.today import AS_OF
from semantic_layer.model import (
    WHOLE,
    Dataset,
    Dimension,
    Location,
    Manifest,
    Metric,
    Segment,
)


class _Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def at(self) -> Location | None: ...


N = TypeVar("N", bound=_Named)


def build_manifest(project: str, sources: tuple[Source, ...], findings: Findings) -> Manifest:
    """The manifest without its hash; findings say what does not fit together."""
    datasets = _unique(_datasets(sources, findings), "数据集", findings)
    metrics = _unique(_metrics(sources, findings), "指标", findings)
    parameters = _unique(
        (build_parameter(e, s.place("parameters", i))
         for s in sources for i, e in enumerate(s.entries.parameters)),
        "参数", findings,
    )  # fmt: skip
    if AS_OF in parameters:
        findings.add(
            "M101", parameters[AS_OF].at, "参数 as_of 是内置的“今天”。", "请换一个参数标识。"
        )
    ambiguous = [
        build_ambiguity(e, s.place("ambiguous", i))
        for s in sources for i, e in enumerate(s.entries.ambiguous)
    ]  # fmt: skip
    return Manifest(
        project=project,
        datasets=datasets,
        metrics=metrics,
        dimensions=_dimensions(datasets.values(), _labelled(sources), findings),
        segments=_unique(_segments(sources, findings), "人群", findings),
        parameters=parameters,
        ambiguous={a.word: a for a in ambiguous},
        policies=tuple(
            build_policy(e, s.place("policies", i), findings)
            for s in sources for i, e in enumerate(s.entries.policies)
        ),
        targets=tuple(
            build_target(e, s.place("targets", i))
            for s in sources for i, e in enumerate(s.entries.targets)
        ),
        tests=tuple(
            build_test(e, s.place("tests", i), findings)
            for s in sources for i, e in enumerate(s.entries.tests)
        ),
        rollups=tuple(
            build_rollup(e, s.place("rollups", i))
            for s in sources for i, e in enumerate(s.entries.rollups)
        ),
        hierarchies=tuple(h for d in datasets.values() for h in d.hierarchies),
        divisors=build_divisors(sources, metrics, findings),
        whole=_whole(sources, findings),
    )  # fmt: skip


def _whole(sources: tuple[Source, ...], findings: Findings) -> str:
    """What the whole company is called."""
    said = [(s.entries.whole, s.place("whole").location) for s in sources if s.entries.whole]
    for word, at in said:
        if word != said[0][0]:
            findings.add("M101", at, "whole 写了两次。", "整个项目只写一次。")
    return said[0][0] or WHOLE if said else WHOLE


def _datasets(sources: tuple[Source, ...], findings: Findings) -> Iterator[Dataset]:
    homes = {
        f.name: f.label
        for s in sources for d in s.entries.datasets for f in d.fields if f.label
    }  # fmt: skip
    for source in sources:
        for i, entry in enumerate(source.entries.datasets):
            place = source.place("datasets", i)
            yield build_dataset(entry, homes, source.entries.domain, place, findings)


def _metrics(sources: tuple[Source, ...], findings: Findings) -> Iterator[Metric]:
    for source in sources:
        own = tuple(d.name for d in source.entries.datasets)
        for i, entry in enumerate(source.entries.metrics):
            place = source.place("metrics", i)
            metric = build_metric(entry, own, source.entries.domain, place, findings)
            if metric is not None:
                yield metric


def _segments(sources: tuple[Source, ...], findings: Findings) -> Iterator[Segment]:
    for source in sources:
        for i, entry in enumerate(source.entries.segments):
            segment = build_segment(entry, source.place("segments", i), findings)
            if segment is not None:
                yield segment


def _unique(items: Iterable[N], what: str, findings: Findings) -> Mapping[str, N]:
    """Items by name; a second one of the same name is a finding."""
    named: dict[str, N] = {}
    for item in items:
        first = named.setdefault(item.name, item)
        if first is not item:
            findings.add(
                "M101",
                item.at,
                f"{what}标识 {item.name} 在 {first.at} 已经用过。",
                "请换一个标识,或删掉重复的一处。",
            )
    return named


def _labelled(sources: tuple[Source, ...]) -> frozenset[tuple[str, str]]:
    """(dataset, field) of every field that has a label of its own."""
    return frozenset(
        (d.name, f.name)
        for s in sources for d in s.entries.datasets for f in d.fields if f.label
    )  # fmt: skip


def _dimensions(
    datasets: Iterable[Dataset], labelled: frozenset[tuple[str, str]], findings: Findings
) -> dict[str, Dimension]:
    """Labelled fields by name, home first among their carriers."""
    kept = tuple(datasets)
    dimensions: dict[str, Dimension] = {}
    for dataset in kept:
        for field in dataset.fields:
            if (dataset.name, field.name) not in labelled:
                continue
            if field.name in dimensions:
                findings.add(
                    "M110",
                    field.at,
                    f"维度 {field.name} 在 {dimensions[field.name].field.at} 已经写过 label。",
                    "是同一个维度就只写 name;是另一个维度就换标识。",
                )
                continue
            others = (d.name for d in kept if d is not dataset and d.field(field.name))
            dimensions[field.name] = Dimension(
                field.name, dataset.name, field, (dataset.name, *others)
            )
    return dimensions
