"""Why a checked query did not run: usually the definitions do not fit the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.answer import Answer
from semantic_layer.engines import QueryFailedError
from semantic_layer.guard import UnsafeSQL
from semantic_layer.model import Location
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot

if TYPE_CHECKING:
    from metrics import Finding


DEMO_TABLE: Final = "demo_info"
"""What the generator of the demonstration bank says about its data."""
REBUILD: Final = "演示库可用 wenshu demo build 重新生成。"


def why_it_failed(
    error: QueryFailedError | UnsafeSQL, resolved: ResolvedQuery, snapshot: Snapshot
) -> Answer:
    """The mismatch between definition and table that the query ran into, else what was said."""
    from metrics import check_against

    findings = check_against(snapshot.manifest, snapshot.column_types)
    mismatch = _concerning(resolved, error, findings, snapshot)
    if mismatch is not None:
        told = f"口径与数据库对不上:{_without_code(mismatch, snapshot)}"
        return Answer(code="tables_mismatch", message=told)
    if isinstance(error, UnsafeSQL):
        return Answer(
            code="internal",
            message=f"生成的查询没有通过安全检查({error.message})。请换一种问法,并把问题告诉管理员",
        )
    return Answer(code=error.code, message=error.message)


def _concerning(
    resolved: ResolvedQuery,
    error: QueryFailedError | UnsafeSQL,
    findings: tuple[Finding, ...],
    snapshot: Snapshot,
) -> Finding | None:
    """The finding about what the query uses, else about what the guard did not know."""
    places = _places(resolved, snapshot)
    used = (finding for finding in findings if finding.at in places)
    unknown = error.subject if isinstance(error, UnsafeSQL) else ""
    named = (finding for finding in findings if unknown and unknown in finding.message)
    return next(used, None) or next(named, None)


def _places(resolved: ResolvedQuery, snapshot: Snapshot) -> set[Location | None]:
    """Where the definitions that the query uses are written."""
    manifest = snapshot.manifest
    carriers = (path.carrier for path in resolved.paths)
    datasets = [manifest.datasets[name] for name in (*resolved.datasets, *carriers)]
    found = {d.at for d in datasets} | {f.at for d in datasets for f in d.fields}
    metrics = (manifest.metrics.get(name) for name in resolved.metrics)
    return found | {m.at for m in metrics if m is not None}


def _without_code(finding: Finding, snapshot: Snapshot) -> str:
    """A demonstration older than its definitions is built anew, whatever else is named alike."""
    where = f"{finding.at} " if finding.at else ""
    fix = REBUILD if DEMO_TABLE in snapshot.column_types else finding.fix
    return f"{where}{finding.message}{fix}"
