"""Questions, each with the query or the doubt that it must become."""

import pytest


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("bank", "questions_bank.txt"),
        ("bank", "questions_doubt.txt"),
        ("tea", "questions_tea.txt"),
        ("broker", "questions_broker.txt"),
        ("spoken", "questions_spoken.txt"),
        ("demo", "questions_demo.txt"),
        ("bank", "questions_everyday.txt"),
        ("demo", "questions_parted.txt"),
        ("demo", "questions_risk.txt"),
        ("demo", "questions_shapes.txt"),
        ("demo", "questions_retail.txt"),
        ("demo", "questions_branch_morning.txt"),
        ("demo", "questions_phone.txt"),
        ("demo", "questions_plainly.txt"),
        ("demo", "questions_evening.txt"),
        ("demo", "questions_now_and_then.txt"),
    ],
)
def test_every_question_becomes_its_query(who, name, request, read_cases):
    company = request.getfixturevalue(who)
    wrong = [
        f"{question}\n    expected {expected}\n    got      {got}"
        for question, expected in read_cases(name)
        if (got := company.compact_reading(question)) != expected
    ]
    assert not wrong, "\n".join(wrong)
