"""How many units a time has, said once more behind it: 8、9、10三个月, 一季度和二季度两个季度."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.language.time.patterns import UNIT_WORDS, N, small_int
from assistant.language.time.piece import Piece
from semantic_layer.query import Edge, Relative, Span, Unit

AGAIN = re.compile(
    rf"(?:,?一?共|总共|合计|加起来|这|那|的?这)?(?P<n>{N})个(?P<unit>整?月|完整月|季度)"
    r"(?![定期存以之内后前末底滚活均])"
)
"""三个月定期存款 and 三个月以上 are other things."""

ENDS_AGAIN = re.compile(rf"这?(?P<n>{N})个(?P<unit>月|季度)[末底]")
"""8、9两个月末: the end of each of them."""


def counted_again(text: str, piece: Piece) -> int | None:
    """Where the words end that only count the units of the time over again."""
    match = AGAIN.match(text, piece.end)
    if match is None or piece.kind != "period" or piece.grain or piece.days:
        return None
    found = {_unit_and_count(span) for span in piece.spans}
    units, counts = {unit for unit, _ in found}, [_unit_and_count(s)[1] for s in piece.spans]
    same = units == {UNIT_WORDS[match["unit"]]} and sum(counts) == small_int(match["n"])
    return match.end() if same else None


def closed_by_count(text: str, piece: Piece, members: int) -> Piece:
    """10 in 8、9、10三个月 is a month, and its end in 三个月末: as many are listed as counted."""
    match = ENDS_AGAIN.match(text, piece.end) or AGAIN.match(text, piece.end)
    if match is None or piece.frame is None or not piece.is_open:
        return piece
    if piece.frame.unit != UNIT_WORDS[match["unit"]] or small_int(match["n"]) != members:
        return piece
    closed = replace(piece, end=match.end(), frame=replace(piece.frame, open=False))
    return replace(closed, kind="point", side="end") if match.re is ENDS_AGAIN else closed


def _unit_and_count(span: Span) -> tuple[Unit | None, int]:
    if isinstance(span, Edge) or not isinstance(span, Relative):
        return None, 0
    if span.within:
        return span.within[-1].unit, span.within[-1].count
    return span.unit, span.span
