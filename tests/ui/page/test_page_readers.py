"""Many readers at once over the real server: each gets the numbers of their own question and rights."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest

from assistant import Assistant
from benchmarks.page_reader import Reader
from tests.ui.page.conftest import served

BRANCHES = {"分析员": None, "银川行长": "银川分行", "吴忠行长": "吴忠分行"}
SIGN_IN = 'user_header = "X-Remote-User"\ntrusted_proxies = ["127.0.0.1"]'
SOMEBODY = """
[[users]]
name = "吴忠行长"
roles = ["branch_manager"]
attributes = { branch = "吴忠分行" }
"""


@pytest.fixture(scope="module")
def signed_in_folder(page_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project where a proxy says who has signed in; without it nobody may ask."""
    folder = tmp_path_factory.mktemp("proxied")
    text = (page_project / "wenshu.toml").read_text("utf-8")
    text = text.replace('default_user = "分析员"', 'default_user = ""')
    text = text.replace(str(page_project / "state.db"), str(folder / "state.db"))
    text = text.replace("switch_users = true", SIGN_IN)
    (folder / "wenshu.toml").write_text(text + SOMEBODY, "utf-8")
    return folder


@pytest.fixture(scope="module")
def signed_in_page(signed_in_folder: Path) -> Iterator[str]:
    """Its page."""
    yield from served(signed_in_folder)


def as_user(name: str, **more: str) -> dict[str, str]:
    return {"X-Remote-User": quote(name), **more}


def new_customers(bank: Path) -> dict[tuple[str | None, int], int]:
    """Branch (None: all) and month of 2026 → customers who opened then, by hand."""
    with duckdb.connect(str(bank), read_only=True) as opened:
        rows = opened.execute(
            "select o.branch, month(c.open_date), count(distinct c.customer_id)"
            " from dim_customer c join dim_org o using (org_id)"
            " where year(c.open_date) = 2026 group by grouping sets ((1, 2), (2))"
        ).fetchall()
    return {(branch, month): count for branch, month, count in rows}


def headline(branch: str | None, month: int, count: int) -> str:
    scope = f"(仅{branch},非全行合计)" if branch else "全行"
    return f"2026年{month}月{scope}新增客户数{count:,}户"


def test_twenty_readers_at_once_get_their_own_numbers(signed_in_page: str, demo_small: Path):
    by_hand = new_customers(demo_small)

    def read(number: int) -> list[tuple[str, str]]:
        user = list(BRANCHES)[number % 3]
        found = []
        with Reader(signed_in_page, as_user(user)) as reader:
            for month in (number % 10 + 1, (number + 3) % 10 + 1):
                shown = reader.ask(f"2026年{month}月新增客户数是多少").headlines[-1]
                count = by_hand.get((BRANCHES[user], month), 0)
                found.append((shown, headline(BRANCHES[user], month, count)))
        return found

    with ThreadPoolExecutor(20) as readers:
        told = [pair for pairs in readers.map(read, range(20)) for pair in pairs]
    assert len(told) == 40
    assert [shown for shown, expected in told if expected not in shown] == []


def test_without_a_name_nothing_is_shown(signed_in_page: str):
    for headers in ({}, {"X-Remote-User": ""}, {"X-User": quote("分析员")}):
        with Reader(signed_in_page, headers) as reader:
            assert "没有收到您的登录信息" in "".join(reader.first.texts)
            assert "新增客户数" not in "".join(reader.first.texts)


def test_somebody_unregistered_gets_no_number(signed_in_page: str):
    with Reader(signed_in_page, as_user("路人")) as reader:
        assert "没有查看数据的权限" in "".join(reader.first.texts)
        assert "refusal" in reader.ask("上个月新增客户数是多少").headlines[-1]


def test_a_forwarded_address_is_no_proof(page_project: Path, signed_in_page: str):
    """X-Forwarded-For changes nothing, in either direction."""
    headers = as_user("银川行长", **{"X-Forwarded-For": "203.0.113.9"})
    with Reader(signed_in_page, headers) as reader:
        assert "仅银川分行" in "".join(reader.first.texts)


def test_a_link_shows_the_question_with_the_colleagues_own_numbers(
    signed_in_page: str, signed_in_folder: Path, demo_small: Path
):
    with Reader(signed_in_page, as_user("分析员")) as reader:
        reader.ask("2026年9月新增客户数是多少")
    assistant = Assistant.open(signed_in_folder, environment={})
    history = assistant.history("分析员")
    session = history.conversations("2026年9月")[0].session
    answer_id = str(assistant.turns(session, "分析员")[0]["answer_id"])
    with Reader(signed_in_page, as_user("银川行长"), f"q={answer_id}") as colleague:
        assert "这个链接已经失效" in "".join(colleague.first.texts)
    assert history.share(answer_id)
    with Reader(signed_in_page, as_user("银川行长"), f"q={answer_id}") as colleague:
        count = new_customers(demo_small)["银川分行", 9]
        assert headline("银川分行", 9, count) in colleague.first.headlines[-1]
        assert "2026年9月新增客户数是多少" in "".join(colleague.first.texts)
        assert "按您的权限" in "".join(colleague.first.texts)
    assistant.close()


def test_a_link_may_carry_the_question_itself(signed_in_page: str):
    words = quote("上个月,新增客户数")
    with Reader(signed_in_page, as_user("银川行长"), f"q={words}") as reader:
        assert "2026年10月(仅银川分行,非全行合计)新增客户数" in reader.first.headlines[-1]
    with Reader(signed_in_page, as_user("银川行长"), f"q={quote('<b>胡乱</b>')}") as reader:
        assert "<b>" not in "".join(reader.first.texts[-8:])
        assert "refusal" in reader.first.headlines[-1]
