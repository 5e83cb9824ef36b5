"""Starting a suite, and watching it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from assistant.settings import Settings
from evals.shelf import from_shelf, names_on_shelf, suite_folders
from evals.suite import SuiteError
from ui.page.evaluation.running import EvalJob, Track
from ui.page.literal import label, paragraph
from ui.page.visit import Visit

TICK_S = 0.7
PLANNERS = {"auto": "内置规则,读不出再问大模型", "grammar": "只用内置规则", "llm": "每题都问大模型"}
_MINE = "eval-job"


def draw_start(visit: Visit, track: Track) -> None:
    """What can be run; while something runs, how far it is."""
    mine: EvalJob | None = st.session_state.get(_MINE)
    if track.running:
        _draw_progress(track.running)
        return
    if mine:
        _tell_end(mine)
    folders = suite_folders(visit.assistant)
    names = names_on_shelf(folders)
    if not names:
        told = f"还没有评测套件。请在 {visit.assistant.folder / 'evals'} 里放 .yml 文件"
        st.html(paragraph(told, "ws-note"))
        return
    with st.container(key="eval-start", horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "套件", names, key="eval-suite", format_func=lambda n: _title(n, folders), width=380,
            persist_state="session",
        )  # fmt: skip
        planner = _draw_planner(visit.assistant.settings)
        if st.button("开始评测", key="eval-go", type="primary", icon=":material/play_arrow:"):
            _start(visit, track, str(name), planner)


def _draw_planner(settings: Settings) -> str:
    if not settings.model.base_url:
        return "auto"
    planner = st.selectbox("读问题的方式", tuple(PLANNERS), key="eval-planner",
                           format_func=PLANNERS.__getitem__, width=260)  # fmt: skip
    return planner or "auto"


def _start(visit: Visit, track: Track, name: str, planner: str) -> None:
    try:
        suite = from_shelf(name, suite_folders(visit.assistant))
    except SuiteError as error:
        st.html(paragraph(str(error), "ws-headline error"))
        return
    job = track.start(lambda: EvalJob(suite, visit.assistant, planner, visit.user))
    if job:
        st.session_state[_MINE] = job
    st.rerun()


def _title(name: str, folders: tuple[Path, ...]) -> str:
    try:
        suite = from_shelf(name, folders)
    except SuiteError:
        return f"{name}(读不出来)"
    return f"{suite.title}({name},{len(suite.cases)}题)"


@st.fragment(run_every=TICK_S)
def _draw_progress(job: EvalJob) -> None:
    """Runs by itself, so that the rest of the page stays usable."""
    if job.state != "running":
        st.rerun()
    with st.container(key="eval-progress", horizontal=True, vertical_alignment="center"):
        stopping = ",正在停止" if job.is_stopping else ""
        by = f",{job.user} 开始的" if job.user else ""
        far = f"{job.done}/{job.total}题,已用{job.seconds:.0f}秒{by}{stopping}"
        st.progress(job.done / max(1, job.total), text=f"{label(job.suite.title)} {far}")
        st.button("停止", key="eval-stop", icon=":material/stop_circle:", on_click=job.stop)


def _tell_end(job: EvalJob) -> None:
    """Once: the new run is shown, or why there is none."""
    if job.state == "done" and job.head:
        st.query_params["run"] = job.head.id
        del st.session_state[_MINE]
    elif job.told:
        st.html(paragraph(job.told, "ws-banner"))
