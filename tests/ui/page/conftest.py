"""A project on the small demonstration bank, and the page in a browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ASK = "[data-testid=stChatInputTextArea]"
Visit = Callable[..., Any]
PATIENCE_S = 300
"""Longer than anything on the page takes, on the slowest machine."""
REPOSITORY = Path(__file__).resolve().parents[3]
PROJECT = """
[project]
name = "小银行(虚拟数据)"
catalog = "{catalog}"
as_of = "2026-11-20"
default_user = "分析员"
examples = ["上个月各分行新增客户数是多少", "个人存款余额是多少"]
[database]
path = "{bank}"
[limits]
min_group_size = 3
[state]
path = "{state}"
[server]
switch_users = true
[[users]]
name = "分析员"
roles = ["analyst"]
[[users]]
name = "银川行长"
roles = ["branch_manager"]
attributes = {{ branch = "银川分行" }}
[[users]]
name = "评测员"
roles = ["analyst", "evaluator", "operator"]
"""


@pytest.fixture(scope="session")
def page_project(demo_small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page") / "project"
    folder.mkdir()
    text = PROJECT.format(
        catalog=REPOSITORY / "metrics" / "catalog", bank=demo_small, state=folder / "state.db"
    )
    (folder / "wenshu.toml").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="session")
def page_address(page_project: Path) -> Iterator[str]:
    """The page as `wenshu serve` serves it."""
    yield from served(page_project)


def served(project: Path) -> Iterator[str]:
    """A server of its own for a project, as long as it is needed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        str(Path(sys.executable).with_name("wenshu")),
        "--project",
        str(project),
        "serve",
    ]
    server = subprocess.Popen(
        [*command, "--port", str(port)],
        cwd=project,
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_health(f"{address}/healthz", server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE_S)


def wait_for_health(address: str, server: subprocess.Popen[bytes]) -> None:
    """Until the server answers."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE_S) as answered:
                if answered.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer from {address}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium."""
    executable = shutil.which("chromium")
    if executable is None:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("没有 Chromium,请先运行 make browser")
    assert executable is not None
    from playwright.sync_api import sync_playwright

    switches = (
        "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
        "--disable-background-networking --disable-component-update --disable-dev-shm-usage"
    )
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=switches.split())
        yield opened
        opened.close()


@pytest.fixture
def visit(chromium: Any, page_address: str) -> Iterator[Visit]:
    """Opens the page as a reader of its own; at the end nothing may have left the machine."""
    contexts, requested, complained = [], [], []

    def opened(**wishes: Any) -> Any:
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **wishes})
        context.set_default_timeout(PATIENCE_S * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requested.append(request.url))
        page.on("websocket", lambda socket: requested.append(socket.url))
        page.on("console", lambda said: complained.append(said.text) if said.type == "error" else 0)
        page.on("pageerror", lambda error: complained.append(str(error)))
        page.goto(page_address)
        page.wait_for_selector(ASK)
        return page

    yield opened
    for context in contexts:
        context.close()
    local = (page_address, page_address.replace("http", "ws"), "data:", "blob:")
    assert [url for url in requested if not url.startswith(local)] == []
    assert complained == []
