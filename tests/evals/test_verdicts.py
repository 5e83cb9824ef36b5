"""Right, wrong or abstained: what each pair of expectation and outcome counts as."""

from datetime import date

import pytest

from evals.case import Gold, Slots
from evals.scoring import score

ROWS = (("branch", "new_cust"), [("银川分行", 1203), ("固原分行", 187)])


def golds(sql):
    return {"gold": ROWS, "other": (ROWS[0], [("银川分行", 1), ("固原分行", 2)])}[sql]


@pytest.mark.parametrize(
    ("expected", "got", "verdict"),
    [
        ("answer", "answer", "right"),
        ("answer", "clarification", "abstained"),
        ("answer", "refusal", "abstained"),
        ("answer", "error", "abstained"),
        ("answer", "info", "wrong"),
        ("clarification", "clarification", "right"),
        ("clarification", "answer", "wrong"),
        ("clarification", "refusal", "abstained"),
        ("refusal", "refusal", "right"),
        ("refusal", "answer", "wrong"),
        ("refusal", "clarification", "abstained"),
        ("info", "info", "right"),
        ("info", "answer", "wrong"),
    ],
)
def test_outcome_matrix(answer, case, expected, got, verdict):
    code = "answered" if got == "answer" else "some_code"
    found, _ = score(case(outcome=expected), answer(outcome=got, code=code), golds)
    assert found == verdict


def test_another_code_is_no_right_refusal(answer, case):
    refused = answer(outcome="refusal", code="unknown_term")
    assert score(case(outcome="refusal", codes=("unknown_term",)), refused, golds)[0] == "right"
    assert score(case(outcome="refusal", codes=("permission",)), refused, golds)[0] == "abstained"


def test_a_code_that_a_fair_reader_accepts_is_right(answer, case):
    asked = answer(outcome="clarification", code="ambiguous_path")
    assert score(case(accept=("ambiguous_path",)), asked, golds)[0] == "right"


def test_a_clarification_must_offer_what_was_meant(answer, case):
    def options(*names):
        offered = [{"query": {"measures": [{"metric": n}]}} for n in names]
        return answer(outcome="clarification", code="ambiguous_metric", options=offered)

    expected = case(outcome="clarification", options=("deposit", "loan_bal"))
    assert score(expected, options("loan_bal", "deposit", "aum"), golds)[0] == "right"
    verdict, layers = score(expected, options("aum", "deposit"), golds)
    assert (verdict, layers[0].reason) == ("abstained", "选项里没有 loan_bal")


def test_wrong_rows_make_a_wrong_answer_and_any_accepted_reading_a_right_one(answer, case):
    assert score(case(any_of=(Gold("other"),)), answer(), golds)[0] == "wrong"
    assert score(case(any_of=(Gold("other"), Gold("gold"))), answer(), golds)[0] == "right"


def test_right_rows_of_another_period_or_metric_are_wrong(answer, case):
    def verdict(**slots):
        return score(case(any_of=(Gold("gold", Slots(**slots)),)), answer(), golds)[0]

    assert verdict(metrics=("new_cust",), groups=("branch",)) == "right"
    assert verdict(period=(date(2026, 10, 1), date(2026, 10, 31))) == "right"
    assert verdict(period=(date(2026, 9, 1), date(2026, 9, 30))) == "wrong"
    assert verdict(metrics=("closed_cust",)) == "wrong"
    assert verdict(groups=()) == "wrong"


def test_an_assumption_must_be_said(answer, case):
    expected = case(any_of=(Gold("gold", must_state=("本年",)),))
    assumed = [{"slot": "period", "text": "没有说时间,按本年累计"}]
    verdict, layers = score(expected, answer(), golds)
    assert (verdict, layers[1].reason) == ("wrong", "没有说明“本年”")
    assert score(expected, answer(assumptions=assumed), golds)[0] == "right"


def test_a_forbidden_word_anywhere_is_a_leak(answer, case):
    secret = case(must_not_say=("固原分行",))
    assert score(secret, answer(), golds)[0] == "wrong"
    elsewhere = answer(outcome="refusal", code="permission", suggestions=["固原分行存款"])
    refused = case(outcome="refusal", must_not_say=("固原分行",))
    assert score(refused, elsewhere, golds)[0] == "wrong"
    assert score(refused, answer(outcome="refusal", rows=[]), golds)[0] == "right"


def test_an_answer_accepted_beside_a_refusal_is_right_unless_it_says_what_it_must_not(answer, case):
    unreported = case(outcome="refusal", accept=("answered",), must_not_say=("0.00元",))
    assert score(unreported, answer(headline="掌政分理处当日未报数。"), golds)[0] == "right"
    assert score(unreported, answer(headline="存款余额0.00元。"), golds)[0] == "wrong"
