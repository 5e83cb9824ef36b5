"""Holidays, workdays and weekends of the bank equal SQL written by hand, none counted twice."""

KINDS = """
    select case when holiday is not null then '法定假期' when is_workday then '工作日'
                else '周末' end, count(*)
    from fact_txn join dim_calendar on date = txn_date
    where success = 1 and txn_date between date '2026-10-01' and date '2026-10-31' group by 1"""


def test_three_kinds_of_days_make_up_the_month(small_assistant, small_bank):
    answer = small_assistant.ask("10月按日子类型看交易笔数")
    by_hand = set(small_bank.execute(KINDS).fetchall())
    assert {tuple(row) for row in answer.rows} == by_hand
    assert len(by_hand) == 3


def test_two_kinds_beside_each_other(small_assistant, small_bank):
    answer = small_assistant.ask("10月工作日和周末交易笔数分别多少")
    by_hand = dict(small_bank.execute(KINDS).fetchall())
    assert dict(answer.rows) == {kind: by_hand[kind] for kind in ("工作日", "周末")}
