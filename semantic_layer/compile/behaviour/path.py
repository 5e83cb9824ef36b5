"""Paths: the most frequent ways through a session, from an event or to it.

What repeats at once counts once; a session that meets the event several times is told from
the first time; nothing is read across the end of a session.
"""

from __future__ import annotations

from sqlglot import exp

from semantic_layer.compile.behaviour.few import few
from semantic_layer.compile.behaviour.log import (
    AT,
    ROW,
    WHO,
    behaviour_scan,
    is_day,
    row_key,
    start_terms,
    step_terms,
)
from semantic_layer.compile.behaviour.parts import Statement
from semantic_layer.compile.behaviour.shape import (
    ascending,
    count_column,
    descending,
    grouped,
    rate_column,
    ratio,
    select_from,
)
from semantic_layer.compile.groups import group_columns, shown_value
from semantic_layer.compile.scan import Scan
from semantic_layer.compile.stages import Stages
from semantic_layer.compile.times import within
from semantic_layer.compile.tokens import (
    all_of,
    coalesce,
    column,
    named,
    number,
    table,
    text,
)
from semantic_layer.model import EventLog
from semantic_layer.query import PathQuery
from semantic_layer.resolve.units import ONE_DAY, Days
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.result import Column
from semantic_layer.snapshot import Snapshot

SESSION, VISIT, FIRST, PATH = "session", "visit", "first_met", "path"
ELEMENT, ANCHOR, NEIGHBOUR, MET, PLACE = "element", "is_anchor", "neighbour", "met", "place"
SEEN = {"from": "这些会话从该事件起的事件", "to": "这些会话到该事件为止的事件"}
ARROW = " → "
PATH_COLUMN = Column(PATH, "路径", "dimension")
VARCHAR = exp.DataType.Type.VARCHAR


