"""A short input after an answered question, read as a change of that question."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from assistant.language.assemble.periods import STEP_GRAINS
from assistant.language.follow_up.both import GROWTH, Turns, of_the_last_two
from assistant.language.follow_up.compared import looked_up_among_all, on_its_base
from assistant.language.follow_up.complete import (
    ORDERING,
    Completed,
    Heard,
    Listen,
    completed,
    first_metric,
    narrowed,
)
from assistant.language.follow_up.cues import EDGES, Act, Cue, cue_of
from assistant.language.follow_up.inherited import inherited
from assistant.language.follow_up.merge import conditions, merge
from assistant.language.follow_up.other_kinds import (
    carried,
    kind_text,
    resized,
    stand_in_for,
    ways_text,
)
from assistant.language.follow_up.outcome import CERTAINTY, SILENT, FollowUp, answered, refused
from assistant.language.follow_up.people import of_those_counted, points_at_people
from assistant.language.follow_up.pointing import of_what_was_ranked, pointed
from assistant.language.follow_up.renamed import renamed
from assistant.language.follow_up.shaped import NARROWS, by_its_shape
from assistant.language.follow_up.times import (
    in_its_month,
    on_the_like_day,
    steps_or_whole,
    without_habit,
)
from assistant.language.names_text import measure_name, metric_name
from assistant.language.tokens import plain
from assistant.patching import apply_patch
from assistant.reading import ReadingOption
from semantic_layer.model import Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import (
    Condition,
    DimensionGroup,
    InvalidQueryError,
    MetricQuery,
    Query,
    Relative,
    TimeGroup,
)
from semantic_layer.resolved import Assumption

UNREAD = "这句追问没有读懂(“{rest}”);请把指标、时间和条件写在一句话里。"
NOT_SO = "上一问是{kind},可以接着{ways};别的请把要问的写完整。"
NOTHING_BEFORE = "这之前没有别的问题。"
NEW_TOPIC = re.compile(
    "不[看问说管](这个|这些|它)了?[,。]|换个?(话题|问题|一个话题|别的|个别的|主题)|(再|另外)?问(个|一个)别的"
)
WITHIN = re.compile(
    "(?P<what>[^,按各]{2,}?)(?:下面|里面|里)?的?(?P<then>(?:展开|下钻|细分|拆分?|细化)(?:到|至|成).+)$"
)
"""西北展开到分行: first the one member, then its parts."""
NOT_AMONG_ALL = "谁与平均比不清楚,请写完整,例如“银川分行不良率和全行平均比”。"
WHOSE = re.compile("(?:那么?)?(?P<who>[^,的]{2,})的呢?$")
BY_A_MEMBER = "“{rest}”里是一个取值,不能按它拆分;要按什么看请写维度的名字,只看它请说“只看…”。"
UNSAID_GROUPS, UNSAID_METRIC = "没有说怎样看", "没有说看什么"
COUNTS = frozenset({"笔数", "金额", "件数", "次数"})
"""What many figures are called at their end: 笔数呢 after 理财销售额 is 理财销售笔数."""
POINTS_AT_NOTHING = "“{text}”指的是哪一个不清楚,请写出名称。"
UNCLEAR_COUNT = "“{rest}”指哪个指标不清楚,请写全名称。"
PEOPLE = re.compile("(客户|用户|客群|人群|群体|的人|户)的?$")
IN_SHORT = 3
FIGURES = ("数", "额", "率", "量", "比", "值")
EXCHANGES = frozenset({"change", "said", "show", "add"})
REPLACES_METRIC = frozenset({"show", "change", "add", "drop", "said"})


def read_follow_up(
    text: str, previous: Query, earlier: Query | None, manifest: Manifest, listen: Listen,
    as_of: date,
) -> FollowUp | None:  # fmt: skip
    """The follow-up; None: the text is a question of its own."""
    if NEW_TOPIC.match(text):
        return None
    said = text.strip(EDGES)
    cue = Cue("said", said, cued=True) if GROWTH.fullmatch(said) else cue_of(text)
    if cue.act == "back":
        return _back(earlier)
    if isinstance(previous, MetricQuery) and isinstance(earlier, MetricQuery):
        both = of_the_last_two(said, Turns(previous, earlier, manifest, listen, as_of))
        if both is not None:
            return both
    if (within := WITHIN.match(said)) and not cue.cued:
        steps = f"只看{within['what']},{within['then']}"
        return _one_after_the_other(steps, previous, earlier, manifest, listen, as_of)
    if cue.blends and "," in cue.rest:
        return _one_after_the_other(text, previous, earlier, manifest, listen, as_of)
    whole = listen(text if cue.cued else cue.rest)
    if cue.act == "every" and whole.query is not None:
        return None
    if not isinstance(previous, MetricQuery):
        if not _is_follow_up(cue, whole):
            return None
        return _of_another_kind(cue, whole, previous, manifest, listen)
    return _of_figures(text, cue, whole, previous, manifest, listen)


def _of_figures(
    text: str, cue: Cue, whole: Heard, previous: MetricQuery, manifest: Manifest, listen: Listen
) -> FollowUp | None:
    """After a question of metrics: its shape, what was ranked, what narrows, what is said."""
    if (of_them := _of_people(text, previous, manifest, listen)) is not None:
        return of_them
    if (of_it := _of_what_was_ranked(text, previous, manifest, listen)) is not None:
        return of_it
    if (whose := _whose(text, cue, previous, manifest, listen)) is not None:
        return whose
    if not _is_follow_up(cue, whole) and not _narrows_it(cue, whole, previous, manifest, listen):
        return None
    shaped = by_its_shape(cue, previous, manifest, listen)
    if shaped is not None or not cue.rest:
        return shaped
    done = completed(cue.rest, previous, manifest, listen, narrows=cue.act in NARROWS)
    if cue.act in ("narrow", "only") and done.names_metric and _says_all(whole):
        return None
    if (doubt := _people_instead(cue, done, previous, manifest)) is not None:
        return doubt
    if not cue.cued and done.heard.query is None and not done.heard.options:
        return None
    if cue.rest in COUNTS and cue.act in EXCHANGES:
        return _by_its_end(cue, done, previous, manifest, listen)
    merged = _merged(cue, done, previous, manifest)
    return _with_other_words(cue, merged, previous, manifest, listen) or merged


def _whose(
    text: str, cue: Cue, previous: MetricQuery, manifest: Manifest, listen: Listen
) -> FollowUp | None:
    """私行客户的(呢) after 户均AUM: of them, though 私行客户 alone would name a figure."""
    match = WHOSE.match(text.strip(EDGES))
    if match is None or cue.act not in ("said", "show") or not PEOPLE.search(match["who"]):
        return None
    done = narrowed(match["who"], previous, manifest, listen)
    return _merged(cue._replace(rest=match["who"]), done, previous, manifest) if done else None


def _by_its_end(
    cue: Cue, done: Completed, previous: MetricQuery, manifest: Manifest, listen: Listen
) -> FollowUp:
    """笔数呢 after 理财销售额 is 理财销售笔数, never that of everything."""
    other = renamed(cue.rest, previous, manifest)
    if other is not None:
        heard = listen(metric_name(other, manifest))
        return _merged(cue, Completed(heard, names_metric=True), previous, manifest)
    merged = _merged(cue, done, previous, manifest)
    named = merged.query.measures[0] if isinstance(merged.query, MetricQuery) else None
    before = first_metric(previous.measures[0])
    if named is None or named in previous.measures or before is None:
        return merged
    label = measure_name(named, manifest).removesuffix(cue.rest)
    if not label or label in metric_name(before, manifest):
        return merged
    unclear = UNCLEAR_COUNT.format(rest=cue.rest)
    return refused(done.heard, Problem("ambiguous_phrase", unclear, subject=cue.rest))


def _with_other_words(
    cue: Cue, merged: FollowUp, previous: MetricQuery, manifest: Manifest, listen: Listen
) -> FollowUp | None:
    """换成基金 after 理财销售额, unless 基金 took the place of a member."""
    if cue.act not in EXCHANGES or not cue.cued:
        return None
    if _replaced(merged, previous) and not _in_a_word(cue.rest, merged, previous):
        return None
    other = renamed(cue.rest, previous, manifest)
    heard = listen(metric_name(other, manifest)) if other is not None else SILENT
    if not isinstance(heard.query, MetricQuery):
        return None
    return _merged(cue, Completed(heard, names_metric=True), previous, manifest)


def _in_a_word(rest: str, merged: FollowUp, previous: MetricQuery) -> bool:
    """贷款呢 after 存款目标完成率: no figure's full name, so rather that of the same kind."""
    query = merged.query
    only_metric = isinstance(query, MetricQuery) and query.measures != previous.measures
    return only_metric and len(rest) <= IN_SHORT and not rest.endswith(FIGURES)


