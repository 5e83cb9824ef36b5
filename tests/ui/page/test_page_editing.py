"""口径维护: the form, and an owner who gives a metric a new word."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from assistant.editing import Preview, PreviewRow
from tests.ui.page.conftest import ASK, PATIENCE_S, PROJECT, REPOSITORY, Visit, served
from ui.page.editing.fields import LOOKS, WORDS, formula_fields, status_field
from ui.page.editing.numbers import preview_html, verdict

CATALOG = REPOSITORY / "metrics" / "catalog"
ENTRY = {"name": "m", "label": "余额", "synonyms": "存款", "format": {"decimals": 2}}


@pytest.mark.parametrize(
    ("name", "shown", "typed", "written"),
    [
        ("label", "余额", " 新 余额 ", "新 余额"),
        ("label", "余额", "", None),
        ("synonyms", "存款", "存款、储蓄\n揽储,储蓄", ["存款", "储蓄", "揽储"]),
        ("synonyms", "存款", " 、 ", None),
        ("near_misses", "", "日均", ["日均"]),
        ("description", "", "第一行\n第二行", "第一行 第二行"),
        ("format.decimals", "2", "0", 0),
        ("format.decimals", "2", "", None),
        ("direction", "", "up_is_good", "up_is_good"),
    ],
)
def test_an_input_shows_what_is_written_and_is_read_back(name, shown, typed, written):
    field = next(f for f in (*WORDS, *LOOKS) if f.name == name)
    assert field.shown(ENTRY) == shown
    assert field.read(typed) == written


def test_the_form_fits_the_kind_of_formula():
    def kinds(entry: dict[str, Any]) -> list[str]:
        return [field.name for field in formula_fields(entry, {})]

    assert kinds({"ratio": {"of": "a", "to": "b"}}) == ["ratio.of", "ratio.to"]
    assert kinds({"derived": "a - b"}) == ["derived"]
    assert kinds({"agg": "sum"}) == ["dataset", "agg", "expr", "filter"]


def test_nobody_certifies_by_a_click():
    assert "certified" not in (status_field({"status": "draft"}).options or {})
    assert "certified" in (status_field({"status": "certified"}).options or {})


def test_the_preview_marks_what_changes_and_shows_no_markup_of_others():
    rows = (
        PreviewRow("2026-09", "1.00元", "1.00元", False),
        PreviewRow("2026-10", "2.00元", "<b>3</b>", True),
    )
    assert verdict(Preview(rows)) == "2期中有1期的数值会变。"
    html = preview_html(Preview(rows))
    assert html.count("有变化") == 1
    assert "2026年10月" in html
    assert "<b>3" not in html
    assert verdict(Preview(rows, after_problem="没有这一列")) == "草稿算不出来:没有这一列"


@pytest.fixture(scope="module")
def editing_project(demo_small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with definitions of its own, and an owner."""
    folder = tmp_path_factory.mktemp("editing") / "project"
    shutil.copytree(CATALOG, folder / "catalog")
    text = PROJECT.format(catalog="catalog", bank=demo_small, state=folder / "state.db")
    owner = text.replace('roles = ["analyst"]', 'roles = ["analyst", "owner"]')
    (folder / "wenshu.toml").write_text(owner, "utf-8")
    return folder


def draw(**address: str) -> AppTest:
    def page() -> None:
        import os

        from assistant import Assistant
        from ui.page.asker import Asker
        from ui.page.editing import draw_editing
        from ui.page.session import current_chat
        from ui.page.visit import visited

        asker = Asker(os.environ["WENSHU_TEST_USER"], may_switch=True)
        assistant = Assistant.open(os.environ["WENSHU_PROJECT"])
        draw_editing(visited(assistant, current_chat(asker), asker))

    opened = AppTest.from_function(page, default_timeout=PATIENCE_S)
    for name, value in address.items():
        opened.query_params[name] = value
    return opened.run()


