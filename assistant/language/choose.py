"""Which of its names each token is taken for: every sensible combination is a variant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from assistant.language.beside import (
    beside_its_dimension,
    member_of_the_named,
    runs_of_one_dimension,
    value_runs,
)
from assistant.language.carried import of_the_member_before, said_with_its_member
from assistant.language.catalogue import Catalogue
from assistant.language.grammar_first import grammar_first
from assistant.language.normalise import normalise_name
from assistant.language.one_name import one_name
from assistant.language.spoken import asks_amount, fits, metric_of_noun, names_its_kind
from assistant.language.time import TimeToken
from assistant.language.tokens import (
    AmbiguousName,
    DimensionName,
    Meaning,
    MetricName,
    Name,
    NearMiss,
    SegmentName,
    SpokenMetric,
    SpokenNoun,
    SpokenVerb,
    Token,
    ValueName,
)
from assistant.language.words import Word
from semantic_layer.model import Ratio
from semantic_layer.query import Grain
from semantic_layer.resolved import Assumption

MOST_VARIANTS = 24
SEVERAL = re.compile("几个?(月|季度)")
SEVERAL_UNITS: Mapping[str, Grain] = {"月": "month", "季度": "quarter"}
ENDS_WHOSE = ("conj", "break", "ask", "share", "against", "contrast", "extreme", "delta")
"""What stands between two figures, or asks for the first one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to take a doubtful word."""

    at: int
    word: str
    id: str
    label: str
    kind: str
    """metric | value | time | near | role"""
    settled: bool = False
    """By a governed default or an earlier answer of the asker."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Tokens with one catalogue name each, and what had to be chosen for that."""

    tokens: tuple[Token, ...]
    choices: tuple[Choice, ...]
    assumptions: tuple[Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class _Option:
    token: Token
    choice: Choice | None = None
    assumption: Assumption | None = None


def variants(
    tokens: Sequence[Token], catalogue: Catalogue, remembered: Mapping[str, str]
) -> tuple[Variant, ...]:
    """Every combination, the most direct names first."""
    whole = one_name(runs_of_one_dimension(grammar_first(tokens)), catalogue.lexicon)
    tokens = whole.tokens
    points = [_options(at, tokens, catalogue, remembered) for at in range(len(tokens))]
    combinations = islice(product(*points), MOST_VARIANTS)
    runs = value_runs(tokens)
    sound = (picked for picked in combinations if _is_consistent(picked, runs))
    return tuple(_variant(picked, whole.assumptions) for picked in sound)


def _variant(picked: Sequence[_Option], said: tuple[Assumption, ...]) -> Variant:
    return Variant(
        tuple(option.token for option in picked),
        tuple(option.choice for option in picked if option.choice),
        (*said, *(option.assumption for option in picked if option.assumption)),
    )


def _options(
    at: int, tokens: Sequence[Token], catalogue: Catalogue, remembered: Mapping[str, str]
) -> tuple[_Option, ...]:
    token = tokens[at]
    times = [m for m in token.meanings if isinstance(m, TimeToken) and m.options]
    if times and times[0].spans is None:
        return _time_options(at, token, times[0], _by_unit(times[0], tokens, catalogue), remembered)
    verb = next((m for m in token.meanings if isinstance(m, SpokenVerb)), None)
    if verb is not None:
        return _spoken(at, tokens, verb, catalogue, remembered)
    if (metric := metric_of_noun(token, tokens, catalogue)) is not None:
        return (_Option(_named(token, MetricName(metric, "synonym"))),)
    names = token.names
    if not names:
        return (_Option(token),)
    first = names[0]
    if isinstance(first, AmbiguousName):
        return _governed(at, tokens, first.word, catalogue, remembered)
    if isinstance(first, NearMiss):
        return tuple(_near(at, token, metric, catalogue) for metric in first.metrics)
    return _plain(at, tokens, catalogue, remembered)


def _spoken(
    at: int,
    tokens: Sequence[Token],
    verb: SpokenVerb,
    catalogue: Catalogue,
    remembered: Mapping[str, str],
) -> tuple[_Option, ...]:
    """What the verb asks for; without what it is done to, the asker chooses."""
    token, found = tokens[at], fits(at, tokens, verb.verb, catalogue)
    if names_its_kind(tokens, verb.verb, catalogue):
        return (_Option(_with(token, verb, Word("filler", "verb"))),)
    options = []
    for fit in found:
        said = _with(token, verb, SpokenMetric(fit.metrics))
        if not asks_amount(tokens):
            return (_Option(said),)
        if len(fit.metrics) == 1:
            said = _named(said, MetricName(fit.metrics[0], "synonym"))
        if len(found) == 1 and fit.sure:
            return (_Option(said),)
        ref = "、".join(fit.metrics)
        settled = remembered.get(verb.verb) == ref
        kind = "metric" if len(found) > 1 else "near"
        options.append(_Option(said, Choice(at, verb.verb, ref, fit.label, kind, settled)))
    unsaid = _without(token, verb) if token.word("ask") else token
    return _remembered(tuple(options)) or (_Option(unsaid),)


def _by_unit(time: TimeToken, tokens: Sequence[Token], catalogue: Catalogue) -> Grain | None:
    """这几个月的存款: of a value at a point in time the several months are asked for one by one."""
    several = SEVERAL.search(time.text)
    metrics = [n.metric for t in tokens for n in t.names if isinstance(n, MetricName)]
    if several is None or not metrics or not all(map(catalogue.is_stock, metrics)):
        return time.grain
    return time.grain or SEVERAL_UNITS[several[1]]


def _time_options(
    at: int, token: Token, time: TimeToken, grain: Grain | None, remembered: Mapping[str, str]
) -> tuple[_Option, ...]:
    options = []
    for option in time.options:
        settled = remembered.get(token.text) == option.label
        choice = Choice(at, token.text, option.label, option.label, "time", settled)
        said = replace(
            time, spans=option.spans, kind="period", grain=grain, options=(), problem=None
        )
        options.append(_Option(_with(token, time, said), choice))
    return _remembered(tuple(options))


def _by_the_value_before(
    at: int, tokens: Sequence[Token], said: str, candidates: Sequence[str], catalogue: Catalogue
) -> tuple[str, str] | None:
    """定期存款|余额, 房贷|户均|余额: the member's name ends as the metric's name begins."""
    place = at - 2 if at and tokens[at - 1].word("per") else at - 1
    members = [n for n in tokens[place].names if isinstance(n, ValueName)] if place >= 0 else []
    if not members:
        return None
    called = (tokens[place].text, *(normalise_name(catalogue.value_label(n)) for n in members))
    for word in dict.fromkeys(called):
        for start in range(1, len(word) - 1):
            names = catalogue.lexicon.metrics(word[start:] + said)
            found = {name.metric for name in names if name.metric in candidates}
            if len(found) == 1:
                return tokens[place].text, found.pop()
    return None


def _target_of(
    at: int, tokens: Sequence[Token], candidates: tuple[str, ...], catalogue: Catalogue
) -> tuple[str, ...]:
    """AUM没完成目标: the target that a governed rate holds against the figure before it."""
    if at < 2 or tokens[at - 1].word("fulfil") is None:
        return candidates
    actual = {n.metric for n in tokens[at - 2].names if isinstance(n, MetricName)}
    rates = [m.definition for m in catalogue.manifest.metrics.values() if not m.hidden]
    held = {r.to for r in rates if isinstance(r, Ratio) and r.of in actual}
    return tuple(c for c in candidates if c in held) or candidates


def _of_the_noun(
    at: int, tokens: Sequence[Token], word: str, candidates: tuple[str, ...], catalogue: Catalogue
) -> tuple[str, ...]:
    """基金卖了多少,赎回了多少: said as a verb, of what the verb before is said of."""
    nouns = {m.noun for token in tokens for m in token.meanings if isinstance(m, SpokenNoun)}
    if tokens[at].text == word or len(nouns) != 1:
        return candidates
    noun = nouns.pop()
    return tuple(c for c in candidates if noun in _candidate(c, catalogue)[0]) or candidates


def _governed(
    at: int, tokens: Sequence[Token], word: str, catalogue: Catalogue, remembered: Mapping[str, str]
) -> tuple[_Option, ...]:
    ambiguity = catalogue.manifest.ambiguous[word]
    if by := _by_the_value_before(at, tokens, word, ambiguity.candidates, catalogue):
        before, named = by
        said = Assumption("measures", f"“{before}{word}”按{catalogue.metric(named).label}理解")
        return (_Option(_named(tokens[at], MetricName(named)), None, said),)
    carried = said_with_its_member(at, tokens, catalogue.lexicon)
    context = [name for name in carried if name.metric in ambiguity.candidates]
    if len(context) == 1 and word not in remembered:
        label = catalogue.metric(context[0].metric).label
        said = Assumption("measures", f"“{word}”跟着前面的指标,按{label}理解")
        return (_Option(_named(tokens[at], context[0]), None, said),)
    if _are_the_people(at, tokens):
        return (_Option(_without_names(tokens[at])),)
    token, candidates = tokens[at], ambiguity.candidates
    candidates = _of_the_noun(at, tokens, word, candidates, catalogue)
    candidates = _target_of(at, tokens, candidates, catalogue)
    chosen = remembered.get(word) or remembered.get(token.text)
    settled = chosen if chosen in candidates else ambiguity.default
    options = []
    for candidate in (settled,) if settled else candidates:
        label, name = _candidate(candidate, catalogue)
        if name is None:
            continue
        reason = "按您之前的选择" if chosen in candidates else "按默认口径"
        assumption = Assumption("measures", f"“{word}”{reason}理解为{label}") if settled else None
        choice = Choice(at, word, candidate, label, "metric", settled is not None)
        options.append(_Option(_named(token, name), choice, assumption))
    return tuple(options) or (_Option(token),)


def _are_the_people(at: int, tokens: Sequence[Token]) -> bool:
    """钻石客户的保有量, 客户赚了多少钱: the noun before a figure says whose it is."""
    if not tokens[at].word("noun"):
        return False
    for token in tokens[at + 1 :]:
        if any(isinstance(name, MetricName | NearMiss | AmbiguousName) for name in token.names):
            return True
        if any(isinstance(meaning, SpokenVerb) for meaning in token.meanings):
            return True
        if any(token.word(role) for role in ENDS_WHOSE):
            return False
    return False


def _without_names(token: Token) -> Token:
    return replace(token, meanings=tuple(m for m in token.meanings if not isinstance(m, Name)))


def _candidate(ref: str, catalogue: Catalogue) -> tuple[str, Name | None]:
    manifest = catalogue.manifest
    if ref in manifest.metrics:
        return manifest.metrics[ref].label, MetricName(ref)
    plain = ref.rpartition(".")[2]
    if plain in manifest.dimensions:
        return manifest.dimensions[plain].label, DimensionName(ref)
    if ref in manifest.segments:
        return manifest.segments[ref].label, SegmentName(ref)
    return ref, None


def _near(at: int, token: Token, metric: str, catalogue: Catalogue) -> _Option:
    label = catalogue.metric(metric).label
    choice = Choice(at, token.text, metric, label, "near")
    return _Option(_named(token, MetricName(metric)), choice)


def _plain(
    at: int, tokens: Sequence[Token], catalogue: Catalogue, remembered: Mapping[str, str]
) -> tuple[_Option, ...]:
    token = tokens[at]
    names: tuple[Name, ...] = member_of_the_named(at, tokens, catalogue.manifest)
    names = names or beside_its_dimension(at, tokens, token.names)
    names = (*names, *_namesakes(names, catalogue))
    names = tuple(sorted(names, key=lambda name: not _is_main(name, catalogue)))
    names = _before_share_verb(at, tokens, _after_share_verb(at, tokens, names))
    names = _coarsest(names, catalogue)
    names = _count_or_set(at, tokens, names)
    names = (*of_the_member_before(at, tokens, names, catalogue.lexicon), *names)
    if len(names) == 1:
        return (_Option(_named(token, names[0])),)
    options = []
    for name in names:
        ref, label = _describe(name, catalogue)
        settled = remembered.get(token.text) == ref
        kind = _kind(names)
        choice = Choice(at, token.text, ref, label, kind, settled)
        options.append(_Option(_named(token, name), choice))
    return _remembered(tuple(options))


def _namesakes(names: Sequence[Name], catalogue: Catalogue) -> Iterator[ValueName]:
    """网银 is said of the 终端 网上银行; a 渠道 of that name is called so too."""
    known = {name.dimension for name in names if isinstance(name, ValueName)}
    for name in names:
        if not isinstance(name, ValueName) or name.via != "synonym":
            continue
        called = normalise_name(catalogue.value_label(name))
        for other in catalogue.lexicon.names.get(called, ()):
            if isinstance(other, ValueName) and other.dimension not in known:
                known.add(other.dimension)
                yield replace(other, via="synonym")


def _kind(names: tuple[Name, ...]) -> str:
    if all(isinstance(name, ValueName) for name in names):
        return "value"
    return "metric" if all(isinstance(name, MetricName) for name in names) else "role"


def _after_share_verb(
    at: int, tokens: Sequence[Token], names: tuple[Name, ...]
) -> tuple[Name, ...]:
    """占全部贷款的比例: a metric behind 占 is the whole."""
    place = at - 1
    while place > 0 and any(tokens[place].word(role) for role in ("scope", "filler")):
        place -= 1
    if place < 0 or tokens[place].word("share") != "verb":
        return names
    return tuple(n for n in names if isinstance(n, MetricName)) or names


def _before_share_verb(
    at: int, tokens: Sequence[Token], names: tuple[Name, ...]
) -> tuple[Name, ...]:
    """大额存单占存款多少: before 占 and another metric, a metric is the part."""
    if at + 1 >= len(tokens) or tokens[at + 1].word("share") != "verb":
        return names
    behind = tokens[at + 2 :]
    has_whole = any(isinstance(name, MetricName) for token in behind for name in token.names)
    return (tuple(n for n in names if isinstance(n, MetricName)) or names) if has_whole else names


def _count_or_set(at: int, tokens: Sequence[Token], names: tuple[Name, ...]) -> tuple[Name, ...]:
    """睡眠客户有多少户 asks for the metric 睡眠客户数; 睡眠客户的存款 is about the set."""
    metrics = tuple(n for n in names if isinstance(n, MetricName))
    segments = tuple(n for n in names if isinstance(n, SegmentName))
    if not (metrics and segments):
        return names
    others = (name for place, token in enumerate(tokens) if place != at for name in token.names)
    asks_another = any(isinstance(n, MetricName | AmbiguousName | NearMiss) for n in others)
    return segments if asks_another else metrics


def _coarsest(names: tuple[Name, ...], catalogue: Catalogue) -> tuple[Name, ...]:
    """总行直属 as a branch and as its only sub-branch is the branch."""
    values = tuple(n for n in names if isinstance(n, ValueName))
    if len(values) != len(names) or len({(n.value, n.via) for n in values}) > 1:
        return names
    dimensions = {n.dimension for n in values}
    for hierarchy in catalogue.manifest.hierarchies:
        if dimensions <= set(hierarchy.levels):
            first = next(level for level in hierarchy.levels if level in dimensions)
            return tuple(n for n in values if n.dimension == first)
    return names


def _is_main(name: Name, catalogue: Catalogue) -> bool:
    """Members of a dimension that is always shown in full are offered first."""
    if not isinstance(name, ValueName):
        return not isinstance(name, DimensionName)
    return catalogue.manifest.dimensions[name.dimension].field.spine


def _describe(name: Name, catalogue: Catalogue) -> tuple[str, str]:
    manifest = catalogue.manifest
    if isinstance(name, MetricName):
        return name.metric, manifest.metrics[name.metric].label
    if isinstance(name, ValueName):
        label = manifest.dimensions[name.dimension].label
        return f"{name.dimension}={name.value}", f"{label}为{catalogue.value_label(name)}"
    if isinstance(name, DimensionName):
        return name.dimension, catalogue.dimension_label(name.dimension)
    if isinstance(name, SegmentName):
        return name.segment, manifest.segments[name.segment].label
    return "", ""


def _remembered(options: tuple[_Option, ...]) -> tuple[_Option, ...]:
    """Only the remembered option, where there is one; it is said aloud."""
    settled = tuple(
        replace(option, assumption=_as_before(option.choice))
        for option in options
        if option.choice and option.choice.settled
    )
    return settled or options


def _as_before(choice: Choice) -> Assumption:
    slot = {"value": "where", "time": "period"}.get(choice.kind, "measures")
    return Assumption(slot, f"“{choice.word}”按您之前的选择理解为{choice.label}")


def _is_consistent(picked: Sequence[_Option], runs: Sequence[Sequence[int]]) -> bool:
    """One word has one meaning; values joined by 和, 、 belong to one dimension if they can."""
    seen: dict[tuple[str, str], str] = {}
    for option in picked:
        if option.choice is None:
            continue
        key = (option.choice.kind, option.choice.word)
        if seen.setdefault(key, option.choice.id) != option.choice.id:
            return False
    return all(len({_dimension_of(picked[at].token) for at in run}) == 1 for run in runs)


def _dimension_of(token: Token) -> str:
    return next((n.dimension for n in token.names if isinstance(n, ValueName)), "")


def _named(token: Token, name: Name) -> Token:
    others = tuple(m for m in token.meanings if not isinstance(m, Name))
    return replace(token, meanings=(name, *others))


def _without(token: Token, old: Meaning) -> Token:
    """投诉多少件,多少钱: what the verb is not asked about stays a question word."""
    return replace(token, meanings=tuple(m for m in token.meanings if m is not old))


def _with(token: Token, old: Meaning, new: Meaning) -> Token:
    return replace(token, meanings=tuple(new if m is old else m for m in token.meanings))
