"""The page without a browser: what a visit, a question and a click leave on it."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

import ui
from assistant import Assistant
from tests.ui.page.conftest import PATIENCE_S

APP = Path(ui.__file__).with_name("app.py")


@pytest.fixture
def page(page_project: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("WENSHU_PROJECT", str(page_project))
    return AppTest.from_file(str(APP), default_timeout=PATIENCE_S).run()


def shown(page: AppTest) -> str:
    """What can be read on the page, without our own script and style."""
    assert not page.exception
    bodies = [str(element.proto.body) for element in page.get("html")]
    return "\n".join(b for b in bodies if not b.startswith(("<script>", "<style")))


def ask(page: AppTest, text: str) -> str:
    return shown(page.chat_input(key="question").set_value(text).run())


def click(page: AppTest, key: str) -> str:
    return shown(page.button(key=key).click().run())


def test_a_visit_shows_project_dates_and_questions(page: AppTest):
    text = shown(page)
    assert "小银行" in text
    assert "演示日期 2026年11月20日" in text
    assert page.button(key="starter-1").label == "上个月各分行新增客户数是多少"


def test_a_suggested_question_shows_the_number_of_hand_written_sql(page: AppTest, demo_small: Path):
    with duckdb.connect(str(demo_small), read_only=True) as bank:
        found = bank.execute(
            "select count(distinct customer_id) from dim_customer "
            "where open_date between '2026-10-01' and '2026-10-31'"
        ).fetchone()
    assert found is not None
    text = click(page, "starter-1")
    assert f"全行新增客户数{found[0]:,}户" in text
    assert "怎样理解的" in text


def test_a_refusal_offers_the_period_that_its_sentence_names(page: AppTest):
    assert "尚未入库" in ask(page, "2030年个人存款余额")
    assert "个人存款余额" in click(page, "option-1").split("选1", 1)[1]


def test_choosing_an_option_answers_in_the_same_conversation(page: AppTest):
    assert "请选择" in ask(page, "余额是多少")
    assert "个人存款余额" in click(page, "option-1").split("选1", 1)[1]
    assert page.button(key="option-1-1").disabled


@pytest.mark.parametrize(
    "text", ["😀😀", "问" * 10_000, "<script>alert(1)</script>", "DROP TABLE dim_customer", "   "]
)
def test_bad_input_leaves_the_conversation_alive(page: AppTest, text: str):
    assert "<script" not in ask(page, text)
    assert "户" in ask(page, "上个月新增客户数是多少")


def test_a_new_conversation_is_empty(page: AppTest):
    ask(page, "上个月新增客户数是多少")
    assert "ws-asked" not in click(page, "new-chat")


def test_another_user_sees_other_numbers_and_none_of_the_last_ones(page: AppTest):
    ask(page, "上个月新增客户数是多少")
    text = shown(page.selectbox(key="user").set_value("银川行长").run())
    assert "ws-asked" not in text
    assert "数据范围:仅银川分行" in text
    assert "银川分行" in ask(page, "上个月新增客户数是多少")


def test_the_catalogue_can_be_searched(page: AppTest):
    found = shown(page.text_input(key="find").set_value("绑卡").run())
    assert "找到" in found
    assert "绑卡成功率" in {button.label for button in page.button}
    assert "个人存款余额" not in {button.label for button in page.button}
    assert "没有找到" in shown(page.text_input(key="find").set_value("天气预报").run())


def test_small_groups_are_hidden_with_the_reason(page: AppTest):
    text = ask(page, "按职业看客户数")
    assert '<td>飞行员</td><td class="num hidden"' in text
    assert "*** 人数过少,涉及个人特征,不显示数值。" in text


def test_rates_over_few_cases_are_marked(page: AppTest):
    text = ask(page, "10月Android各版本绑卡成功率")
    assert "<sup" in text
    assert "* 分母过少,仅供参考" in text


def test_a_project_that_cannot_be_used_gets_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page_project: Path
):
    for name, text in {
        "unreadable": "[project\n",
        "no-database": (page_project / "wenshu.toml")
        .read_text("utf-8")
        .replace("path =", "path = 'nowhere.duckdb' #", 1),
    }.items():
        folder = tmp_path / name
        folder.mkdir()
        (folder / "wenshu.toml").write_text(text, "utf-8")
        monkeypatch.setenv("WENSHU_PROJECT", str(folder))
        page = AppTest.from_file(str(APP), default_timeout=PATIENCE_S).run()
        assert "ws-headline error" in shown(page)
        assert "Traceback" not in shown(page)


def test_a_mended_project_works_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page_project: Path, demo_small: Path
):
    text = (page_project / "wenshu.toml").read_text("utf-8")
    bank = tmp_path / "late.duckdb"
    (tmp_path / "wenshu.toml").write_text(text.replace(str(demo_small), str(bank)), "utf-8")
    monkeypatch.setenv("WENSHU_PROJECT", str(tmp_path))
    page = AppTest.from_file(str(APP), default_timeout=PATIENCE_S).run()
    assert "ws-headline error" in shown(page)
    shutil.copyfile(demo_small, bank)
    assert "想看什么数" in shown(page.button(key="retry").click().run())


def reloaded(page: AppTest) -> AppTest:
    """A fresh tab with the same address."""
    fresh = AppTest.from_file(str(APP), default_timeout=PATIENCE_S)
    for name, values in page.query_params.items():
        fresh.query_params[name] = values
    return fresh.run()


def test_a_reload_keeps_conversation_and_user(page: AppTest):
    page.selectbox(key="user").set_value("银川行长").run()
    ask(page, "上个月新增客户数是多少")
    told = page.session_state["chat"].turns[0].answer.headline
    fresh = reloaded(page)
    text = shown(fresh)
    assert told in text
    assert "页面重新打开过" in text
    assert fresh.selectbox(key="user").value == "银川行长"
    assert fresh.session_state["chat"].id == page.session_state["chat"].id


def test_somebody_elses_conversation_is_not_opened_by_its_address(page: AppTest):
    ask(page, "上个月新增客户数是多少")
    page.query_params["user"] = "银川行长"
    fresh = reloaded(page)
    assert "ws-asked" not in shown(fresh)
    assert fresh.session_state["chat"].id != page.session_state["chat"].id


def test_an_unfinished_question_is_in_the_history_and_can_be_asked_again(
    page: AppTest, page_project: Path
):
    assistant = Assistant.open(page_project, environment={})
    assistant.history("分析员").begin("0e" * 16, "2026年2月新增客户数是多少")
    assistant.close()
    page.run()
    assert page.button(key=f"open-{'0e' * 16}").label.endswith("未完成]")
    assert "这个问题上次没有做完" in click(page, f"open-{'0e' * 16}")
    text = click(page, "again-1")
    assert "2026年2月全行新增客户数" in text
    assert "未完成" not in page.button(key=f"open-{'0e' * 16}").label


def second_tab(page: AppTest) -> AppTest:
    """The same conversation, led on to another question."""
    other = reloaded(page)
    ask(other, "个人贷款余额是多少")
    return other


def test_a_tab_goes_on_from_what_it_shows_not_from_what_another_asked(page: AppTest):
    ask(page, "上个月新增客户数是多少")
    other = second_tab(page)
    text = ask(page, "9月呢")
    assert "2026年9月全行新增客户数" in text
    assert "这段对话在另一个页面里问过新的问题" in text
    assert ask(page, "8月呢").count("另一个页面") == 1
    assert "贷款余额" in shown(reloaded(other))
    again = reloaded(page)
    assert [turn.question for turn in again.session_state["chat"].turns] == [
        "上个月新增客户数是多少", "9月呢", "8月呢",
    ]  # fmt: skip


def test_a_click_changes_the_card_it_is_on_whatever_another_tab_asked(page: AppTest):
    ask(page, "上个月各分行新增客户数是多少")
    second_tab(page)
    picker = next(box for box in page.selectbox if (box.key or "").startswith("row-"))
    picker.set_value(0).run()
    next(button for button in page.button if button.label == "看各支行").click().run()
    (turn,) = page.session_state["chat"].turns
    assert "新增客户数" in (turn.answer.headline or "")
    assert "这段对话在另一个页面里问过新的问题" in shown(page.run())


def test_a_conversation_deleted_in_another_tab_says_so(page: AppTest, page_project: Path):
    ask(page, "上个月新增客户数是多少")
    assistant = Assistant.open(page_project, environment={})
    assistant.history("分析员").forget(page.session_state["chat"].id)
    assistant.close()
    assert "这段对话已在另一个页面里删除" in ask(page, "9月呢")


def test_an_address_that_leads_nowhere_offers_questions(page: AppTest):
    page.query_params["c"] = "0d" * 16
    lost = reloaded(page)
    assert "没有找到这个地址里的对话" in shown(lost)
    assert "没有找到" not in click(lost, "starter-1")
    assert "c" in lost.query_params


def test_a_dead_link_offers_questions(page: AppTest):
    page.query_params["q"] = "0d" * 16
    dead = reloaded(page)
    assert "这个链接已经失效" in shown(dead)
    assert "全行新增客户数" in click(dead, "suggestion-1")