def _replaced(merged: FollowUp, previous: MetricQuery) -> bool:
    """Whether what was said took the place of something: a member of a filter or of the groups."""
    query = merged.query
    if not isinstance(query, MetricQuery):
        return False
    if query.measures != previous.measures:
        return True
    before = [c for c in conditions(previous.scope.where) if isinstance(c, Condition)]
    said = [c for c in conditions(query.scope.where) if isinstance(c, Condition)]
    new = {plain(c.dimension) for c in said if c not in before}
    held = {plain(c.dimension) for c in before}
    held |= {plain(g.dimension) for g in previous.group_by if isinstance(g, DimensionGroup)}
    return bool(new & held) or (query != previous and not new)


def _one_after_the_other(
    text: str, previous: Query, earlier: Query | None, manifest: Manifest, listen: Listen,
    as_of: date,
) -> FollowUp | None:  # fmt: skip
    """不分男女,按大区看: first the one, then the other, or neither."""
    first, _, second = text.partition(",")
    done = read_follow_up(first, previous, earlier, manifest, listen, as_of)
    if done is None or (done.query is None and not _is_idle(done)):
        return done
    so_far = done.query or previous
    then = read_follow_up(second, so_far, earlier, manifest, listen, as_of)
    return done if then is not None and _is_idle(then) else then


