"""Whether what makes rows into events exists, and every event has a name of its own."""

from __future__ import annotations

from collections.abc import Iterator

from metrics.finding import Findings
from metrics.nearest import did_you_mean
from semantic_layer.model import Dataset, Location, Manifest


def event_formulas(dataset: Dataset) -> Iterator[tuple[str, str, Location | None]]:
    """(whose, formula, place) of every column and formula that the events use."""
    log = dataset.events
    if log is None:
        return
    owner = f"数据集“{dataset.label}”的 events "
    for text in (log.at, log.session, log.detail, *(actor.field for actor in log.by)):
        if text is not None:
            yield owner, text, dataset.at
    for event in log.named:
        for text in (event.at, event.filter):
            if text is not None:
                yield f"事件“{event.label}”", text, event.location


def check_events(manifest: Manifest, findings: Findings) -> None:
    """Note event fields that are none, moments that are missing, and names used twice."""
    seen: dict[str, str] = {}
    for dataset in manifest.datasets.values():
        _check_log(dataset, findings)
        for name, label, at in _names(dataset):
            first = seen.setdefault(name, dataset.label)
            if name in manifest.metrics or first != dataset.label:
                other = "指标" if name in manifest.metrics else f"数据集“{first}”"
                findings.add(
                    "M101", at, f"事件标识 {name}({label})在{other}已经用过。", "请换一个标识。"
                )


def _check_log(dataset: Dataset, findings: Findings) -> None:
    log = dataset.events
    if log is None:
        return
    owner = f"数据集“{dataset.label}”的 events "
    if log.field is not None and dataset.field(log.field) is None:
        fix = did_you_mean(log.field, [f.name for f in dataset.fields])
        findings.add("M104", dataset.at, f"{owner}引用的字段 {log.field} 不存在。", fix)
    if log.field is not None and log.at is None and dataset.time is None:
        findings.add("M111", dataset.at, f"{owner}没有时间字段。", "请写 at: 时间列。")
    if log.field is None and not log.named:
        findings.add(
            "M111", dataset.at, f"{owner}没有写事件。", "请写 field: 事件名字段,或逐个写 named。"
        )
    own = [name for name, _, _ in _names(dataset)]
    for actor in log.by:
        for name in actor.not_in:
            if name not in own:
                message = f"{owner}里主体“{actor.label}”的 not_in 里的事件 {name} 不存在。"
                findings.add("M104", dataset.at, message, did_you_mean(name, own))


def _names(dataset: Dataset) -> Iterator[tuple[str, str, Location | None]]:
    log = dataset.events
    if log is None:
        return
    for event in log.named:
        yield event.name, event.label, event.location
    field = dataset.field(log.field) if log.field is not None else None
    for value in field.values if field is not None else ():
        yield str(value.value), value.label or str(value.value), dataset.at
