"""One input in a conversation: a new question, a choice, a query or a patch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from assistant.answer import Answer
from assistant.context import Context
from assistant.doubt import ask_back, refuse, weigh
from assistant.language.canonical import read_canonical
from assistant.patching import apply_patch
from assistant.pipeline import answer, answer_query
from assistant.question import Question
from assistant.reading import Reading, ReadingOption
from assistant.reply import Reply
from assistant.session import chosen_option, option_by_id
from assistant.state import Conversation, OpenOption
from semantic_layer.model import Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import (
    InvalidQueryError,
    Patch,
    Query,
    patch_from_json,
    query_from_json,
)
from semantic_layer.query.json_text import read_text

NOTHING_OPEN = Problem("nothing_to_change", "现在没有等待选择的选项。请先提出问题,再选择")
NOTHING_TO_CHANGE = Problem("nothing_to_change", "之前没有可以修改的问题。请先问一个完整的问题")

_CHINESE_FIRST = re.compile(r"\s*(?![{\[\"])[^\n]*[\u4e00-\u9fff]")
"""Canonical text; JSON begins with a bracket."""


class Asking(NamedTuple):
    """The reply, and the choice to remember from it."""

    reply: Reply
    choice: tuple[str, str] | None = None


def ask_in(text: str, choose: int | None, conversation: Conversation, context: Context) -> Asking:
    """The text as a choice among the open options, else as a question."""
    if choose is not None and not text:
        return _choose(option_by_id(choose, conversation), conversation, context)
    picked = chosen_option(text, conversation)
    if picked is not None:
        return _choose(picked, conversation, context)
    question = Question(
        text, context.snapshot.as_of, context.principal, conversation.last_query,
        conversation.choices, conversation.earlier_query, conversation.unread,
    )  # fmt: skip
    reply = answer(question, context)
    if choose is None or not reply.options:
        return Asking(reply)
    asked_back = replace(conversation, open_options=reply.options)
    return _choose(option_by_id(choose, asked_back), asked_back, context)


def run_in(
    given: Query | Patch | Mapping[str, Any] | str, conversation: Conversation, context: Context
) -> Reply:
    """A query as it stands, or the last one with a patch applied."""
    try:
        query = _complete(given, conversation, context.snapshot.manifest)
    except InvalidQueryError as error:
        return Reply(Answer(code="invalid_query", message=str(error)))
    if query is None:
        return refuse(NOTHING_TO_CHANGE)
    return answer_query(query, Reading(), context)


def _choose(option: OpenOption | str, conversation: Conversation, context: Context) -> Asking:
    if isinstance(option, OpenOption):
        choice = (option.word, option.choice) if option.word and option.choice else None
        return Asking(answer_query(option.query, Reading(), context), choice)
    if not conversation.open_options:
        return Asking(refuse(NOTHING_OPEN))
    offered = (ReadingOption(o.label, o.query, o.word, o.choice) for o in conversation.open_options)
    problem = Problem(
        "ambiguous_phrase", f"只有{len(conversation.open_options)}个选项,请选其中一个"
    )
    again = ask_back(problem, weigh(offered, context).live, context)
    return Asking(again._replace(answer=replace(again.answer, code="invalid_choice")))


def _complete(given: object, conversation: Conversation, manifest: Manifest) -> Query | None:
    parsed = _parsed(given, manifest)
    if not isinstance(parsed, Patch):
        return parsed
    last = conversation.last_query
    return apply_patch(last, parsed) if last else None


def _parsed(given: Any, manifest: Manifest) -> Query | Patch:
    if isinstance(given, str) and _CHINESE_FIRST.match(given):
        return read_canonical(given.strip(), manifest)
    if isinstance(given, str | bytes | Mapping):
        return patch_from_json(given) if _is_patch(given) else query_from_json(given)
    parsed: Query | Patch = given
    return parsed


def _is_patch(given: str | bytes | Mapping[str, Any]) -> bool:
    if isinstance(given, str | bytes):
        given = read_text(given, "查询")
    return isinstance(given, Mapping) and (given.get("kind") == "patch" or "changes" in given)
