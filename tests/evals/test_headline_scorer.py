"""Every number, sign, unit, date and scope of the sentence has a source."""

import pytest

from evals.scoring.headline import score_headline

DEPOSIT = {
    "columns": [
        {"id": "deposit", "name": "个人存款余额", "kind": "metric"},
        {"id": "deposit.ytd_open.diff", "name": "较年初增减额", "kind": "comparison"},
        {"id": "deposit.ytd_open.rate", "name": "较年初增速", "kind": "comparison"},
    ],
    "rows": [[123456000000.0, -987000000.0, -0.00793]],
    "row_count": 1,
    "total_rows": 1,
    "totals": {},
    "reading": "2026年10月末 · 个人存款余额 · 较年初(2025年末)",
    "periods": [
        {"role": "current", "start": "2026-10-31", "end": "2026-10-31"},
        {"role": "ytd_open", "start": "2025-12-31", "end": "2025-12-31"},
    ],
}
START = "截至2026年10月31日,全行个人存款余额"


@pytest.mark.parametrize(
    "headline",
    [
        f"{START}1,234.56亿元。",
        f"{START}1,234.56亿元,较年初(2025年末)减少9.87亿元(-0.79%)。",
        f"{START}12,345,600.00万元,较2025年12月31日下降0.79%。",
    ],
)
def test_true_sentences_pass(answer, headline):
    assert score_headline(answer(**DEPOSIT, headline=headline)).passed


@pytest.mark.parametrize(
    ("headline", "reason"),
    [
        (f"{START}1,234.57亿元。", "1,234.57亿 不在结果中"),
        (f"{START}1,234.56万元。", "1,234.56万 不在结果中"),
        (f"{START}1,234.56元。", "1,234.56 不在结果中"),
        (f"{START}1,234.56亿元,增加9.87亿元。", "增加9.87亿 不在结果中"),
        (f"{START}1,234.56亿元(+0.79%)。", "+0.79% 不在结果中"),
        (f"{START}1,234.56亿元,在20家同业中第3。", "20、3 不在结果中"),
        ("截至2026年9月30日,全行个人存款余额1,234.56亿元。", "2026年9月30日 不是所问期间"),
        ("", "没有结论句"),
    ],
)
def test_a_claim_without_a_source_is_named(answer, headline, reason):
    layer = score_headline(answer(**DEPOSIT, headline=headline))
    assert not layer.passed
    assert reason in layer.reason


def test_number_of_groups_members_and_share_of_the_total_have_a_source(answer):
    text = "2026年10月全行新增客户数1,390户;2家分行中银川分行最多(1,203户,占86.55%)。"
    assert score_headline(answer(headline=text)).passed
    assert not score_headline(answer(headline=text.replace("86.55", "86.56"))).passed


def test_a_part_is_not_called_the_whole_bank(answer):
    part = {"scope": "仅银川分行"}
    assert not score_headline(answer(**part, headline="2026年10月全行新增客户数1,390户。")).passed
    honest = "2026年10月(仅银川分行,非全行合计)新增客户数1,390户。"
    assert score_headline(answer(**part, headline=honest)).passed


def test_a_ranking_may_count_without_those_that_take_no_place(answer):
    told = {"code": "unranked", "message": "另有1个不参加排名(总行直属不是分行),计入合计。"}
    text = "2026年10月全行新增客户数1,390户;银川分行1,203户,排第1(共20个)。"
    columns = [*answer()["columns"], {"id": "new_cust.rank", "name": "名次", "kind": "rank"}]
    rows = [["银川分行", 1203, 1]]
    ranked = answer(columns=columns, rows=rows, total_rows=21, warnings=[told], headline=text)
    assert score_headline(ranked).passed
    assert not score_headline({**ranked, "warnings": []}).passed


def test_a_condition_with_its_own_month_may_stand_in_the_sentence(answer):
    condition = "今年10月交易金额大于5万元的客户"
    text = f"截至2026年10月31日,({condition})新增客户数1,390户。"
    assert score_headline(answer(headline=text, reading=f"2026年10月末 · {condition}")).passed
    assert not score_headline(answer(headline=text, reading="2026年10月末")).passed
