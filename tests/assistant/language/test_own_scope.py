"""我的, 我管户的: the asker's own rows, where his rights limit him; else a question back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from semantic_layer.principal import Principal

HEAD = Principal("行长", ("branch_manager",), (("branch", ("银川分行",)),))
MANAGER = Principal("经理", ("customer_manager",), (("manager", ("钟芳(M0001)",)),))
OWN = ("我的客户数", "我管户的AUM", "我名下的存款余额", "我的贵宾客户数")


@pytest.mark.parametrize("question", OWN)
@pytest.mark.parametrize("asker", [HEAD, MANAGER])
def test_ones_own_are_the_rows_that_one_may_see(demo, question, asker):
    reading = replace(demo, principal=asker).read(question)
    assert reading.query is not None
    assert reading.query.scope.where is None
    assert any("权限范围" in assumed.text for assumed in reading.assumptions)


@pytest.mark.parametrize("question", OWN)
def test_who_sees_everything_is_asked_whose(demo, question):
    reading = demo.read(question)
    assert reading.query is None
    assert reading.problem.code == "ambiguous_phrase"


def test_the_page_of_that_name_is_still_found(demo):
    assert demo.compact_reading("我的页面浏览量") == "pv where page in 我的"


@pytest.mark.parametrize("everybody", ["全行", "全国", "本公司", "我们行"])
def test_the_average_of_all_is_not_for_who_sees_a_part(demo, everybody):
    question = f"10月末不良贷款率高于{everybody}平均的支行"
    assert replace(demo, principal=HEAD).read(question).problem.code == "permission"
