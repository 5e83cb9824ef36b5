"""The first words about a metric that is not defined yet."""

from __future__ import annotations

import re

import streamlit as st

from assistant.editing import Editor
from metrics.editing.change import NotEditableError
from metrics.editing.written import Plain
from semantic_layer.model import Dataset
from ui.page.editing.desk import Desk
from ui.page.editing.fields import AGGREGATIONS
from ui.page.literal import paragraph

KINDS = {"agg": "直接汇总", "ratio": "比率", "derived": "指标的算式"}
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


def draw_new_metric(editor: Editor, desk: Desk) -> None:
    """The button that opens the questions."""
    if st.button(
        "新增指标", key="new-metric", icon=":material/add:", disabled=bool(editor.refusal)
    ):
        _ask(editor, desk)


@st.dialog("新增指标")
def _ask(editor: Editor, desk: Desk) -> None:
    files = editor.files()
    file = st.selectbox(
        "写进哪个业务域", list(files), format_func=lambda f: f"{files[f].replace('/', ' / ')}({f})",
        key="new-file",
    )  # fmt: skip
    label = st.text_input("名称", key="new-label", placeholder="例如:定期存款余额")
    name = st.text_input("英文标识(以后不变)", key="new-name", placeholder="例如:fixed_dep")
    unit = st.text_input("单位", key="new-unit", placeholder="CNY、percent、户、笔……")
    kind = st.radio(
        "怎么算", list(KINDS), format_func=lambda k: KINDS[k], horizontal=True, key="new-kind"
    )
    parts = _formula(str(kind or "agg"), editor)
    if st.button("建立草稿", key="new-begin", type="primary"):
        complaint = _complaint(editor, name or "", label or "", unit or "", parts)
        if not complaint and file:
            complaint = _begin(editor, desk, file, _values(name, label, unit, parts))
        if complaint:
            st.html(paragraph(complaint, "ws-told bad"))
        else:
            st.query_params["metrics"] = str(name)
            st.rerun()


def _formula(kind: str, editor: Editor) -> dict[str, Plain]:
    """The formula's keys, as far as they are filled in."""
    if kind == "derived":
        return {"derived": st.text_input("算式", key="new-derived", placeholder="a - b") or ""}
    if kind == "ratio":
        left, right = st.columns(2)
        of = left.text_input("分子(指标标识或算式)", key="new-of") or ""
        to = right.text_input("分母(指标标识或算式)", key="new-to") or ""
        return {"ratio": {"of": of, "to": to}}
    datasets = {d.name: d.label for d in editor.in_force.datasets.values()}
    dataset = st.selectbox(
        "数据集", list(datasets), format_func=lambda d: f"{datasets[d]}({d})", key="new-dataset"
    )
    left, right = st.columns(2)
    agg = left.selectbox(
        "汇总方式", list(AGGREGATIONS), format_func=lambda a: AGGREGATIONS[a], key="new-agg"
    )
    expr = right.text_input("列或表达式", key="new-expr") or ""
    parts: dict[str, Plain] = {"dataset": dataset or "", "agg": agg or "sum"}
    if expr:
        parts["expr"] = expr
    adds_up = agg in ("sum", "count", "distinct")
    return parts | (_over_time(editor.in_force.datasets[dataset]) if dataset and adds_up else {})


def _over_time(dataset: Dataset) -> dict[str, Plain]:
    """A number from snapshots is either one of a day or one of a whole period."""
    if dataset.grain == "event" or dataset.time is None:
        return {}
    stock = "时点数:取期末最后一天"
    picked = st.radio(
        "这张表每期一行,这个数是", [stock, "发生数:整段期间累计"], key="new-over-time"
    )
    if picked != stock:
        return {"flow": True}
    return {"semi_additive": {"over": dataset.time, "take": "last"}}


def _values(
    name: str | None, label: str | None, unit: str | None, parts: dict[str, Plain]
) -> dict[str, Plain]:
    return {
        "name": name or "",
        "label": label or "",
        "status": "draft",
        "unit": unit or "",
        **parts,
    }


def _complaint(editor: Editor, name: str, label: str, unit: str, parts: dict[str, Plain]) -> str:
    if not (name.strip() and label.strip() and unit.strip()):
        return "名称、英文标识和单位都要填。"
    if not NAME.fullmatch(name):
        return "英文标识只能用字母、数字和下划线,不以数字开头。"
    if name in editor.in_force.metrics:
        return f"已经有标识为 {name} 的指标:{editor.in_force.metrics[name].label}。"
    ratio = parts.get("ratio")
    if "" in parts.values() or (isinstance(ratio, dict) and "" in ratio.values()):
        return "公式还没填完。"
    return ""


def _begin(editor: Editor, desk: Desk, file: str, values: dict[str, Plain]) -> str:
    try:
        desk.drafts[str(values["name"])] = editor.begin(file, values)
    except (NotEditableError, OSError) as error:
        return str(error)
    return ""
