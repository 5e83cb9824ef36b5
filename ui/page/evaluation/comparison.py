"""A run beside an earlier one of the same suite."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from evals.baseline import Change
from evals.kept import Head, KeptRun
from evals.store import RunStore
from evals.two_runs import TwoRuns, two_runs
from ui.page.evaluation.html import moment
from ui.page.literal import paragraph

CHANCE_TOLD = 0.05


def draw_comparison(run: KeptRun, heads: Sequence[Head], store: RunStore) -> None:
    """Choose the other run; what is newly wrong comes first."""
    others = [h for h in heads if h.suite == run.head.suite and h.id != run.head.id]
    if not others:
        st.html(paragraph("这个套件还没有别的评测可以比较", "ws-note"))
        return
    earlier = [number for number, head in enumerate(others) if head.at < run.head.at]
    chosen = st.selectbox(
        "与哪一次比较",
        others,
        index=earlier[0] if earlier else 0,
        format_func=head_line,
        key=f"compare-{run.head.id}",
    )
    before = store.read(chosen.id)
    if before is None:
        st.html(paragraph("这一次的结果已经不在了", "ws-note"))
        return
    first, second = sorted((before, run), key=lambda one: one.head.at)
    asked = {case.id: case.ask for case in (*first.cases, *second.cases)}
    st.html(comparison_html(two_runs(first, second), asked))


def head_line(head: Head) -> str:
    """2026-11-20 16:30 · 对 38 错 2 弃答 1."""
    return f"{moment(head)} · 对 {head.right} 错 {head.wrong} 弃答 {head.abstained}"


def comparison_html(found: TwoRuns, asked: dict[str, str]) -> str:
    """From the earlier run to the later one."""
    if found.refusal:
        return f'<p class="ws-headline refusal">{escape(found.refusal)}。</p>'
    parts = [
        _section("新错", found.newly_wrong, asked, "bad"),
        _section("新对", found.newly_right, asked, "good"),
        _section("变为弃答", found.others, asked, ""),
    ]
    told = "".join(parts) or '<p class="ws-headline info">没有一题的结果变化。</p>'
    return told + _notes(found)


def _section(name: str, changes: Sequence[Change], asked: dict[str, str], mood: str) -> str:
    if not changes:
        return ""
    lines = "".join(
        f"<tr><td>{escape(c.case)}</td><td>{escape(asked.get(c.case, ''))}</td>"
        f"<td>{escape(str(c).removeprefix(c.case + ':'))}</td></tr>"
        for c in changes
    )
    return (
        f'<h4 class="ws-part {mood}">{name} {len(changes)}题</h4>'
        f'<div class="ws-table"><table><tbody>{lines}</tbody></table></div>'
    )


def _notes(found: TwoRuns) -> str:
    notes = list(found.notes)
    if found.changes:
        far = "不像偶然" if found.chance < CHANCE_TOLD else "可能只是偶然"
        notes.append(f"若产品其实没有变化,出现这样差别的概率为 {found.chance:.2f}(McNemar),{far}")
    notes += [f"新增 {len(found.new)} 题"] if found.new else []
    notes += [f"删去 {len(found.gone)} 题"] if found.gone else []
    return f'<p class="ws-note">{escape(";".join(notes))}</p>' if notes else ""
