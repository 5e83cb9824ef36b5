"""Who is meant: 有贷款没有理财的客户, 连续3个月有交易的客户, AUM最高的5个分行."""

from assistant.language.assemble.sets.entity_sets import entity_sets
from assistant.language.assemble.sets.part_of_set import part_of_set

__all__ = ["entity_sets", "part_of_set"]
