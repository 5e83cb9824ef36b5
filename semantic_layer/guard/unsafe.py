"""The one error of the guard."""

from __future__ import annotations

from typing import Literal

UnsafeCode = Literal[
    "unparsable",
    "several_statements",
    "not_a_query",
    "construct",
    "function",
    "table",
    "table_function",
    "column",
    "whole_row",
    "positional",
    "column_alias_list",
    "star",
    "duplicate_alias",
    "recursive",
    "text",
    "too_deep",
]

_SENTENCES: dict[UnsafeCode, str] = {
    "unparsable": "查询语句读不懂,没有执行",
    "several_statements": "一次只能执行一条查询,没有执行",
    "not_a_query": "只能执行查询语句,没有执行",
    "construct": "查询用到了不允许的写法“{0}”,没有执行",
    "function": "查询用到了不允许的函数“{0}”,没有执行",
    "table": "查询用到了未开放的表“{0}”,没有执行",
    "table_function": "查询不能从函数“{0}”里取数,没有执行",
    "column": "查询用到了未开放的字段“{0}”,没有执行",
    "whole_row": "查询不能整行取出“{0}”,没有执行",
    "positional": "查询不能按位置“{0}”取字段,没有执行",
    "column_alias_list": "查询不能给“{0}”整体改字段名,没有执行",
    "star": "查询不能用星号取出“{0}”的全部字段,没有执行",
    "duplicate_alias": "查询里有两个来源都叫“{0}”,没有执行",
    "recursive": "查询不能递归,没有执行",
    "text": "查询里有不允许的文字“{0}”,没有执行",
    "too_deep": "查询嵌套太深,没有执行",
}


class UnsafeSQL(Exception):  # noqa: N818 — the name the architecture gives it
    """A statement that the guard does not let through."""

    def __init__(self, code: UnsafeCode, subject: str = "") -> None:
        self.code = code
        self.subject = subject
        self.message = _SENTENCES[code].format(subject)
        super().__init__(self.message)
