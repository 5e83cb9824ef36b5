"""The web server: the page, and /healthz on the same port."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ui.page.going import ASK, PATHS

logger = logging.getLogger(__name__)
STREAMLIT = Path(st.__file__).parent / "static" / "index.html"
BASE = "<script>window.__streamlit = {BACKEND_BASE_URL: new URL('.', location.href).href}</script>"
"""Beneath a page's address Streamlit's script would look for the server first: two 404s."""


async def health(request: Request) -> JSONResponse:
    """Answers as long as the server does; asks nothing of the database."""
    return JSONResponse({"status": "ok"})


async def words_of(request: Request) -> Response:
    """What a reader can name in a question; 202 until it is worked out."""
    from ui.page.typeahead import words

    found = words().fetch(request.path_params["token"])
    if found is None:
        return Response(status_code=202, headers={"Cache-Control": "no-store"})
    return Response(found, media_type="application/json", headers={"Cache-Control": "no-store"})


async def page(request: Request) -> HTMLResponse:
    """A page opened by its own address."""
    text = STREAMLIT.read_text(encoding="utf-8").replace("<head>", f"<head>{BASE}", 1)
    return HTMLResponse(text, headers={"Cache-Control": "no-cache"})


async def first_page(request: Request) -> RedirectResponse:
    """The page of questions has the shortest address."""
    query = request.url.query
    return RedirectResponse(f"./?{query}" if query else "./")


@asynccontextmanager
async def warmed_up(server: st.App) -> AsyncIterator[None]:
    """Loads the project while the browser is still opening."""
    threading.Thread(target=_warm_up, daemon=True).start()
    yield


def tell_failure(error: Exception) -> bool:
    """A sentence for the reader, the traceback for the log."""
    logger.error("the page failed", exc_info=error)
    st.error("页面出错了,请刷新重试;如仍出现,请把刚才的操作告诉管理员。")
    return True


def _warm_up() -> None:
    from ui.page.shared import UNUSABLE, overview, shared_assistant

    try:
        assistant = shared_assistant()
        overview(assistant, assistant.settings.project.default_user)
    except UNUSABLE as error:
        logger.warning("%s", error)


app = st.App(
    Path(__file__).with_name("app.py"),
    routes=[
        Route("/healthz", health),
        Route("/words/{token}", words_of),
        *(Route(f"/{path}", page if path != ASK else first_page) for path in PATHS),
    ],
    lifespan=warmed_up,
    on_script_error=tell_failure,
)