def paths(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> Statement:
    """The most frequent paths with the number of sessions and their share of all."""
    query = _query(resolved)
    stage = _counted(resolved, snapshot, stages)
    columns = (PATH_COLUMN, count_column("sessions", "会话数", "次"), rate_column("share", "占比"))
    hides = snapshot.min_group_size > 1
    shown = [column(c.id) for c in columns]
    select = select_from(stage, [*shown, *([named(exp.true(), few("share"))] if hides else [])])
    order = exp.Order(expressions=[descending(column("sessions")), ascending(column(PATH))])
    select.set("order", order)
    select.set("limit", exp.Limit(expression=number(query.top)))
    return Statement(select, columns, ("share",) if hides else ())


def path_count(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> exp.Select:
    """How many different paths there are."""
    stage = _counted(resolved, snapshot, stages)
    return select_from(stage, [named(exp.Count(this=exp.Star()), "groups")])


def path_totals(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> Statement | None:
    """All sessions that meet the event; None where small groups are hidden."""
    if snapshot.min_group_size > 1:
        return None
    sessions = stages.add("sessions", _sessions(resolved, snapshot, stages), "遇到该事件的会话")
    select = select_from(sessions, [named(exp.Count(this=exp.Star()), "sessions")])
    return Statement(select, (count_column("sessions", "会话数", "次"),))


def _query(resolved: ResolvedQuery) -> PathQuery:
    assert isinstance(resolved.query, PathQuery)
    return resolved.query


def _counted(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> str:
    query = _query(resolved)
    who = [column(WHO)] if WHO in _kept(snapshot) else []
    walked = stages.add("walked", _walked(resolved, snapshot, stages), "每次会话走过的各站")
    told = stages.add(
        "told", select_from(walked, [named(_told(query), PATH), *who]), "写成一条路径"
    )
    count: exp.Expression = exp.Count(this=exp.Star())
    whole = exp.Window(this=exp.Sum(this=count.copy()))
    hides = snapshot.min_group_size > 1
    share = named(exp.Null() if hides else ratio(count.copy(), whole), "share")
    select = grouped(select_from(told, [column(PATH), named(count, "sessions"), share]), (PATH,))
    if hides:
        people = exp.Count(this=exp.Distinct(expressions=[column(WHO)]))
        enough = exp.GTE(this=people, expression=number(snapshot.min_group_size))
        select.set("having", exp.Having(this=enough))
    return stages.add("by_path", select, "每条路径的会话数")


def _told(query: PathQuery) -> exp.Expression:
    """The stations joined by arrows; those that a short session lacks are left out."""
    nodes = [column(f"node_{position}") for position in range(query.length)]
    ends_at_anchor = query.direction == "to"
    result: exp.Expression = nodes.pop() if ends_at_anchor else nodes.pop(0)
    for node in reversed(nodes) if ends_at_anchor else nodes:
        pair = (node, text(ARROW)) if ends_at_anchor else (text(ARROW), node)
        known = coalesce(exp.DPipe(this=pair[0], expression=pair[1]), text(""))
        both = (known, result) if ends_at_anchor else (result, known)
        result = exp.DPipe(this=both[0], expression=both[1])
    return result


def _walked(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> exp.Select:
    query, kept = _query(resolved), _kept(snapshot)
    seen = stages.add("seen", _seen(resolved, snapshot, stages), SEEN[query.direction])
    marked = stages.add("marked", _marked(query, seen, kept), "相邻的事件,已遇到该事件几次")
    turns = stages.add("turns", _turns(query, marked, kept), "连续重复合为一站,从该事件数起")
    return _nodes(query, turns, kept)


def _marked(query: PathQuery, seen: str, kept: tuple[str, ...]) -> exp.Select:
    """Every event with its neighbour towards the anchor, and how many anchors there were."""
    order = exp.Order(expressions=[ascending(column(name)) for name in (AT, ROW)])
    beside = exp.Lag if query.direction == "from" else exp.Lead
    neighbour = exp.Window(
        this=beside(this=column(ELEMENT)), partition_by=[column(VISIT)], order=order
    )
    one = exp.Case(ifs=[exp.If(this=column(ANCHOR), true=number(1))], default=number(0))
    met = exp.Window(
        this=exp.Sum(this=one),
        partition_by=[column(VISIT)],
        order=order.copy(),
        spec=exp.WindowSpec(
            kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW"
        ),
    )
    shown = [column(name) for name in (*kept, AT, ROW, ANCHOR)]
    return select_from(seen, [*shown, named(neighbour, NEIGHBOUR), named(met, MET)])


def _turns(query: PathQuery, marked: str, kept: tuple[str, ...]) -> exp.Select:
    """The stations from the first anchor on, or back from it; what repeats is left out."""
    onwards = query.direction == "from"
    put = ascending if onwards else descending
    order = exp.Order(expressions=[put(column(name)) for name in (AT, ROW)])
    place = exp.Window(this=exp.RowNumber(), partition_by=[column(VISIT)], order=order)
    select = select_from(marked, [*map(column, kept), named(place, PLACE)])
    first = exp.And(this=column(ANCHOR), expression=exp.EQ(this=column(MET), expression=number(1)))
    beyond = exp.GTE(this=column(MET), expression=number(1))
    within_reach = beyond if onwards else exp.EQ(this=column(MET), expression=number(0))
    another = exp.NullSafeNEQ(this=column(NEIGHBOUR), expression=column(ELEMENT))
    fresh = exp.And(this=within_reach, expression=another)
    select.set(
        "where",
        exp.Where(this=exp.Or(this=exp.Paren(this=first), expression=exp.Paren(this=fresh))),
    )
    return select


def _kept(snapshot: Snapshot) -> tuple[str, ...]:
    """Who walked is only looked at where small groups are hidden."""
    hides = snapshot.min_group_size > 1
    return (VISIT, ELEMENT, WHO) if hides else (VISIT, ELEMENT)


def _nodes(query: PathQuery, turns: str, kept: tuple[str, ...]) -> exp.Select:
    """One row per session: the stations before or after the event."""
    shown: list[exp.Expression] = [column(VISIT)]
    if WHO in kept:
        shown.append(named(exp.Min(this=column(WHO)), WHO))
    for position in range(query.length):
        place = position + 1 if query.direction == "from" else query.length - position
        here = exp.EQ(this=column(PLACE), expression=number(place))
        node = exp.Max(this=exp.Case(ifs=[exp.If(this=here, true=column(ELEMENT))]))
        shown.append(named(node, f"node_{position}"))
    select = select_from(turns, shown)
    near = exp.LTE(this=column(PLACE), expression=number(query.length))
    select.set("where", exp.Where(this=near))
    select.set("group", exp.Group(expressions=[column(VISIT)]))
    return select


def _seen(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> exp.Select:
    """The events of the sessions that meet the anchor, from there on or until there."""
    sessions = stages.add("sessions", _sessions(resolved, snapshot, stages), "遇到该事件的会话")
    scan, log = _scan(resolved, snapshot, stages)
    assert log.session is not None
    behaviour = resolved.behaviour
    assert behaviour is not None
    session = scan.field((), log.session)
    actor = log.actor(behaviour.actor)
    assert actor is not None
    at = behaviour.steps[0].at
    moment = scan.field((), at)
    select = scan.select()
    shown = [
        named(column(VISIT, sessions), VISIT),
        named(scan.field((), actor.field), WHO),
        named(moment, AT),
        named(row_key(scan), ROW),
        named(_element(scan, log, resolved), ELEMENT),
        named(_anchor(scan, resolved), ANCHOR),
    ]
    terms = [select.args["where"].this] if select.args.get("where") else []
    span = resolved.spans[0]
    days = Days(span.start - ONE_DAY, min(span.end + ONE_DAY, behaviour.observed))
    terms.append(within(scan.field((), at), days, is_day(scan, at)))
    same = exp.EQ(this=session.copy(), expression=column(SESSION, sessions))
    side = exp.GTE if _query(resolved).direction == "from" else exp.LTE
    reached = side(this=moment.copy(), expression=column(FIRST, sessions))
    select.set("expressions", shown)
    select.set("where", exp.Where(this=all_of(terms)))
    select.set("joins", [exp.Join(this=table(sessions), on=exp.And(this=same, expression=reached))])
    scan.attach_joins(select)
    stages.sources |= scan.sources
    return select


def _sessions(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> exp.Select:
    """The sessions that meet the anchor, when first, under a number of their own."""
    behaviour = resolved.behaviour
    assert behaviour is not None
    scan, log = _scan(resolved, snapshot, stages)
    assert log.session is not None
    select = scan.select()
    terms = [select.args["where"].this] if select.args.get("where") else []
    terms.append(_anchor(scan, resolved))
    session = scan.field((), log.session)
    terms.append(exp.Not(this=exp.Is(this=session.copy(), expression=exp.Null())))
    first = exp.Min(this=scan.field((), behaviour.steps[0].at))
    # numbers are put in order and compared faster than the texts that sessions are called by
    visit = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=[ascending(first.copy())]))
    shown = [named(session, SESSION), named(first, FIRST), named(visit, VISIT)]
    select.set("expressions", shown)
    select.set("where", exp.Where(this=all_of(terms)))
    select.set("group", exp.Group(expressions=[session.copy()]))
    scan.attach_joins(select)
    stages.sources |= scan.sources
    return select


def _scan(resolved: ResolvedQuery, snapshot: Snapshot, stages: Stages) -> tuple[Scan, EventLog]:
    assert resolved.behaviour is not None
    dataset = snapshot.manifest.datasets[resolved.behaviour.steps[0].dataset]
    assert dataset.events is not None
    return behaviour_scan(dataset, resolved, snapshot, stages), dataset.events


def _anchor(scan: Scan, resolved: ResolvedQuery) -> exp.Expression:
    """The event itself, in the period and as the asker narrowed it."""
    behaviour = resolved.behaviour
    assert behaviour is not None
    step = behaviour.steps[0]
    terms = [*step_terms(step, scan), *start_terms(scan, step.at)]
    joined = all_of(terms)
    assert joined is not None
    return joined


def _element(scan: Scan, log: EventLog, resolved: ResolvedQuery) -> exp.Expression:
    """A station: the event, with its detail where there is one and it may be shown."""
    assert log.field is not None
    known = log.field in scan.snapshot.manifest.dimensions
    plain = scan.field((), log.field)
    event = (
        shown_value(group_columns((log.field,), scan.snapshot)[0], plain, scan.snapshot)
        if known
        else coalesce(exp.Cast(this=plain, to=exp.DataType(this=VARCHAR)), text("未知"))
    )
    if log.detail is None or _is_hidden(scan, log.detail, resolved):
        return event
    detail = exp.DPipe(this=text("·"), expression=scan.field((), log.detail))
    return exp.DPipe(this=event, expression=coalesce(detail, text("")))


def _is_hidden(scan: Scan, name: str, resolved: ResolvedQuery) -> bool:
    field = scan.dataset.field(name)
    masked = f"{scan.dataset.name}.{name}" in resolved.masked
    return masked or (field is not None and field.sensitivity == "pii")
