"""`validate_live`: every check over every definition, within a time budget."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from metrics.live.dates import (
    loaded_in_time,
    no_series_breaks,
    no_snapshot_missing,
    nothing_from_the_future,
)
from metrics.live.finding import CODES, LiveFinding
from metrics.live.joins import joins_hold
from metrics.live.keys import alike_rows, unique_keys
from metrics.live.rows import LiveData
from metrics.live.rules import rule_holds
from metrics.live.stocks import no_jumps, tables_agree
from metrics.live.tie_outs import ties_out
from metrics.live.values import flags_are_flags, values_are_known
from semantic_layer.engines import EngineError
from semantic_layer.model import Dataset, Metric

DATASET_CHECKS: tuple[Callable[[Dataset, LiveData], Iterator[LiveFinding]], ...] = (
    loaded_in_time,
    nothing_from_the_future,
    no_snapshot_missing,
    unique_keys,
    joins_hold,
    values_are_known,
    flags_are_flags,
    no_series_breaks,
    alike_rows,
)
METRIC_CHECKS: tuple[Callable[[Metric, LiveData], Iterator[LiveFinding]], ...] = (
    tables_agree,
    no_jumps,
)
ORDER = ("error", "warning", "note")


class Accepted(NamedTuple):
    """A known finding and why the project lives with it."""

    code: str
    subject: str
    reason: str
    at_most: int | None = None
    """A larger count is a finding again."""


@dataclass(frozen=True, slots=True)
class LiveReport:
    """What was found, how much was looked at, what there was no time for."""

    findings: tuple[LiveFinding, ...]
    checks: int
    skipped: tuple[str, ...]
    """Checks that the time budget left out."""
    outdated: tuple[Accepted, ...]
    """Accepted findings that were not found any more."""
    seconds: float

    @property
    def counting(self) -> tuple[LiveFinding, ...]:
        """The findings that make the check fail."""
        return tuple(f for f in self.findings if f.counts)


class _Job(NamedTuple):
    """One check of one definition."""

    name: str
    subject: str
    run: Callable[[], Iterator[LiveFinding]]


def validate_live(
    data: LiveData,
    catalog: Path,
    accepted: Iterable[Accepted] = (),
    budget_s: float = 300.0,
) -> LiveReport:
    """Every finding, worst first; a check that cannot run is a finding of its own."""
    began = time.monotonic()
    found: list[LiveFinding] = []
    skipped: list[str] = []
    jobs = tuple(_jobs(data, catalog))
    for job in jobs:
        if time.monotonic() - began > budget_s:
            skipped.append(f"{job.subject}:{job.name}")
            continue
        found.extend(_findings(job))
    known = tuple(accepted)
    marked = tuple(_marked(finding, known) for finding in found)
    used = {(f.code, f.subject) for f in marked}
    return LiveReport(
        findings=tuple(sorted(marked, key=_rank)),
        checks=len(jobs) - len(skipped),
        skipped=tuple(skipped),
        outdated=tuple(a for a in known if (a.code, a.subject) not in used),
        seconds=time.monotonic() - began,
    )


def _jobs(data: LiveData, catalog: Path) -> Iterator[_Job]:
    manifest = data.snapshot.manifest
    every = tuple(manifest.datasets.values())
    tables = _without_repetition(every)
    for dataset_check in DATASET_CHECKS:
        for dataset in every if dataset_check is values_are_known else tables:
            yield _Job(
                dataset_check.__name__, dataset.name,
                lambda check=dataset_check, one=dataset: check(one, data),  # type: ignore[misc]
            )  # fmt: skip
    for metric_check in METRIC_CHECKS:
        for metric in manifest.metrics.values():
            yield _Job(
                metric_check.__name__, metric.name,
                lambda check=metric_check, one=metric: check(one, data),  # type: ignore[misc]
            )  # fmt: skip
    for test in manifest.tests:
        if test.rule is not None:
            yield _Job("rule_holds", test.rule, lambda one=test: rule_holds(one, data))  # type: ignore[misc]
    for metric in manifest.metrics.values():
        if metric.tie_out is not None:
            yield _Job("ties_out", metric.name, lambda one=metric: ties_out(one, catalog, data))  # type: ignore[misc]


def _without_repetition(datasets: tuple[Dataset, ...]) -> tuple[Dataset, ...]:
    """Several datasets may read one table: the one that says most about it stands for all."""
    richest: dict[str, Dataset] = {}
    for dataset in datasets:
        table = dataset.table or dataset.name
        known = richest.get(table)
        if known is None or _said(dataset) > _said(known):
            richest[table] = dataset
    return tuple(richest.values())


def _said(dataset: Dataset) -> int:
    return len(dataset.joins) + len(dataset.fields)


def _findings(job: _Job) -> tuple[LiveFinding, ...]:
    try:
        return tuple(job.run())
    except EngineError as error:
        message = f"{job.subject} 的检查({job.name})没有做成:{error.message}"
        return (LiveFinding("V901", job.subject, message),)


def _marked(finding: LiveFinding, accepted: tuple[Accepted, ...]) -> LiveFinding:
    for known in accepted:
        is_more = known.at_most is not None and finding.count > known.at_most
        if (known.code, known.subject) == (finding.code, finding.subject) and not is_more:
            return replace(finding, accepted=known.reason)
    return finding


def _rank(finding: LiveFinding) -> tuple[int, bool, str, str]:
    level = ORDER.index(CODES[finding.code].level)
    return level, finding.accepted is not None, finding.code, finding.subject
