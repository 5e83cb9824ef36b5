"""The pages of the site in one table, and the run of one of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from ui.page.asker import current_asker
from ui.page.browser import speak_chinese
from ui.page.catalogue import draw_catalogue
from ui.page.chat import draw_chat
from ui.page.editing import draw_editing
from ui.page.evaluation import draw_evaluation
from ui.page.failure import draw_failure
from ui.page.going import ASK, CATALOGUE, EDITING, EVALUATION, OPERATION, know
from ui.page.heading import draw_heading
from ui.page.operation import draw_operation
from ui.page.place import follow_address, keep_place, restore, shown_as
from ui.page.session import current_chat
from ui.page.shared import UNUSABLE, shared_assistant
from ui.page.side import draw_side
from ui.page.visit import Visit, visited

HERE = Path(__file__).parent
ICON = HERE / "icon.png"


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its address, its name and what draws it."""

    path: str
    title: str
    icon: str
    draw: Callable[[Visit], None]


PAGES = (
    Page(ASK, "问数", ":material/forum:", draw_chat),
    Page(CATALOGUE, "指标目录", ":material/menu_book:", draw_catalogue),
    Page(EDITING, "口径维护", ":material/edit_note:", draw_editing),
    Page(EVALUATION, "评测", ":material/fact_check:", draw_evaluation),
    Page(OPERATION, "运维", ":material/monitor_heart:", draw_operation),
)
"""In the order shown; the first is where a visit begins. A page's package is ui/page/<path>."""


def draw_site() -> None:
    """The page that the address names, between heading and side bar."""
    st.set_page_config("问数", page_icon=str(ICON), layout="wide")
    st.html(f"<style>{looks()}</style>")
    speak_chinese()
    listed = [
        st.Page(
            partial(_draw, page), title=page.title, icon=page.icon, url_path=page.path,
            default=page is PAGES[0],
        )
        for page in PAGES
    ]  # fmt: skip
    know(dict(zip((page.path for page in PAGES), listed, strict=True)))
    st.navigation(listed, position="top" if len(listed) > 1 else "hidden").run()


def looks() -> str:
    """All our style sheets; looks.css begins, a part's own looks_<part>.css may go beyond it."""
    sheets = sorted(HERE.rglob("looks*.css"), key=lambda sheet: (len(sheet.parts), sheet.name))
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)


def _draw(page: Page) -> None:
    try:
        assistant = shared_assistant()
    except UNUSABLE as error:
        draw_heading(None)
        draw_failure(str(error))
        return
    asker = current_asker(assistant.settings)
    if asker.refusal:
        draw_heading(None)
        draw_failure(asker.refusal)
        return
    asker = shown_as(asker, assistant.settings)
    with st.empty(), _opening():
        restore(assistant, asker.name)
        if page.path == ASK:
            follow_address(assistant, ASK)
        visit = visited(assistant, current_chat(asker), asker)
    draw_heading(visit.found)
    draw_side(visit)
    if visit.failure and not (page.path == ASK and visit.chat.turns):
        draw_failure(visit.failure)
    default_user = assistant.settings.project.default_user
    keep_place(visit.chat, page.path, default_user, may_switch=visit.may_switch)
    page.draw(visit)


def _opening() -> AbstractContextManager[None]:
    """A first visit may wait until definitions and data are read; later runs never say so."""
    return nullcontext() if "chat" in st.session_state else st.spinner("正在读取口径和数据日期……")