def _is_idle(done: FollowUp) -> bool:
    return done.problem is not None and done.problem.code == "nothing_to_change"


def _says_all(whole: Heard) -> bool:
    """A question with more of its own than the metric: a time, a condition, groups."""
    query = whole.query
    if not isinstance(query, MetricQuery):
        return query is not None
    return query.scope.period is not None or query.scope.where is not None or bool(query.group_by)


def _narrows_it(
    cue: Cue, whole: Heard, previous: MetricQuery, manifest: Manifest, listen: Listen
) -> bool:
    """其中私行客户呢: some of those counted, though 私行客户 alone would name a figure."""
    if cue.act == "drop":
        return any(a.text.startswith(UNSAID_METRIC) for a in whole.assumptions)
    if cue.act not in ("narrow", "only"):
        return False
    done = completed(cue.rest, previous, manifest, listen, narrows=True)
    return not done.names_metric or cue.act == "narrow"


def _people_instead(
    cue: Cue, done: Completed, previous: MetricQuery, manifest: Manifest
) -> FollowUp | None:
    """只看有效客户: who counts, not another figure; where it cannot be said of this one, ask."""
    query = done.heard.query
    if cue.act not in NARROWS or not done.names_metric or not isinstance(query, MetricQuery):
        return None
    named = first_metric(query.measures[0])
    before = first_metric(previous.measures[0])
    if named is None or before is None or not PEOPLE.search(cue.rest) or named == before:
        return None
    label, old = metric_name(named, manifest), metric_name(before, manifest)
    if label.endswith(old) or query.measures[0] in previous.measures:
        return None
    message = f"“{old}”还不能只算“{cue.rest}”;要改看“{label}”请选择。"
    other = replace(previous, measures=query.measures, order=(), having=(), limit=None)
    option = ReadingOption(f"改看{label}", other)
    doubt = Problem("unattached_condition", message, subject=cue.rest)
    return FollowUp(done.heard, problem=doubt, options=(option,))


def _of_what_was_ranked(
    text: str, previous: MetricQuery, manifest: Manifest, listen: Listen
) -> FollowUp | None:
    """它的贷款余额呢 after 不良率最高的分行."""
    at = pointed(text) or pointed(cue_of(text).rest)
    if at is None:
        return None
    heard = listen(cue_of(at.what).rest)
    asked = heard.query
    if not isinstance(asked, MetricQuery) or _says_all(heard):
        return None
    listed = at.kind == "many" and not (previous.limit or previous.having or not previous.group_by)
    if listed or (at.kind == "one" and _one_picked(previous)):
        return _merged(cue_of(at.what), Completed(heard, names_metric=True), previous, manifest)
    changed = of_what_was_ranked(previous, asked, at.kind, at.many)
    if changed is not None:
        return answered(heard, changed, previous, manifest)
    if at.kind not in ("one", "many"):
        return None
    unclear = POINTS_AT_NOTHING.format(text=text.removesuffix(at.what).removesuffix("的"))
    return refused(heard, Problem("ambiguous_phrase", unclear, subject=text))


