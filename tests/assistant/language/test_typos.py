"""Slips of the pen over names of metrics, dimensions and members: never another query."""

from pathlib import Path

import pytest

TABLE = Path(__file__).with_name("typos.tsv")
AS_GOOD = {"=": "=", "?": "=?", "-": "=?-"}


def _rows():
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]


def _outcome(company, said, meant):
    query, reading = company.read(meant).query, company.read(said)
    assert query is not None, meant
    if reading.query is not None:
        return "=" if reading.query == query else "another query"
    return "?" if any(option.query == query for option in reading.options) else "-"


def test_a_slip_is_mended_asked_back_or_left_unanswered(demo):
    rows = _rows()
    assert len(rows) >= 150
    got = {said: _outcome(demo, said, meant) for said, meant, _ in rows}
    wrong = [
        f"{said}: expected {wanted}, got {got[said]}"
        for said, _, wanted in rows
        if got[said] not in AS_GOOD[wanted]
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        ("个人贷余款额", "个人贷款余额"),
        ("客沪数", "客户数"),
        ("基全保有量", "基金保有量"),
        ("AMU是多少", "零售AUM"),
    ],
)
def test_the_nearest_name_is_offered_first(demo, said, offered):
    reading = demo.read(said)
    first = reading.options[0].label if reading.options else ""
    assert reading.query == demo.read(offered).query or first == offered


def test_two_names_that_sound_alike_are_both_offered(demo):
    """收购 and 首购 are said alike; only one is a name here, so nothing is asked."""
    assert demo.read("收购客户数").query == demo.read("首购客户数").query


def test_a_member_is_never_swallowed_by_a_guess(demo):
    assert demo.read("女性可户数").query == demo.read("女性客户数").query
    assert demo.read("银川分行可户数").query == demo.read("银川分行客户数").query
