"""The scripted server over the wire, and projects that are told to use it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]

from stub_server import Script, StubServer, answers  # noqa: E402

from assistant import Assistant  # noqa: E402

KEY = "sk-test-0123456789"
PATIENT = {"WENSHU_MODEL_WAIT_S": "600", "WENSHU_MODEL_ANALYSIS_S": "600"}
"""A busy machine may be slow; tests that are about waiting say how long."""


@pytest.fixture(scope="session", autouse=True)
def _client_imported() -> None:
    """Its import takes seconds, which are no part of what is tested."""
    import langchain_openai  # noqa: F401


@pytest.fixture
def serve() -> Iterator[Callable[[Script], StubServer]]:
    """Starts a scripted server; all of them stop with the test."""
    running: list[StubServer] = []

    def start(script: Script) -> StubServer:
        running.append(StubServer(script))
        return running[-1]

    yield start
    for server in running:
        server.close()


@pytest.fixture
def stub(serve: Callable[[Script], StubServer]) -> StubServer:
    """A server that cannot say what was asked for, until it is given another script."""
    return serve(answers({"cannot": "没有这样的指标"}))


@pytest.fixture
def shop_with(
    shop_folder: Path, serve: Callable[[Script], StubServer]
) -> Iterator[Callable[..., tuple[Assistant, StubServer]]]:
    """The tea shop with a model that behaves as scripted."""
    opened: list[Assistant] = []

    def start(script: Script, **settings: str) -> tuple[Assistant, StubServer]:
        server = serve(script)
        environment = {
            "WENSHU_MODEL_BASE_URL": server.url,
            "WENSHU_MODEL_MODEL": "stub",
            "WENSHU_API_KEY": KEY,
            **PATIENT,
            **{f"WENSHU_MODEL_{name.upper()}": value for name, value in settings.items()},
        }
        opened.append(Assistant.open(shop_folder, environment=environment, debug=True))
        return opened[-1], server

    yield start
    for assistant in opened:
        assistant.close()
