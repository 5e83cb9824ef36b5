"""How fast the page is: from a question sent to its answer shown, over the real server.

One reader alone, then twenty who read between their questions: measured is what the server sends.
Then clicks on an answer in Chromium, where there is one: measured is what stands on the screen.
`make bench` prints the report; `make bench OUT=docs` writes it.
"""

from __future__ import annotations

import argparse
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from random import Random

from page_clicks import ROUNDS, click_speed, has_browser
from page_reader import Reader, Shown
from report import Spread, row

QUESTIONS = Path(__file__).with_name("questions.txt")
READERS = 20
TURNS = 6
"""Questions in one conversation; the page draws them all each time."""
SEED = 42
PAUSE_S = 10.0
GOAL = "p95 ≤ 1,000"
CLICK_GOAL = "中位数 < 300"


def main() -> None:
    """Starts a server of its own, measures, prints or writes the report."""
    options = arguments()
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    asked = [line for line in lines if line and not line.startswith("#")][: options.questions]
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), options.database) as page:
        opened = [_opened(page) for _ in range(5)]
        alone = read_alone(page, asked)
        clicks = click_speed(page, options.rounds) if options.rounds and has_browser() else {}
        together = read_together(page, asked, options.readers, options.pause)
    text = report(opened, alone, together, options.readers) + clicks_report(clicks)
    if options.output:
        Path(options.output).write_text(text, encoding="utf-8")
    else:
        print(text)


def arguments() -> argparse.Namespace:
    """What to measure, and where the report goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=48)
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--pause", type=float, default=PAUSE_S, help="seconds between questions")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of clicks; 0: none")
    parser.add_argument("--database", help="another DuckDB file")
    parser.add_argument("--output")
    return parser.parse_args()


@contextmanager
def served(folder: Path, database: str | None) -> Iterator[str]:
    """The page of the demonstration, with a state of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "WENSHU_STATE_PATH": str(folder / "state.db")}
    if database:
        environment["WENSHU_DATABASE_PATH"] = str(Path(database).resolve())
    command = [str(Path(sys.executable).with_name("wenshu")), "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/healthz")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def read_alone(page: str, asked: Sequence[str]) -> list[Shown]:
    """Every question once, in short conversations one after the other."""
    found: list[Shown] = []
    for begin in range(0, len(asked), TURNS):
        with Reader(page) as reader:
            found += [reader.ask(question) for question in asked[begin : begin + TURNS]]
    return found


def read_together(page: str, asked: Sequence[str], readers: int, pause: float) -> list[Shown]:
    """Each reader asks a few questions and reads for a while in between."""

    def read(number: int) -> list[Shown]:
        random = Random(SEED + number)  # noqa: S311
        found = []
        with Reader(page) as reader:
            for question in random.sample(list(asked), min(3, len(asked))):
                time.sleep(random.uniform(0, 2 * pause))
                found.append(reader.ask(question))
        return found

    with ThreadPoolExecutor(readers) as pool:
        return [shown for some in pool.map(read, range(readers)) for shown in some]


def report(
    opened: Sequence[float], alone: Sequence[Shown], together: Sequence[Shown], readers: int
) -> str:
    """The document."""
    many = f"{readers} 人同时使用"
    how = (
        "由 `make bench` 一次跑出:真实的服务,逐条发送[各种问法](../benchmarks/questions.txt),"
        "量到服务端把页面发完为止(浏览器绘制另需几十毫秒)。"
        f"每段对话最多 {TURNS} 问,页面每次重画整段对话。"
    )
    where = (
        f"{many}时,各人提问之间停下来看答案。{os.cpu_count()} 核,"
        f"Python {platform.python_version()},Streamlit {version('streamlit')}。目标:{GOAL} 毫秒。"
    )
    lines = [
        "# 网页的速度",
        "",
        how,
        where,
        "",
        "| 毫秒 | 中位数 | p95 | 最慢 |",
        "|---|---:|---:|---:|",
        row("打开网页", Spread.of([1000 * seconds for seconds in opened])),
        row("一个人:出现结论", Spread.of([1000 * shown.first_s for shown in alone])),
        row("一个人:整页完成", Spread.of([1000 * shown.seconds for shown in alone])),
        row(f"{many}:出现结论", Spread.of([1000 * shown.first_s for shown in together])),
        row(f"{many}:整页完成", Spread.of([1000 * shown.seconds for shown in together])),
        "",
    ]
    return "\n".join(lines)


def clicks_report(clicks: Mapping[str, Sequence[float]]) -> str:
    """Each kind of click; a sentence where none could be measured."""
    lines = ["", "## 点击", ""]
    if not clicks:
        return "\n".join([*lines, "这里没有 Chromium,没有量。`make browser` 可以装上。", ""])
    rounds = min(map(len, clicks.values()))
    how = (
        "在 Chromium 里对一个按分行的答案点击,从按下量到新的结论出现在屏幕上,"
        f"每种{rounds}次以上。每一下都是一个 Patch,不经过语言理解。目标:{CLICK_GOAL} 毫秒。"
    )
    lines += [
        how,
        "",
        "| 毫秒 | 中位数 | p95 | 最慢 |",
        "|---|---:|---:|---:|",
        *(row(name, Spread.of(list(took))) for name, took in clicks.items()),
        row("全部", Spread.of([one for took in clicks.values() for one in took])),
        "",
    ]
    return "\n".join(lines)


def _opened(page: str) -> float:
    with Reader(page) as reader:
        return reader.first.seconds


def _wait_for(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(address)


if __name__ == "__main__":
    main()