@pytest.fixture
def as_owner(editing_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENSHU_PROJECT", str(editing_project))
    monkeypatch.setenv("WENSHU_TEST_USER", "分析员")


def told(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(str(element.proto.body) for element in page.get("html"))


@pytest.mark.usefixtures("as_owner")
def test_the_words_of_a_dimension_and_its_values_are_edited_like_a_metrics():
    page = draw(dimensions="channel_group")
    lines = page.text_area(key="edit:channels.channel_group:values")
    assert lines.value == "线上:线上渠道、电子渠道\n线下:线下渠道"
    page = lines.set_value("线上:线上渠道、电子渠道\n线下:线下渠道、柜面").run()
    yaml = page.text_area(key="edit:channels.channel_group:yaml").value
    assert "线下: [线下渠道, 柜面]" in yaml
    assert "个取值的数值都不变。" in told(page)
    assert not page.button(key="save-definition").disabled
    page = page.text_area(key="edit:channels.channel_group:values").set_value("柜面:柜台").run()
    assert "“柜面:柜台”不是“取值:别名、别名”" in told(page)
    page.button(key="drop-draft").click().run()


@pytest.mark.usefixtures("as_owner")
def test_another_formula_is_saved_only_with_a_version_and_a_note():
    page = draw(metrics="new_cust")
    page = page.text_area(key="edit:new_cust:filter").set_value("cust_type = '个人'").run()
    assert page.button(key="save-definition").disabled
    assert "请写明改了什么" in told(page.button(key="raise-version").click().run())
    page = page.text_input(key="edit:new_cust:change-note").set_value("只算 个人客户").run()
    page = page.button(key="raise-version").click().run()
    yaml = page.text_area(key="edit:new_cust:yaml").value
    assert "version: 2" in yaml
    assert "note: 只算 个人客户" in yaml
    assert not page.button(key="save-definition").disabled


def test_who_is_no_owner_sees_everything_and_changes_nothing(
    editing_project: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WENSHU_PROJECT", str(editing_project))
    monkeypatch.setenv("WENSHU_TEST_USER", "银川行长")
    page = draw(metrics="npl_rate")
    assert not page.exception
    assert all(held.disabled for held in (*page.text_area, *page.text_input))
    assert "name: npl_rate" in page.text_area(key="edit:npl_rate:yaml").value
    assert "不是口径负责人,只能查看" in told(page)


@pytest.fixture(scope="module")
def page_address(editing_project: Path) -> Iterator[str]:
    yield from served(editing_project)


@pytest.mark.browser
def test_an_owner_gives_a_metric_a_new_word_and_asks_with_it(
    visit: Visit, editing_project: Path, demo_small: Path
):
    with duckdb.connect(str(demo_small), read_only=True) as bank:
        [by_hand] = bank.execute(
            "select count(distinct customer_id) from dim_customer"
            " where open_date between '2026-10-01' and '2026-10-31'"
        ).fetchone()  # fmt: skip
    page = visit()
    page.get_by_role("link", name="指标目录").click()
    search = page.locator(".st-key-catalogue").get_by_label("找指标")
    search.fill("新增客户数")
    search.press("Enter")
    page.locator(".st-key-catalogue").get_by_role("button", name="新增客户数", exact=True).click()
    page.locator(".st-key-entry h3", has_text="新增客户数").wait_for()
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.locator(".st-key-to-editing button").click()
    words = page.locator("textarea[aria-label=别名]")
    words.wait_for()
    page.wait_for_function("document.querySelector('textarea[aria-label=别名]').value")
    page.locator("[data-test-script-state=notRunning]").wait_for()
    words.fill(f"{words.input_value()}、拓客户数")
    words.press("Tab")
    page.get_by_text("12期的数值都不变").wait_for()
    page.locator(".st-key-save-definition button:not([disabled])").click()
    page.get_by_text("新口径从下一个问题起生效").wait_for()
    page.get_by_role("link", name="问数").click()
    page.locator(ASK).fill("2026年10月拓客户数是多少")
    page.locator(ASK).press("Enter")
    page.wait_for_selector(".st-key-answer .ws-number .value")
    shown = page.locator(".st-key-answer .ws-number .value").inner_text()
    assert int(shown.replace(",", "").rstrip("户")) == by_hand
    assert_one_line_changed(editing_project / "catalog")
    with sqlite3.connect(editing_project / "state.db") as state:
        noted = state.execute(
            "select count(*) from audit where entry ->> 'event' = 'edit'"
            " and entry ->> 'metric' = 'new_cust' and entry ->> 'user' = '分析员'"
        ).fetchone()
    assert noted == (1,)


def assert_one_line_changed(catalog: Path) -> None:
    changed = [
        line
        for file in sorted(CATALOG.rglob("*.yml"))
        for line in unified_diff(
            file.read_text("utf-8").splitlines(),
            (catalog / file.relative_to(CATALOG)).read_text("utf-8").splitlines(),
            n=0,
            lineterm="",
        )
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert [line[:1] for line in changed] == ["-", "+"]
    assert changed[1] == f"+{changed[0][1:].rstrip(']')}, 拓客户数]"
