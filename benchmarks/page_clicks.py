"""How long a click takes in a real browser: from the mouse until the new answer stands there."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

QUESTION = "上个月各分行新增客户数是多少"
BRANCH = "银川分行"
ROUNDS = 8
REST_MS = 700
"""Between two clicks: whoever reads does not click while the page is still being drawn."""
CALM = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update --disable-dev-shm-usage"
)
ASK = "[data-testid=stChatInputTextArea]"
SENTENCE = "document.querySelector('.st-key-headline')?.textContent"
ANOTHER = f"{SENTENCE} !== before"
MENU = """(() => { const menu = document.querySelector('[class*="st-key-behind-"]');
  return menu && menu.offsetHeight > 20 && menu.querySelector('button, input'); })()"""
DRAWN = "document.querySelector('.st-key-chart canvas')"
TIMED = """async ([selector, text, done]) => {
  const frame = () => new Promise(requestAnimationFrame);
  const is = new Function("before", `return ${done}`);
  const before = document.querySelector(".st-key-headline")?.textContent;
  const wanted = element => element.textContent.includes(text) && !element.disabled;
  const begun = performance.now();
  [...document.querySelectorAll(selector)].find(wanted).click();
  while (!is(before)) {
    await frame();
    if (performance.now() - begun > 20000) throw new Error(`nothing came of ${text}`);
  }
  await frame();
  return performance.now() - begun;
}"""


class Click(NamedTuple):
    """What is clicked, and by what the answer to it is known."""

    name: str
    selector: str
    text: str
    done: str = ANOTHER


WAYS_ON = "document.querySelector('[class*=st-key-move-] button')"
SWITCH, STEP = ".st-key-switches button", ".st-key-path button"
ROUND = (
    Click("比较开关", SWITCH, "同比"),
    Click("比较开关", SWITCH, "同比"),
    Click("打开一个标签", ".st-key-chip-time button", "", MENU),
    Click("换时间", '[class*="st-key-behind-"] button', "上季度"),
    Click("上一步", STEP, "上一步"),
    Click("换图形", SWITCH, "表格", f"!{DRAWN}"),
    Click("换图形", SWITCH, "柱状图", DRAWN),
    Click("选一项", "[role=option]", BRANCH, WAYS_ON),
    Click("下钻", ".st-key-drill button", "看各支行"),
    Click("上一步", STEP, "上一步"),
)  # fmt: skip


def has_browser() -> bool:
    """Whether clicks can be measured here: `make browser` installs what they need."""
    return importlib.util.find_spec("playwright") is not None and bool(shutil.which("chromium"))


def click_speed(address: str, rounds: int = ROUNDS) -> Mapping[str, list[float]]:
    """Milliseconds of each kind of click; the first round only warms up."""
    found: dict[str, list[float]] = {click.name: [] for click in ROUND}
    with _opened(address) as page:
        page.fill(ASK, QUESTION)
        page.press(ASK, "Enter")
        page.wait_for_selector(SWITCH)
        for number in range(rounds + 1):
            for click in ROUND:
                page.wait_for_timeout(REST_MS)
                took = _timed(page, click)
                if number:
                    found[click.name].append(took)
    return found


def _timed(page: Any, click: Click) -> float:
    if click.selector == "[role=option]":  # a list offers nothing before something is typed
        page.locator(".st-key-drill input").first.fill(click.text)
        page.wait_for_selector(click.selector)
    return float(page.evaluate(TIMED, [click.selector, click.text, click.done]))


@contextmanager
def _opened(address: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "", args=CALM.split(), env={**os.environ}
        )
        page = browser.new_page(viewport={"width": 1440, "height": 1000}, locale="zh-CN")
        page.goto(address)
        page.wait_for_selector(ASK)
        try:
            yield page
        finally:
            browser.close()
