"""The reading as chips; each opens the choices that there are in its place."""

from __future__ import annotations

import streamlit as st

from assistant.explore import Chip
from ui.page.explore.bench import Bench, rerun_if_clicked
from ui.page.explore.choices import draw_sections
from ui.page.explore.days import draw_days
from ui.page.explore.members import draw_held_members, draw_new_condition
from ui.page.literal import clipped, label

EMPTY = {"group": "不分组", "columns": "无", "compare": "无", "order": "默认"}
LONGEST = 26


@st.fragment
def draw_chips(bench: Bench) -> None:
    """One row: 指标, 时间, 分组, 筛选, 比较, 排序; of a list 列, 排序, 取几个, 筛选."""
    rerun_if_clicked()
    keys = bench.keys
    with st.container(key=keys("chips"), horizontal=True, gap="xsmall"):
        for chip in bench.explored().chips:
            with st.container(key=keys(f"chip-{chip.key}"), width="content"):
                _draw_chip(chip, bench)


def _draw_chip(chip: Chip, bench: Bench) -> None:
    opened = st.popover(
        chip_label(chip),
        key=bench.key(f"popover-{chip.key}"),
        icon=":material/add:" if chip.kind == "narrow" else None,
        on_change="rerun",
    )
    if opened.open:
        with opened, st.container(key=bench.key(f"behind-{chip.key}")):
            _draw_editor(chip, bench)


def chip_label(chip: Chip) -> str:
    """时间 **2026年10月**; what is long is cut."""
    if chip.kind == "narrow":
        return label(chip.name)
    text = chip.text or EMPTY.get(chip.kind, "")
    shown = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return f":gray[{label(chip.name)}] {label(shown)}"


def _draw_editor(chip: Chip, bench: Bench) -> None:
    with bench.exploring() as explorer:
        if chip.kind == "narrow":
            draw_new_condition(explorer, bench)
            return
        if len(chip.text) > LONGEST:
            st.caption(label(clipped(chip.text)))
        draw_held_members(explorer, chip, bench)
        draw_sections(explorer.sections(chip), bench, chip.key)
        if chip.kind == "time":
            draw_days(explorer, bench)
