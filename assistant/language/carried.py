"""信用卡余额多少,逾期率多少: what one metric is of may be meant for the next one as well."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.language.lexicon import Lexicon
from assistant.language.tokens import MetricName, Name, SpokenNoun, Token, ValueName

LONGEST_MEMBER = 8
JOINTS = ("conj", "break")


def of_the_member_before(
    at: int, tokens: Sequence[Token], names: Sequence[Name], lexicon: Lexicon
) -> tuple[MetricName, ...]:
    """Another metric that the only name at that token may stand for."""
    own = {name.metric for name in names if isinstance(name, MetricName)}
    if len(own) != 1 or len(names) != 1:
        return ()
    found = said_with_its_member(at, tokens, lexicon)
    return () if own & {name.metric for name in found} else found


def said_with_its_member(
    at: int, tokens: Sequence[Token], lexicon: Lexicon
) -> tuple[MetricName, ...]:
    """What the word names together with the member that begins the metric listed before it."""
    before = next((i for i in range(at - 1, -1, -1) if _says_of_what(tokens[i])), None)
    if before is None or not any(map(_joins, tokens[before + 1 : at])):
        return ()
    text = tokens[before].text
    if not _names_metric(tokens[before]):
        return lexicon.metrics(text + tokens[at].text)
    for end in range(2, min(len(text), LONGEST_MEMBER)):
        known = lexicon.names.get(text[:end], ())
        found = lexicon.metrics(text[:end] + tokens[at].text)
        if found and any(isinstance(name, ValueName) for name in known):
            return found
    return ()


def _says_of_what(token: Token) -> bool:
    """A metric, or the noun of a verb that asks for one: 信用卡 in 发了多少张信用卡."""
    return _names_metric(token) or any(isinstance(m, SpokenNoun) for m in token.meanings)


def _names_metric(token: Token) -> bool:
    return any(isinstance(name, MetricName) for name in token.names)


def _joins(token: Token) -> bool:
    return any(token.word(role) for role in JOINTS)
