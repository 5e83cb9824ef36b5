"""Follow-ups, each with the whole question that it means after the turns before."""

import pytest

from assistant.question import Question


def heard(company, turns):
    """The reading of the last turn after the queries of those before."""
    previous = earlier = None
    reading = None
    for turn in turns:
        question = Question(turn, company.snapshot.as_of, company.principal, previous, (), earlier)
        reading = company.planner.read(question, company.snapshot)
        if reading.query is not None and reading.query != previous:
            previous, earlier = reading.query, previous
    return reading


def compact(company, reading):
    if reading.request != "query":
        return " ".join((f"#{reading.request}", *reading.subjects))
    if reading.problem is not None:
        return f"!{reading.problem.code}"
    return company.compact(reading.query)


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("bank", "questions_follow_up.txt"),
        ("demo", "questions_conversation.txt"),
        ("demo", "questions_talking_on.txt"),
    ],
)
def test_every_follow_up_means_its_whole_question(who, name, request, read_cases):
    company = request.getfixturevalue(who)
    wrong = []
    for turns, expected in read_cases(name):
        reading = heard(company, [turn.strip() for turn in turns.split("|")])
        means = company.compact_reading(expected[2:]) if expected.startswith("= ") else expected
        assert not expected.startswith("= ") or means[0] not in "!#", expected
        if (got := compact(company, reading)) != means:
            wrong.append(f"{turns}\n    expected {means}\n    got      {got}")
    assert not wrong, "\n".join(wrong)


def test_what_is_taken_over_is_said(bank):
    reading = heard(bank, ["上个月各分行新增客户数", "那贷款余额呢"])
    assert [a.text for a in reading.assumptions if a.slot == "inherited"] == [
        "沿用上一问:上个月,按分行"
    ]
    assert reading.confidence < 1


def test_a_chart_wish_alone_repeats_the_question_in_another_form(bank):
    reading = heard(bank, ["今年各月新增客户数", "换成柱状图"])
    assert (reading.chart, bank.compact(reading.query)) == (
        "bar", bank.compact_reading("今年各月新增客户数"),
    )  # fmt: skip


def test_options_of_a_follow_up_are_whole_queries(bank):
    reading = heard(bank, ["上个月各分行存款余额", "和去年比呢"])
    assert {bank.compact(o.query).split(" vs ")[1].split("[")[0] for o in reading.options} == {
        "yoy", "ytd_open",
    }  # fmt: skip
    assert all("by branch" in bank.compact(o.query) for o in reading.options)
