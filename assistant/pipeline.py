"""The journey of a question, top to bottom: one type per station.

understand → plan → resolve → compile → guard → run → explain; see ARCHITECTURE.md.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from assistant.answered import answered, sql_only, with_finite_numbers
from assistant.came_later import came_later
from assistant.context import Context
from assistant.doubt import ask_back, is_alike, not_held, refuse, reply_to_problem, weigh
from assistant.examples import with_examples
from assistant.explain import explain, overlap_notice
from assistant.given_away import without_given_away
from assistant.information import inform
from assistant.never_together import never_together
from assistant.not_reported import gap_notice, not_reported
from assistant.question import Question
from assistant.question_text import unreadable
from assistant.reading import Reading
from assistant.reply import Reply
from assistant.run_failure import why_it_failed
from assistant.sight import denied_to
from semantic_layer.compile import compiled_once
from semantic_layer.engines import QueryFailedError
from semantic_layer.guard import UnsafeSQL
from semantic_layer.problem import Problem
from semantic_layer.query import Query
from semantic_layer.resolve import resolved_once
from semantic_layer.resolved import Assumption
from semantic_layer.run import run_query


def answer(question: Question, context: Context) -> Reply:
    """From a line of Chinese to an answer, a question back, or a refusal."""
    return with_examples(_read_and_answer(question, context), context)


def _read_and_answer(question: Question, context: Context) -> Reply:
    at, snapshot = context.trail.at, context.snapshot
    with at("understand"):
        unread = unreadable(question.text)
    if unread is not None:
        return Reply(unread)
    denied = denied_to(context.principal, snapshot)
    if denied is not None:
        return refuse(denied)
    with at("plan"):
        reading = context.reader.read(question, snapshot)
        if context.adviser is not None:
            reading = context.adviser.advise(reading, question, context)
    if context.analyst is not None:
        analysed = context.analyst.analyse(reading, question, context)
        if analysed is not None:
            return analysed
    return credited(_reply_to(reading, context), reading)


def _reply_to(reading: Reading, context: Context) -> Reply:
    snapshot = context.snapshot
    if reading.request != "query":
        members = partial(context.sight.members, context.principal)
        return Reply(inform(reading, snapshot, members))
    if reading.query is not None:
        return answer_query(reading.query, reading, context)
    return _settle(reading, context)


def answer_query(query: Query, reading: Reading, context: Context) -> Reply:
    """From a query, wherever it came from, to its answer."""
    at, snapshot = context.trail.at, context.snapshot
    with at("resolve"):
        resolved = resolved_once(query, snapshot, context.principal)
    if isinstance(resolved, Problem):
        return reply_to_problem(resolved, query, context)
    late = came_later(resolved, snapshot.manifest)
    if late is not None:
        return reply_to_problem(late, query, context)
    unseen = tuple(context.sight.foreign_in(resolved.where, context.principal))
    if unseen:
        return refuse(out_of_sight(unseen, resolved.scope_text))
    with at("compile"):
        compiled = compiled_once(resolved, snapshot)
    if isinstance(compiled, Problem):
        return reply_to_problem(compiled, query, context)
    sql = compiled.sql(context.running.engine.dialect)
    if not context.run_sql:
        return Reply(sql_only(query, reading, resolved, sql, snapshot))
    try:
        with at("run"):
            result = run_query(resolved, compiled, context.running, snapshot.manifest)
            misled = never_together(query, resolved, result, context) or not_reported(
                query, resolved, result, context
            )
            gap = gap_notice(query, resolved, context)
            result = without_given_away(query, resolved, result, context)
    except (QueryFailedError, UnsafeSQL) as error:
        return Reply(why_it_failed(error, resolved, snapshot))
    if misled is not None:
        return reply_to_problem(misled, query, context)
    result = with_finite_numbers(result, snapshot.manifest)
    told = (gap, overlap_notice(resolved, result, snapshot.manifest))
    result = replace(result, warnings=(*result.warnings, *(n for n in told if n is not None)))
    with at("explain"):
        explanation = explain(resolved, result, snapshot, reading.chart)
    manifest = snapshot.manifest
    return Reply(answered(query, reading, resolved, sql, result, explanation, manifest), query)


def _settle(reading: Reading, context: Context) -> Reply:
    """A doubtful reading: answered when only one makes sense, else asked back or refused."""
    problem = reading.problem or UNREAD
    with context.trail.at("resolve"):
        live, only_one_makes_sense = weigh(reading.options, context, alike=is_alike(problem))
    if only_one_makes_sense and problem.code.startswith("ambiguous"):
        option = live[0].offered
        assumed = Assumption("reading", f"“{option.word or problem.subject}”按{option.label}理解")
        taken = replace(reading, assumptions=(*reading.assumptions, assumed))
        return answer_query(option.query, taken, context)
    if live:
        return ask_back(problem, live, context)
    return refuse(not_held(problem, reading.options), reading.suggestions)


def out_of_sight(values: tuple[str, ...], scope: str) -> Problem:
    """Zero would be a plausible wrong number for rows that the asker may not see."""
    named = "、".join(values)
    return Problem(
        "permission", f"按您的权限({scope})不能查看“{named}”的数据", "scope.where", named
    )


def credited(reply: Reply, reading: Reading) -> Reply:
    """Who read the question, what it took, and what must be said about that."""
    return reply._replace(
        answer=replace(
            reply.answer,
            planner=reading.planner if reading.planner == "llm" else reply.answer.planner,
            warnings=(*reading.notices, *reply.answer.warnings),
            model_use=reading.model_use,
        )
    )


UNREAD = Problem("unsupported", "这句追问还不支持。请把问题问完整,例如下面的问题")
