"""What answers rest on now: definitions, snapshot, index, and how fresh the data are."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from assistant import Assistant
from assistant.freshness import Freshness, freshness
from assistant.information import visible_metrics
from assistant.world import snapshot_id
from semantic_layer.model import Manifest
from semantic_layer.snapshot import Snapshot
from ui.page.literal import paragraph
from ui.page.operation.html import Bad, facts_html, moment, table_html
from ui.page.visit import Visit


def draw_state(visit: Visit) -> None:
    """Definitions in force, then every dataset with the day it reached."""
    if visit.found is None:
        return
    assistant = visit.assistant
    snapshot = assistant.snapshot()
    for notice in assistant.notices:
        st.html(paragraph(notice.message, "ws-headline error"))
    st.html('<h4 class="ws-part">口径与快照</h4>' + facts_html(_facts(assistant, snapshot)))
    found = freshness(snapshot)
    st.html(
        '<h4 class="ws-part">数据日期</h4>'
        + paragraph(_summary(found), "ws-note")
        + table_html(("数据集", "起", "数据到", "应不早于", "状态"), map(_line, found))
    )


def _facts(assistant: Assistant, snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    manifest = snapshot.manifest
    since = assistant.store().audit().in_force_since(manifest.hash)
    yield "口径", definitions_text(manifest)
    yield "口径指纹", manifest.hash
    yield "首次生效", moment(since) if since else ""
    yield "口径文件夹", str(assistant.catalog)
    yield "快照", snapshot_id(snapshot)
    fixed = "wenshu.toml 固定" if assistant.settings.as_of else "系统时钟"
    yield "今天", f"{snapshot.as_of}({fixed})"
    yield "数据库", str(assistant.database)
    rollups = snapshot.rollups
    yield "预汇总", f"{len(rollups.tables)}张表" if rollups and not rollups.trouble else "没有使用"
    yield "检索", assistant.index().condition().told
    yield "状态库", str(assistant.state_file)


def definitions_text(manifest: Manifest) -> str:
    """How many there are; what is only a part of others is in no list to ask from."""
    shown = len(visible_metrics(manifest))
    hidden = len(manifest.metrics) - shown
    parts = f"(另有{hidden}个只供其他指标计算,不列入目录)" if hidden else ""
    return f"{shown}个指标{parts}、{len(manifest.dimensions)}个维度"


def _summary(found: tuple[Freshness, ...]) -> str:
    late = sum(one.is_late for one in found)
    return f"共{len(found)}个数据集,{f'{late}个没有及时更新' if late else '都已及时更新'}"


def _line(one: Freshness) -> tuple[str, ...]:
    state = Bad("没有及时更新") if one.is_late else ("及时" if one.due else "不要求")
    days = (one.first, one.last, one.due)
    return (one.label, *(day.isoformat() if day else "—" for day in days), state)