def _of_people(
    text: str, previous: MetricQuery, manifest: Manifest, listen: Listen
) -> FollowUp | None:
    """这些客户的存款 after a number of customers; of a figure with rows of its own, not clear."""
    what = points_at_people(text)
    if what is None:
        return None
    heard = listen(cue_of(what).rest)
    if (of_them := of_those_counted(heard, previous, manifest)) is not None:
        return of_them
    name = first_metric(previous.measures[0])
    counted = manifest.metrics[name].definition if name else None
    if counted and previous.scope.where and not getattr(counted, "filter", None):
        return None
    unclear = POINTS_AT_NOTHING.format(text=text.removesuffix(what).removesuffix("的"))
    return refused(heard, Problem("ambiguous_phrase", unclear, subject=text))


def _one_picked(previous: MetricQuery) -> bool:
    """银川分行的存款: one member only, not split any further."""
    held = [c for c in conditions(previous.scope.where) if isinstance(c, Condition)]
    picked = [c for c in held if c.op == "in" and len(c.values) == 1]
    return len(picked) == 1 and not previous.group_by


def _of_another_kind(
    cue: Cue, whole: Heard, previous: Query, manifest: Manifest, listen: Listen
) -> FollowUp | None:
    """After a funnel or a list: its time, its filter, its groups, how many."""
    kind = kind_text(previous)
    unsaid = refused(
        whole,
        Problem("unsupported", NOT_SO.format(kind=kind, ways=ways_text(previous)), subject="追问"),
    )
    if (fewer := resized(previous, cue.rest)) is not None:
        said = Assumption("inherited", f"沿用上一问的{kind}")
        return FollowUp(SILENT, query=fewer, assumptions=(said,), confidence=CERTAINTY)
    stand_in = stand_in_for(previous, manifest)
    if stand_in is None or not cue.rest or cue.act in ("reverse", "drill", "up"):
        return unsaid
    followed = by_its_shape(cue, stand_in, manifest, listen)
    if followed is None:
        done = completed(cue.rest, stand_in, manifest, listen, narrows=cue.act in NARROWS)
        if done.names_metric:
            return unsaid
        if not cue.cued and done.heard.query is None and not done.heard.options:
            return None
        followed = _merged(cue, done, stand_in, manifest)
    if not isinstance(followed.query, MetricQuery):
        return followed if not followed.options else unsaid
    changed = carried(previous, stand_in, followed.query)
    if changed is None:
        return unsaid
    said = Assumption("inherited", inherited(followed.query, stand_in, manifest, kind=kind))
    others = tuple(a for a in followed.assumptions if a.slot != "inherited")
    return followed._replace(query=changed, assumptions=(*others, said))


def _as_groups(query: MetricQuery) -> MetricQuery:
    """男女 as what tells men from women."""
    found = (c.dimension for c in conditions(query.scope.where) if isinstance(c, Condition))
    groups = dict.fromkeys((*query.group_by, *map(DimensionGroup, found)))
    return replace(query, group_by=tuple(groups), scope=replace(query.scope, where=None))


def _is_follow_up(cue: Cue, whole: Heard) -> bool:
    """Whether it leaves something out, or begins with a word that goes on from before."""
    if cue.act == "said" and not cue.cued:
        orders = any(word in cue.rest for word in ORDERING)
        return whole.query is None and (orders or not whole.names_metric)
    if isinstance(whole.query, MetricQuery):
        return (
            cue.act in REPLACES_METRIC
            and not whole.query.group_by
            and not (cue.act == "drop" and whole.query.scope.where is not None)
        )
    return True


def _step_by_step(act: Act, done: Completed, previous: MetricQuery, manifest: Manifest) -> FollowUp:
    query, period = done.heard.query, previous.scope.period
    assert isinstance(query, MetricQuery)
    assert period is not None
    span = period.spans[0]
    grain = STEP_GRAINS.get(span.unit) if isinstance(span, Relative) else None
    options = []
    if grain is not None:
        options.append(ReadingOption("逐期环比", replace(query, group_by=(TimeGroup(grain),))))
    options.append(ReadingOption("整段与前一段比", query))
    problem = Problem("ambiguous_phrase", "是逐期环比,还是整段与前一段比?请选择。")
    heard = done.heard._replace(problem=problem, options=tuple(options))
    return _options(act, done._replace(heard=heard), previous, manifest)


