"""The buttons that take an answer away as a file; each file leaves a line in the audit trail."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import streamlit as st

from assistant import Assistant
from assistant.answer import Answer
from ui.page.export.csv_file import csv_bytes
from ui.page.export.lines import file_name
from ui.page.export.picture import picture, picture_script
from ui.page.export.workbook import workbook_bytes
from ui.page.keys import Keys
from ui.page.shared import shared_assistant

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@st.fragment
def draw_exports(answer: Answer, keys: Keys, project: str, *, has_chart: bool) -> None:
    """CSV, Excel and, where there is a chart, a picture of it."""
    assistant = shared_assistant()
    with st.container(key=keys("files"), horizontal=True, gap="small"):
        st.download_button(
            "下载 CSV",
            lambda: _csv(answer, project, assistant),
            file_name(answer),
            mime="text/csv",
            key=keys("csv"),
            icon=":material/download:",
            on_click="ignore",
            type="tertiary",
        )
        st.download_button(
            "下载 Excel",
            lambda: _workbook(answer, project, assistant),
            file_name(answer, "xlsx"),
            mime=XLSX,
            key=keys("xlsx"),
            icon=":material/table_view:",
            on_click="ignore",
            type="tertiary",
        )
        if has_chart and st.button(
            "下载图片", key=keys("png"), icon=":material/image:", type="tertiary"
        ):
            _save_picture(answer, project, assistant, keys("chart"))


def _csv(answer: Answer, project: str, assistant: Assistant) -> bytes:
    content = csv_bytes(answer, project, _now())
    assistant.exported(answer.id, "csv", answer.user)
    return content


def _workbook(answer: Answer, project: str, assistant: Assistant) -> bytes:
    content = workbook_bytes(answer, project, _now())
    assistant.exported(answer.id, "xlsx", answer.user)
    return content


def _save_picture(answer: Answer, project: str, assistant: Assistant, chart: str) -> None:
    assistant.exported(answer.id, "png", answer.user)
    script = picture_script(picture(answer, project, _now(), chart), uuid4().hex)
    st.html(script, unsafe_allow_javascript=True)


def _now() -> datetime:
    return datetime.now().astimezone()
