"""While a question runs: how far it is, for how long, and a way to stop it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assistant.trail import Station
from ui.page.job import Job

STEPS = ("理解", "检索", "计划", "查询", "说明")
_STEP_OF: Mapping[Station, int] = {
    "understand": 0, "retrieve": 1, "plan": 2, "resolve": 2, "compile": 2, "run": 3, "explain": 4,
}  # fmt: skip
LONG_S = 5
TICK_S = 0.15


def draw_progress(job: Job, place: DeltaGenerator, note: str = "") -> None:
    """Follows the job until it is done; nothing of it is left on the page."""
    with place.container(key="progress", horizontal=True, vertical_alignment="center"):
        steps = st.empty()
        st.button("停止", key="stop", icon=":material/stop_circle:", on_click=job.stop)
    while not job.is_done_within(TICK_S):
        steps.html(progress_html(job.station, int(job.seconds), note, is_stopped=job.is_stopped))
    place.empty()


def progress_html(station: Station, seconds: int, note: str = "", *, is_stopped: bool) -> str:
    """The stations with those passed, the one now and those to come; then how long it takes."""
    now = _STEP_OF[station]
    steps = "".join(
        f'<li class="{_state(number, now)}"{_current(number, now)}>{step}</li>'
        for number, step in enumerate(STEPS)
    )
    said = note + _said(seconds, is_stopped=is_stopped)
    return f'<div class="ws-progress" role="status"><ol>{steps}</ol><p>{said}</p></div>'


def _state(number: int, now: int) -> str:
    if number == now:
        return "now"
    return "passed" if number < now else "later"


def _current(number: int, now: int) -> str:
    return ' aria-current="step"' if number == now else ""


def _said(seconds: int, *, is_stopped: bool) -> str:
    if is_stopped:
        return "正在停止……"
    if seconds < 1:
        return ""
    patience = ",数据量较大,仍在查询" if seconds >= LONG_S else ""
    return f"已用{seconds}秒{patience}"
