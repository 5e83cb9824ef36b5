"""Nothing that a user types or a table holds becomes markup."""

from __future__ import annotations

import json
from datetime import date

import pytest

from assistant.answer import Answer
from assistant.explain import DefinitionCard
from assistant.vocabulary import Word
from semantic_layer.resolved import Assumption
from semantic_layer.result import Notice
from ui.page.browser import bring_to_top
from ui.page.definition import definitions_html
from ui.page.heading import heading_html
from ui.page.literal import clipped, label, paragraph
from ui.page.notes import reading_html, source_text, timings_text
from ui.page.shared import Overview, plain_name
from ui.page.side import metrics_called
from ui.page.typeahead import Words, words_json

EVIL = "<script>alert(1)</script>"
CARD = DefinitionCard(
    id="new", label="新增客户数", version=2, status="certified", owner="零售数据部",
    formula="“客户”计数", description="首次开户的客户", synonyms=("新客数",), unit="户",
    domain="零售银行/客户经营", certified_by="委员会", certified_on="2026-09-01", reconciled=False,
)  # fmt: skip


@pytest.mark.parametrize(
    "text", [EVIL, "**粗**", ":red[红]", "[链](http://a.b)", "$x$", "`c`", "# 大"]
)
def test_a_button_shows_its_text_as_it_is(text):
    shown = label(text)
    assert all(
        shown[i - 1] == "\\" for i, sign in enumerate(shown) if sign in "*[]$`#<>:" and i > 0
    )


def test_a_paragraph_is_never_html():
    assert paragraph(EVIL, "ws-note") == (
        '<p class="ws-note">&lt;script&gt;alert(1)&lt;/script&gt;</p>'
    )


def test_every_part_of_a_card_escapes_its_text():
    answer = Answer(
        reading=EVIL,
        assumptions=(Assumption("period", EVIL),),
        warnings=(Notice("x", EVIL),),
        scope=EVIL,
        user=EVIL,
        definitions=(CARD,),
    )
    assert "<script" not in reading_html(answer) + definitions_html(answer)


def test_what_comes_from_the_question_before_stands_first_under_its_own_name():
    habit = Assumption("period", "没有说时间,按本年累计")
    taken_over = Assumption("inherited", "沿用上一问:按分行")
    shown = reading_html(Answer(assumptions=(habit, taken_over)))
    assert shown.index("承接上文") < shown.index("沿用上一问") < shown.index("按惯例补充")


def test_an_endless_question_is_clipped():
    assert clipped("问" * 10_000, most=3) == "问问问……(共10,000个字)"


def test_only_our_own_keys_reach_a_script():
    with pytest.raises(ValueError, match="x"):
        bring_to_top("x');alert(1);('")


def test_a_definition_shows_standing_owner_and_source():
    answer = Answer(definitions=(CARD,), scope="全行", data_dates={"d": date(2026, 10, 31)})
    shown = definitions_html(answer)
    for text in (
        "新增客户数",
        "第2版",
        "已认证",
        "未核对",
        "零售数据部",
        "“客户”计数",
        "全行",
        "2026年10月31日",
    ):
        assert text in shown


def test_one_line_says_scope_date_and_standing():
    answer = Answer(scope="仅银川分行", data_dates={"d": date(2026, 10, 31)}, certified=False)
    assert source_text(answer) == "仅银川分行 · 数据截至2026年10月31日 · 含未认证口径"


def test_timings_are_told_step_by_step():
    answer = Answer(timings_ms={"run": 6.04, "total": 1008.9})
    assert timings_text(answer) == "查询 6.0 毫秒 · 合计 1,008.9 毫秒"


def test_the_heading_tells_the_dates_and_that_data_are_invented():
    found = Overview(
        "示例银行", True, date(2026, 11, 20), True, {"客户": date(2026, 11, 19)}, (), ()
    )
    for text in (
        "问数",
        "示例银行",
        "虚拟数据",
        "演示日期 2026年11月20日",
        "数据截至 2026年11月19日",
    ):
        assert text in heading_html(found)
    assert "虚拟数据" not in heading_html(None)


def test_a_project_is_called_by_its_name_alone():
    assert plain_name("示例银行(虚拟数据)") == "示例银行"
    assert plain_name("茶饮连锁") == "茶饮连锁"


def test_metrics_are_found_by_name_synonym_and_domain():
    metrics = [
        {"label": "App启动次数", "domain": "网络金融/App行为", "synonyms": ("打开次数",)},
        {"label": "个人存款余额", "domain": "零售/规模", "synonyms": ()},
    ]
    assert metrics_called(metrics, " app ") == ["App启动次数"]
    assert metrics_called(metrics, "打开") == ["App启动次数"]
    assert metrics_called(metrics, "规模") == ["个人存款余额"]
    assert metrics_called(metrics, "天气") == []


def test_words_to_complete_with_carry_their_kind_and_first_letters():
    rows = json.loads(words_json([Word("存款余额", "metric", "规模", ("存款",))], ["上月存款"]))
    assert rows == [["存款余额", "指标", "规模", "存款", "ckye"], ["上月存款", "例题", ""]]


def test_a_token_that_nobody_was_given_fetches_nothing():
    assert Words().fetch("../../etc/passwd") is None
