"""The web server: the page, and /healthz on the same port."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

logger = logging.getLogger(__name__)


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
    routes=[Route("/healthz", health), Route("/words/{token}", words_of)],
    lifespan=warmed_up,
    on_script_error=tell_failure,
)
