"""What a search finds in the tea shop, why, and what it keeps from whom."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.retrieve import Candidates, Reason

Search = Callable[..., Candidates]


def ids(hits: tuple[Any, ...]) -> list[str]:
    return [hit.id for hit in hits]


def named(found: Candidates) -> list[tuple[str, object]]:
    return [(value.dimension, value.value) for value in found.values]


@pytest.mark.parametrize(
    ("text", "metric", "reason"),
    [
        ("上个月的销售额", "sales_amount", Reason("name", "销售额", "exact")),
        ("营业额走势", "sales_amount", Reason("synonym", "营业额", "exact")),
        ("退歀额", "refund_amount", Reason("name", "退款额", "spelling")),
        ("定单数", "order_count", Reason("name", "订单数", "spelling")),
    ],
)
def test_a_metric_is_found_by_name_synonym_and_slip(
    shop: Assistant, search: Search, text: str, metric: str, reason: Reason
) -> None:
    best = search(shop, text).metrics[0]
    assert (best.id, best.reason) == (metric, reason)


def test_a_word_of_several_metrics_finds_all_of_them(shop: Assistant, search: Search) -> None:
    found = search(shop, "流水").metrics[:2]
    assert ids(found) == ["refund_amount", "sales_amount"]
    assert {hit.reason.source for hit in found} == {"ambiguous"}


def test_dimensions_and_members_are_found(shop: Assistant, search: Search) -> None:
    found = search(shop, "东店各品类的营业额")
    assert ids(found.dimensions)[0] == "kind"
    assert named(found) == [("shop", "东店")]
    assert found.values[0].public


def test_personal_fields_are_never_found(shop: Assistant, search: Search) -> None:
    assert "phone" not in ids(search(shop, "手机号").dimensions)


def test_a_member_outside_the_rights_is_not_found(guarded_shop: Assistant, search: Search) -> None:
    for user, seen in (
        ("掌柜", [("shop", "西店")]),
        ("东店店长", []),
        ("西店店长", [("shop", "西店")]),
    ):
        assert named(search(guarded_shop, "西店的销售额", user)) == seen


@pytest.mark.parametrize("user", ["没有属性的店长", "路人"])
def test_who_may_see_nothing_finds_nothing(
    guarded_shop: Assistant, search: Search, user: str
) -> None:
    assert search(guarded_shop, "东店的销售额和订单数按品类", user) == Candidates()


def test_no_more_than_asked_for_and_the_same_each_time(shop: Assistant, search: Search) -> None:
    found = search(shop, "销售额和退款额", k=1)
    assert (len(found.metrics), len(found.dimensions)) == (1, 1)
    assert search(shop, "销售额和退款额", k=1) == found


@pytest.mark.parametrize("text", ["", " ", "?!", "zzzz", "🙂", "的" * 500, "%';--"])
def test_any_text_may_be_searched(shop: Assistant, search: Search, text: str) -> None:
    assert all(0 <= hit.score <= 1 for hit in search(shop, text).metrics)


def test_masking_for_an_asker_hides_what_they_may_not_see(
    guarded_shop: Assistant, index_of: Callable[..., Any]
) -> None:
    keeper = guarded_shop.settings.user("东店店长")
    masked = index_of(guarded_shop).masked("西店和东店,客户张伟13800138000", keeper)
    assert masked.text == "〈名称1〉和东店,客户〈姓名1〉〈手机号1〉"


def test_words_of_several_readings_stay_where_one_of_them_may_be_seen(
    guarded_shop: Assistant, index_of: Callable[..., Any]
) -> None:
    keeper = guarded_shop.settings.user("东店店长")
    assert index_of(guarded_shop).masked("销售额按门店", keeper).text == "销售额按门店"


APART = """
version: 1
domain: 零售/总部
datasets:
  - name: ledger
    label: 总账
    source: sales
    key: sale_id
    time: day
    data_date: {max: day, not_after: as_of}
    fields:
      - {name: ledger_kind, expr: kind, label: 科目, owner: 总部}
metrics:
  - name: ledger_amount
    label: 总账金额
    description: 总账里的金额合计
    owner: 财务部
    unit: CNY
    direction: neutral
    dataset: ledger
    agg: sum
    expr: amount
"""


def test_what_rights_cannot_be_applied_to_is_not_found(
    make_shop: Callable[..., Path], search: Search
) -> None:
    folder = make_shop(rights=True)
    (folder / "catalog" / "apart.yml").write_text(APART, encoding="utf-8")
    assistant = Assistant.open(folder, environment={}, debug=True)
    boss = search(assistant, "总账金额按科目", "掌柜")
    keeper = search(assistant, "总账金额按科目", "东店店长")
    assert (ids(boss.metrics)[0], ids(boss.dimensions)[0]) == ("ledger_amount", "ledger_kind")
    assert "ledger_amount" not in ids(keeper.metrics)
    assert "ledger_kind" not in ids(keeper.dimensions)
    assistant.close()
