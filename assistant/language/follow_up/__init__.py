"""Follow-ups: 那上海呢, 按月看, 去掉信用卡, 下钻到支行, as changes of the last query."""

from assistant.language.follow_up.complete import Heard
from assistant.language.follow_up.outcome import FollowUp
from assistant.language.follow_up.read import read_follow_up

__all__ = ["FollowUp", "Heard", "read_follow_up"]
