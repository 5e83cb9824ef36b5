"""What works, what is missing, and how to mend it."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from assistant.errors import ProjectError
from assistant.planners.llm.examine import examine
from assistant.planners.llm.setup import adviser_of
from assistant.rollups import outdated_files
from assistant.run_failure import DEMO_TABLE, REBUILD
from assistant.world import snapshot_id
from metrics import check_against
from semantic_layer.engines import EngineError

if TYPE_CHECKING:
    from assistant.project import Assistant

PARTS = ("wenshu", "duckdb", "sqlglot", "pydantic", "streamlit", "langchain", "chromadb")
MISMATCHES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    told: str
    """What was found; when not ok also how to mend it."""
    value: Any = None
    """The same for programs."""


def checkup(assistant: Assistant, environment: Mapping[str, str]) -> Iterator[Check]:
    """Project, definitions, database, dates, state, model, versions, in this order."""
    yield Check("项目", True, f"{assistant.settings.project.name}({assistant.folder})",
                str(assistant.folder))  # fmt: skip
    yield _today(assistant)
    try:
        snapshot = assistant.snapshot()
    except (ProjectError, EngineError) as error:
        yield Check("口径与数据库", False, error.message, error.code)
    else:
        yield from _definitions_and_data(assistant, snapshot)
    yield _state(assistant)
    yield model_check(assistant, environment)
    yield _versions()


def _today(assistant: Assistant) -> Check:
    fixed = "wenshu.toml 固定" if assistant.settings.as_of else "系统时钟"
    return Check("今天", True, f"{assistant.today().isoformat()}({fixed})", str(assistant.today()))


def _definitions_and_data(assistant: Assistant, snapshot: Any) -> Iterator[Check]:
    manifest = snapshot.manifest
    told = f"{len(manifest.metrics)}个指标、{len(manifest.dimensions)}个维度({assistant.catalog})"
    yield Check("口径", True, told, manifest.hash)
    size = assistant.database.stat().st_size if assistant.database.is_file() else None
    shown = f"{assistant.database}({size / 1_000_000:,.1f} MB)" if size else str(assistant.database)
    yield Check("数据库", True, shown, str(assistant.database))
    yield from _demonstration(assistant, snapshot)
    missing = check_against(manifest, snapshot.column_types)
    if missing:
        more = f" 等{len(missing)}处" if len(missing) > MISMATCHES_SHOWN else ""
        text = ";".join(map(str, missing[:MISMATCHES_SHOWN]))
        mend = REBUILD if DEMO_TABLE in snapshot.column_types else ""
        yield Check("表与口径", False, text + more + mend, [str(f) for f in missing])
    dates = {name: day.isoformat() for name, day in sorted(snapshot.data_dates.items())}
    labelled = (f"{manifest.datasets[name].label} {day}" for name, day in dates.items())
    yield Check("数据日期", bool(dates), "、".join(labelled) or "没有登记数据日期", dates)
    yield from _rollups(assistant, snapshot)
    yield Check("快照", True, snapshot_id(snapshot), snapshot_id(snapshot))
    if assistant.settings.model.base_url:
        condition = assistant.index().condition()
        yield Check("检索", condition.ok, condition.told, assistant.settings.embedding.kind)


def _rollups(assistant: Assistant, snapshot: Any) -> Iterator[Check]:
    """Whether declared rollups are built for these definitions and this data."""
    if not snapshot.manifest.rollups:
        return
    file = assistant.rollup_file()
    stored = snapshot.rollups
    if stored is not None and stored.trouble is not None:
        yield Check("预汇总", True, stored.trouble, str(file))
    elif stored is not None:
        stale = ";口径变过、要重建才用的:" + "、".join(stored.outdated) if stored.outdated else ""
        mend = ",请运行 wenshu rollup build" if stale else ""
        yield Check("预汇总", True, f"{len(stored.tables)}张表({file}){stale}{mend}", str(file))
    else:
        outdated = [str(found) for found in outdated_files(file)]
        told = "数据变过,原来的预汇总不再使用" if outdated else "声明了但还没有建立"
        mend = "。结果不受影响;要更快请运行 wenshu rollup build"
        yield Check("预汇总", True, told + mend, outdated or None)


def _demonstration(assistant: Assistant, snapshot: Any) -> Iterator[Check]:
    """Size, seed and fingerprint of the demonstration bank, if that is what it is."""
    if DEMO_TABLE in snapshot.column_types:
        found = assistant.demonstration()
        yield Check("演示数据", True, "、".join(f"{k} {v}" for k, v in found.items()), found)


def _state(assistant: Assistant) -> Check:
    try:
        broken = assistant.store().first_broken_audit_row()
    except ProjectError as error:
        return Check("会话与审计", False, error.message, error.code)
    if broken is not None:
        return Check(
            "会话与审计",
            False,
            f"审计记录从第{broken}条起被改动过({assistant.state_file})。请保留现场并报告",
            broken,
        )
    file = str(assistant.state_file)
    return Check("会话与审计", True, f"{file},审计链完整", file)


def model_check(assistant: Assistant, environment: Mapping[str, str]) -> Check:
    """Asks the endpoint two small questions; no definition and no row goes along."""
    model = assistant.settings.model
    adviser = adviser_of(model, environment)
    if adviser is None:
        return Check("大模型", True, "未配置,使用内置规则(不影响使用)")
    found = examine(adviser.ladder, adviser.allowance)
    told = f"{model.model or '默认模型'}({model.base_url}):{found.told}"
    if found.failure is not None and model.api_key_env not in environment:
        told += f"。环境变量 {model.api_key_env} 没有设置,需要密钥的服务请先设置"
    value = {
        "base_url": model.base_url,
        "model": model.model,
        "rung": found.rung,
        "streams": found.streams,
        "seconds": round(found.seconds, 3),
        "failure": found.failure and found.failure.kind,
    }
    return Check("大模型", found.failure is None, told, value)


def _versions() -> Check:
    found = {"python": platform.python_version(), **{name: _version(name) for name in PARTS}}
    return Check("版本", True, "、".join(f"{k} {v}" for k, v in found.items() if v), found)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
