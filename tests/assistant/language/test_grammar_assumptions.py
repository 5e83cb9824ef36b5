"""What is said aloud about a reading must be what was read."""

import pytest


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("过去两年新增客户数", "“过去两年”按24个完整月计,不含本月"),
        ("过去两年每年新增客户数", "“过去两年”按2个完整年计,不含本年"),
        ("近一年每季度新增客户数", "“近一年”按4个完整季度计,不含本季"),
        ("近六个月每月新增客户数", "“近六个月”按6个完整月计,不含本月"),
    ],
)
def test_the_window_told_is_the_window_used(bank, question, said):
    assert [a.text for a in bank.read(question).assumptions if a.slot == "period"] == [said]