def _merged(cue: Cue, done: Completed, previous: MetricQuery, manifest: Manifest) -> FollowUp:
    heard = in_its_month(cue.rest, without_habit(done.heard, previous), previous)
    heard = on_the_like_day(cue.rest, heard, previous)
    done = done._replace(heard=heard)
    heard = done.heard
    if cue.act == "drop":
        heard = heard._replace(assumptions=())
    if previous.group_by:
        said = tuple(a for a in heard.assumptions if not a.text.startswith(UNSAID_GROUPS))
        heard = heard._replace(assumptions=said)
    if cue.blends and isinstance(heard.query, MetricQuery):
        heard = heard._replace(query=_as_groups(heard.query))
    rebased = on_its_base(heard, previous)
    heard = rebased.heard
    if steps_or_whole(heard, previous):
        return _step_by_step(cue.act, done, previous, manifest)
    if (compared := _of_the_same_time(heard, previous)) is not None:
        heard = heard._replace(query=compared, options=(), problem=None)
    if heard.options:
        return _options(cue.act, done, previous, manifest)
    if not isinstance(heard.query, MetricQuery):
        told = heard.problem
        kept = told is not None and told.code not in ("missing_metric", "ambiguous_phrase")
        unread = Problem("ambiguous_phrase", UNREAD.format(rest=cue.rest), subject=cue.rest)
        return refused(heard, told if told is not None and kept else unread)
    if _by_a_member(cue, heard.query):
        message = BY_A_MEMBER.format(rest=cue.rest)
        return refused(heard, Problem("unknown_dimension", message, subject=cue.rest))
    changed = _changed(cue.act, heard.query, done, previous, manifest)
    if isinstance(changed, Problem):
        if heard.chart or rebased.is_as_before:
            return answered(heard, previous, previous, manifest)
        return refused(heard, changed)
    return answered(heard, changed, previous, manifest)


def _by_a_member(cue: Cue, query: MetricQuery) -> bool:
    """按代发单位看: the name of one channel is nothing to split by."""
    shaped = query.group_by or query.order or query.share or query.limit or query.compare
    return cue.rest.startswith("按") and query.scope.where is not None and not shaped


def _changed(
    act: Act, query: MetricQuery, done: Completed, previous: MetricQuery, manifest: Manifest
) -> MetricQuery | Problem:
    if done.only_counts and query.limit is not None and previous.order:
        query = replace(query, order=previous.order)
    merged = merge(
        previous, query, act, manifest, names_metric=done.names_metric, extreme=done.extreme
    )
    if merged.patch is None:
        return Problem("nothing_to_change", f"{merged.reason}。")
    try:
        changed = apply_patch(previous, merged.patch)
    except InvalidQueryError as error:
        return Problem("nothing_to_change", f"这样改之后不成立:{error}。")
    assert isinstance(changed, MetricQuery)
    if any(comparison.base == "average" for comparison in query.compare):
        among = looked_up_among_all(changed)
        if among is None:
            return Problem("ambiguous_phrase", NOT_AMONG_ALL, "compare")
        changed = among
    if changed == previous and not done.heard.chart:
        return Problem("nothing_to_change", "这句追问没有要改的内容。")
    return changed


def _of_the_same_time(heard: Heard, previous: MetricQuery) -> MetricQuery | None:
    """比前天呢 after 昨天: of what could be compared, that of the time asked about."""
    period = previous.scope.period
    asked = [o.query for o in heard.options if isinstance(o.query, MetricQuery)]
    same = [q for q in asked if q.compare and period is not None and q.scope.period == period]
    return same[0] if len(same) == 1 else None


def _options(act: Act, done: Completed, previous: MetricQuery, manifest: Manifest) -> FollowUp:
    offered = []
    for option in done.heard.options:
        if not isinstance(option.query, MetricQuery):
            continue
        changed = _changed(act, option.query, done, previous, manifest)
        if isinstance(changed, MetricQuery):
            offered.append(replace(option, query=changed))
    return FollowUp(done.heard, problem=done.heard.problem, options=tuple(offered))


def _back(earlier: Query | None) -> FollowUp:
    if earlier is None:
        return refused(SILENT, Problem("nothing_to_change", NOTHING_BEFORE))
    said = Assumption("inherited", "回到上一个问题")
    return FollowUp(SILENT, query=earlier, assumptions=(said,), confidence=CERTAINTY)
