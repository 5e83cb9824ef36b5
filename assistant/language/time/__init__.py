"""Time expressions of a question as symbolic spans.

`R(unit, offset, …)` below is `Relative`; `within` is written as `month 10 / xun 2`.

| words | kind | span |
|---|---|---|
| 上个月 · 去年 · 昨天 | period | R(month,-1) · R(year,-1) · R(day,-1) |
| 上月第一个交易日 · 本月前5个工作日 | period | R(month,-1, trading_day 1) · … |
| 除夕 · 正月初一 · 元宵节 | period | Absolute |
| 去年三季度 · 去年10月中旬 | period | R(year,-1, quarter 3) · R(year,-1, month 10 / xun 2) |
| 前三季度 · 去年1-6月 | period | R(year,0, quarter 1 ×3) · R(year,-1, month 1 ×6) |
| 10月1日~7日 | period | R(year,0, month 10 / day 1 ×7) |
| 上个月前10天 · 最后两个月 | period | R(month,-1, day 1 ×10) · R(…, month -2 ×2) |
| 上周五 · 第42周 | period | R(week,-1, day 5) · R(year,0, week 42) |
| 上周末 | period | R(week,-1, day 6 ×2) |
| 近三年一季度 · 近两年春节 | period | one span for each year |
| 10月 · 三季度 · 5月8号 (year unsaid) | period | R(year, 0 or -1 when still to come + `note`, …) |
| 2024年三季度 · 2024-05-08 | period | Absolute |
| 2023年10月至2024年3月 | period | Absolute |
| 3月1日到4月15日 | period | Between(R(year,0, …), R(year,0, …)) |
| 从年初到上月末 | period | Between(R(year,0), R(month,-1)) |
| 前年到去年 | period | R(year,-1, span=2) |
| 今年和去年 · 去年9月和10月 · 9、10月 | period | one token, two spans; also each alone |
| 今年春节 · 2024年国庆 · 春节前两周 | period | Holiday |
| 今年以来 · 年初至今 · YTD · 本年累计 | to_date | R(year,0, to_date) |
| 自3月以来 · 从6月1日起 · 3月至今 | to_date | Between(R(year,0, month 3), None) |
| 上月末 · 去年底 · 2023年末 | point | Edge(R(month,-1)) · Edge(R(year,-1)) · Edge(Absolute) |
| 年初 · 月初 · 去年初 | point | Edge(R(year,0),'opening') · … |
| 截至10月底 · 截至昨天 | point | Edge(…); `options` holds 年初至该日 for flows |
| 目前 · 最新 | point | Latest() |
| 近7天 · 近一周 · 滚动30天 | rolling | R(day,0, span=7, anchor=data) |
| 近5个交易日 | rolling | R(trading_day,0, span=5, anchor=data) |
| 近三个月 · 近半年 · 近一年 | rolling | R(month,-1, span=3 · 6 · 12), whole months, `note` |
| 近两个季度 | rolling | R(quarter,-1, span=2) |
| 未来30天 · 30天内到期 · 未来三个月 | rolling | R(day,30, span=30) · R(month,3, span=3) |
| 过去12个月每月 · 今年各月 | … | the span and grain=month |
| 近四周每周 · 近三年每年 | rolling | R(week,-1, span=4) · R(year,-1, span=3): whole buckets |
| 上月工作日 · 近30天周末 | … | the span and days=workday · weekend |
| 历年 | period | Everything(), grain=year |
| 去年同期 | same_period | Shifted(R(year,0, to_date), year, -1) |
| 去年同月 | same_period | Shifted(R(month,0), year, -1, full) |
| 去年今日 | same_period | Shifted(R(day,0), year, -1) |
| 期末 · 期初 | same_period | Latest() · Edge(R(year,0, to_date),'opening') |
| 工作日 (alone) | days | none; days=workday |
| 近几天 · 最近 · 近期 | vague | none; `problem` vague_term, `options` |
| 每年一季度 · 历年国庆 | vague | none; `problem` vague_term, `options` 近3年 · 近5年 |
| 前三个月 (last three or January–March) | vague | none; `problem` ambiguous_time, `options` |
| 2月30日 · 13月 · 第五季度 | invalid | none; `problem` invalid_date |
| 近24小时 · 昨晚8点 | invalid | none; `problem` grain_not_available |

A `same_period` span leans on the question's other time: `anchored(span, current)` puts that in.
Tokens that start inside a longer single expression are not offered; members of a list are.
"""

from assistant.language.time.describe import describe
from assistant.language.time.feasts import feast_words
from assistant.language.time.find import find_times, parse_base
from assistant.language.time.grains import find_grains, kind_of_days
from assistant.language.time.same_period import anchored
from assistant.language.time.token import GrainToken, TimeKind, TimeOption, TimeToken

__all__ = [
    "GrainToken",
    "TimeKind",
    "TimeOption",
    "TimeToken",
    "anchored",
    "describe",
    "feast_words",
    "find_grains",
    "find_times",
    "kind_of_days",
    "parse_base",
]
