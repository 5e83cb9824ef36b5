"""Why a checked query did not run: usually the definitions do not fit the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answer import Answer
from semantic_layer.engines import QueryFailedError
from semantic_layer.guard import UnsafeSQL
from semantic_layer.model import Location
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.snapshot import Snapshot

if TYPE_CHECKING:
    from metrics import Finding


def why_it_failed(
    error: QueryFailedError | UnsafeSQL, resolved: ResolvedQuery, snapshot: Snapshot
) -> Answer:
    """The mismatch between definition and table that the query ran into, else what was said."""
    from metrics import check_against

    findings = check_against(snapshot.manifest, snapshot.column_types)
    if findings:
        places = _places(resolved, snapshot)
        first = next((f for f in findings if f.at in places), findings[0])
        return Answer(code="tables_mismatch", message=f"口径与数据库对不上:{_without_code(first)}")
    if isinstance(error, UnsafeSQL):
        return Answer(
            code="internal",
            message=f"生成的查询没有通过安全检查({error.message})。请换一种问法,并把问题告诉管理员",
        )
    return Answer(code=error.code, message=error.message)


def _places(resolved: ResolvedQuery, snapshot: Snapshot) -> set[Location | None]:
    """Where the definitions that the query uses are written."""
    manifest = snapshot.manifest
    datasets = [manifest.datasets[name] for name in resolved.datasets]
    found = {d.at for d in datasets} | {f.at for d in datasets for f in d.fields}
    metrics = (manifest.metrics.get(name) for name in resolved.metrics)
    return found | {m.at for m in metrics if m is not None}


def _without_code(finding: Finding) -> str:
    where = f"{finding.at} " if finding.at else ""
    return f"{where}{finding.message}{finding.fix}"
