"""What somebody has, did or did not do, told in a few characters: 没有贷款, 从未买过基金."""

from assistant.language.deeds.deed import Deed, Run, Thing, Walk
from assistant.language.deeds.find import find_deeds, splits_a_deed
from assistant.language.deeds.holders import rates
from assistant.language.deeds.table import Deeds, deeds_of

__all__ = [
    "Deed",
    "Deeds",
    "Run",
    "Thing",
    "Walk",
    "deeds_of",
    "find_deeds",
    "rates",
    "splits_a_deed",
]
