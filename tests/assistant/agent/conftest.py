"""The tea shop with a model that calls tools as scripted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "model")]

from stub_server import Script, StubServer  # noqa: E402

from assistant import Assistant  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def _agent_imported() -> None:
    """Its import takes seconds, which are no part of what is tested."""
    import assistant.agent.loop  # noqa: F401


@pytest.fixture
def serve_script() -> Iterator[Callable[..., tuple[Assistant, StubServer]]]:
    """A project folder opened with a model that behaves as scripted."""
    opened: list[Assistant | StubServer] = []

    def start(folder: Path, script: Script, **settings: str):
        server = StubServer(script)
        environment = {
            "WENSHU_MODEL_BASE_URL": server.url,
            "WENSHU_API_KEY": "sk-test-1",
            "WENSHU_MODEL_WAIT_S": "600",
            "WENSHU_MODEL_ANALYSIS_S": "600",
            **{f"WENSHU_MODEL_{name.upper()}": value for name, value in settings.items()},
        }
        shop = Assistant.open(folder, environment=environment, debug=True)
        opened.extend((shop, server))
        return shop, server

    yield start
    for each in opened:
        each.close()


@pytest.fixture
def analysing_shop(make_shop, serve_script) -> Callable[..., tuple[Assistant, StubServer]]:
    def start(script: Script, *, rights: bool = False, **settings: str):
        return serve_script(make_shop(rights=rights), script, **settings)

    return start
