"""No text makes the readers fail, and every token lies where it says."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.number import find_comparators, find_numbers
from assistant.language.time import describe, find_grains, find_times

PIECES = st.sampled_from(
    [
        *"年月日号周旬季度天上下本去今前后近最第末底初到至和、的每各按以内从自起截同期0123459一二三十半几%万亿",
        "季度", "上半年", "去年", "今年", "上个月", "以来", "至今", "截至", "同期", "春节", "2024",
        "工作日", "交易日", "最后", "前三", "每月", "近30天", "10月", "8号", "周五", "之间", "超过", "不到",
        "2024-05-08", "202405", "q3", "ytd", "以上", "介于", "百分之", "bp", "分之",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=14).map("".join)
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@settings(max_examples=500, deadline=None)
@given(TEXTS, DAYS)
def test_times_of_any_text(text, as_of):
    for token in find_times(text, as_of):
        assert text[token.start : token.end] == token.text != ""
        assert (token.spans is None) == (token.kind in ("vague", "invalid", "days"))
        assert (token.problem is not None) == (token.kind in ("vague", "invalid"))
        assert all(describe(span) for span in token.spans or ())


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_numbers_and_grains_of_any_text(text):
    for token in (*find_numbers(text), *find_comparators(text), *find_grains(text)):
        assert text[token.start : token.end] == token.text != ""


@pytest.mark.parametrize("piece", ["1月、", "今年和", "一万", "1-", "万", "超过", "3月到", "每"])
def test_long_questions_take_no_more_than_their_length(piece):
    started = time.process_time()
    text = piece * 1000
    find_times(text, date(2026, 11, 20))
    find_numbers(text)
    find_comparators(text)
    assert time.process_time() - started < 5
