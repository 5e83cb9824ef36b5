"""The grammar of canonical Chinese: every node of the query language and its words, once.

Read it as a table. `of(Node, words)` is one way to say a node; `{slot}` stands for the words of a
slot, said by the category or word list of that name (or of the name behind the colon); [ ] is
left out when its slot is empty or as usual. Of several alternatives the first that fits is
written. The same lines write queries and read them back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.language.canonical.amounts import (
    Amount,
    Whole,
    unit_of_change,
    unit_of_column,
    unit_of_metric,
)
from assistant.language.canonical.category import Other, category
from assistant.language.canonical.columns import Column, GroupOf
from assistant.language.canonical.days import Days
from assistant.language.canonical.members import Member
from assistant.language.canonical.named import RAW_TEXT, DimensionNamed, Free, Named
from assistant.language.canonical.parts import COUNTED, Parts
from assistant.language.canonical.production import of
from assistant.language.canonical.syntax import Many, Syntax, Words
from semantic_layer.query import (
    And,
    Arithmetic,
    Between,
    BucketGroup,
    ChangeCondition,
    Comparison,
    Condition,
    Cumulative,
    DimensionGroup,
    Edge,
    EntityQuery,
    EventCondition,
    Everything,
    Focus,
    FunnelCondition,
    FunnelQuery,
    Having,
    Holiday,
    IntervalQuery,
    Latest,
    Limit,
    Membership,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Not,
    Number,
    Or,
    Order,
    PathQuery,
    Period,
    Relative,
    RetentionQuery,
    Rolling,
    Scope,
    SegmentCondition,
    Set,
    SetGroup,
    Share,
    Shifted,
    Step,
    TimeGroup,
    TopMembership,
    Unit,
)

QUERIES = (
    category(
        "query",
        of(MetricQuery, "{scope}[,按{group_by}],{measures}[,{compare}][,{share}][,{window}]"
           "[,只留{having:having_list}][,按{order}][,{limit}][,看{focus}][,{totals}][,{subtotals}小计]"),
        of(EntityQuery, "{scope},名单为{set}[,列出{attributes}][,附{measures}][,按{order}]"
           "[,取前{limit:whole}个]"),
        of(FunnelQuery, "{scope},漏斗{steps},{window_days:whole}天内完成[,看{show:funnel_shows}]"
           "[,按{group_by}][,以{entity}计]"),
        of(RetentionQuery, "{scope},留存分析{start:step}→{comeback:step},第{periods}{unit:counted}"
           ",按{cohort_unit}分批[,按{group_by}][,以{entity}计]"),
        of(PathQuery, "{scope},路径分析{anchor:step}{direction},最多{length:whole}步"
           ",前{top:whole}条"),
        of(IntervalQuery, "{scope},间隔分析{start:step}→{end:step}[,{window_days:whole}天内]"
           "[,看{show:interval_shows}][,按{group_by}][,以{entity}计]"),
    ),
    category(
        "scope",
        of(Scope, "{period}[,只看{where:predicate}]"),
        of(Scope, "默认期间[,只看{where:predicate}]", period=None),
    ),
    category("step", of(Step, "{event}[({where:predicate})]")),
)  # fmt: skip

MEASURES = (
    category(
        "measure",
        of(Arithmetic, "{left:operand}{op:sign}{right:operand}[(称{label:free})]"),
        Other("plain_measure"),
    ),
    category("operand", Other("plain_measure"), Other("measure", "(", ")")),
    category(
        "plain_measure",
        of(Number, "{value:number}"),
        of(MetricRef, "[{per}]{metric}"),
        of(MetricRef, "[{per}]{metric}的{stat}", stat_over=None),
        of(MetricRef, "[{per}]{metric}的每{stat_over:grain}{stat}"),
        of(MetricRef, "[{per}]{metric}的每{stat_over:grain}值", stat=None),
    ),
    category(
        "comparison",
        of(Comparison, "与{span}比[的{show:shows}][({align})]", base="range"),
        of(Comparison, "{base}[的{show:shows}][({align})]"),
    ),
    category(
        "having",
        of(Having, "{column}{op:number_op}整体水平", value="average"),
        of(Having, "{column}{op:number_op}{value:amount_of_column}"),
        depends=True,
    ),
    category(
        "order_item",
        of(Order, "{column}从高到低"),
        of(Order, "{column}从低到高", descending=False),
        of(Order, "{column}由好到差", quality=True),
        of(Order, "{column}由差到好", quality=True, descending=False),
        depends=True,
    ),
    category(
        "limit",
        of(Limit, "[每个{partition_by}内]取第{offset:ordinal}名[({others})]", count=1),
        of(
            Limit,
            "[每个{partition_by}内]取前{count:whole}名[(从第{offset:ordinal}名起)][({others})]",
        ),
        of(
            Limit,
            "[每个{partition_by}内]取前{percent:number}%[(从第{offset:ordinal}名起)][({others})]",
        ),
        depends=True,
    ),
    category("focus", of(Focus, "{dimension}为{value:member_name}的名次")),
    category(
        "share",
        of(Share, "占合计[的{dimension}]的比例"),
        of(Share, "占上级[{dimension}]的比例", of="parent"),
        of(Share, "占不限[{dimension}]时的比例", of="unfiltered"),
        of(Share, "占不限{entity}条件时的比例", of="unfiltered"),
    ),
    category("window", of(Cumulative, "{reset}"), of(Rolling, "滚动{count:whole}{unit:counted}")),
)

GROUPS = (
    category(
        "group",
        of(DimensionGroup, "{dimension}"),
        of(TimeGroup, "{grain}"),
        of(
            BucketGroup,
            "{entity}按{of:figure}分档[(界限{edges})][(每档{width:number})][(等分{count:whole}档)]",
        ),
        of(SetGroup, "人群({sets}[及{rest}])"),
    ),
    category("set", of(Set, "({where:predicate})的{entity}[(称{label:free})][({judged})]")),
)

CONDITIONS = (
    category("predicate", Other("joined"), Other("condition")),
    category("joined", of(And, "{children:all_of}"), of(Or, "{children:one_of}")),
    category("operand_of_joined", Other("condition"), Other("joined", "(", ")")),
    category(
        "condition",
        of(And, "全部满足({children:only_one})"),
        of(Or, "任一满足({children:only_one})"),
        of(Not, "不满足({child:predicate})"),
        of(Condition, "{dimension}为空", op="is_null"),
        of(Condition, "{dimension}不为空", op="not_null"),
        of(Condition, "{dimension}{op:dimension_op}{values}"),
        of(MetricCondition, "其[{period}的]连续{in_a_row:whole}{row_unit}[{per:any_per}]{metric}"
           "{op:number_op}{value:amount_of_metric}"),
        of(MetricCondition, "其[{period}的][{per:any_per}]{metric}{op:number_op}"
           "{value:amount_of_metric}[(每期为{row_unit})]", in_a_row=None),
        of(ChangeCondition, "其[{period}的]{metric}与{span}比的{show}{op:number_op}"
           "{value:amount_of_change}", base="range"),
        of(ChangeCondition, "其[{period}的]{metric}{base}[(参照{span})]的{show}{op:number_op}"
           "{value:amount_of_change}"),
        of(EventCondition, "其[在{within:period}内][自{after:event}起][{after_days:whole}天内]"
           "连续{in_a_row:whole}{row_unit}{did}{event}[({where:predicate})][至少{at_least:whole}次]"),
        of(EventCondition, "其[在{within:period}内][自{after:event}起][{after_days:whole}天内]"
           "{did}{event}[({where:predicate})][至少{at_least:whole}次][(每期为{row_unit})]",
           in_a_row=None),
        of(FunnelCondition, "其[在{period}内]沿{steps}[在{window_days:whole}天内]"
           "走到第{reached:whole}步[而未到第{missed:whole}步]"),
        of(SegmentCondition, "属于人群{segment}"),
        of(Membership, "属于{set}"),
        of(TopMembership, "排在[{period}的]{metric}前{count:whole}名"),
        of(TopMembership, "排在[{period}的]{metric}前{percent:number}%"),
        of(TopMembership, "排在[{period}的]{metric}后{count:whole}名", descending=False),
        of(TopMembership, "排在[{period}的]{metric}后{percent:number}%", descending=False),
    ),
)  # fmt: skip

NAMED_UNITS: dict[Unit, dict[int, str]] = {
    "day": {-3: "大前天", -2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"},
    "week": {-2: "上上周", -1: "上周", 0: "本周", 1: "下周"},
    "xun": {-1: "上一旬", 0: "本旬", 1: "下一旬"},
    "month": {-2: "上上个月", -1: "上个月", 0: "本月", 1: "下个月"},
    "quarter": {-2: "上上个季度", -1: "上季度", 0: "本季度", 1: "下季度"},
    "half": {-1: "上个半年", 0: "本半年", 1: "下个半年"},
    "year": {-3: "大前年", -2: "前年", -1: "去年", 0: "今年", 1: "明年", 2: "后年"},
    "workday": {-1: "上一个工作日", 0: "本工作日", 1: "下一个工作日"},
    "trading_day": {-1: "上一个交易日", 0: "本交易日", 1: "下一个交易日"},
}
NAMED = [(unit, n, word) for unit, names in NAMED_UNITS.items() for n, word in names.items()]
AGO, AHEAD = "往前第{offset:before}", "往后第{offset:after}"
TAIL = "[{within:parts}][{to_date}][({anchor})]"
FEAST, FEAST_TAIL = "{name:feast_name}", "[(错开{offset:whole}年)]"
FEAST_YEARS = (("year:whole", "年", FEAST_TAIL), ("offset:which_year", "", ""))
LENGTH = "{days:whole}{day_unit:counted}"

SPANS = (
    category("period", of(Period, "{spans}[(只算{days})][(按{role:time_role})]")),
    category("span", Other("between"), Other("point")),
    category(
        "between",
        of(Between, "从{start:point}到{end:point}"),
        of(Between, "从{start:point}起", end=None),
    ),
    category(
        "point",
        Days(),
        Other("relative"),
        Other("feast"),
        of(Latest, "最新"),
        of(Latest, "最新完整{unit:whole_unit}"),
        of(Everything, "有数据以来"),
        Other("between", "(", ")"),
        of(Edge, "{of:point}末"),
        of(Edge, "{of:point}初", side="opening"),
        *(of(Shifted, f"{{of:point}}的{word}同期[({{align}})]", unit=unit, offset=n)
          for unit, n, word in NAMED),
        of(Shifted, f"{{of:point}}的{AGO}{{unit:counted}}同期[({{align}})]"),
        of(Shifted, f"{{of:point}}的{AHEAD}{{unit:counted}}同期[({{align}})]"),
    ),
    category(
        "relative",
        of(Relative, "近{span:whole}{unit:rolling_unit}", offset=0, anchor="data"),
        *(of(Relative, f"{word}{TAIL}", unit=unit, offset=n) for unit, n, word in NAMED),
        of(Relative, f"{AGO}{{unit:counted}}{TAIL}"),
        of(Relative, f"{AHEAD}{{unit:counted}}{TAIL}"),
        of(Relative, f"近{{span:whole}}个整{{unit:whole_unit}}{TAIL}", offset=-1),
        *(of(Relative, f"到{word}为止的{{span:whole}}{COUNTED[unit]}{TAIL}", unit=unit, offset=n)
          for unit, n, word in NAMED),
        *(of(Relative, f"到{way}{word}为止的{{span:whole}}{word}{TAIL}", unit=unit)
          for way in (AGO, AHEAD) for unit, word in COUNTED.items()),
    ),
    category(
        "feast",
        *(of(Holiday, f"{{{year}}}{word}{FEAST}[({{day_unit:day_kind}})]{tail}")
          for year, word, tail in FEAST_YEARS),
        *(of(Holiday, f"{{{year}}}{word}{FEAST}{side}{LENGTH}{tail}", side=name)
          for side, name in (("前", "before"), ("后", "after"))
          for year, word, tail in FEAST_YEARS),
    ),
    category("which_year", Words(NAMED_UNITS["year"]), Other("before", "往前第", "年"),
             Other("after", "往后第", "年")),
)  # fmt: skip

LISTS = {
    "group_by": Many("group"),
    "measures": Many("measure"),
    "compare": Many("comparison", ","),
    "having_list": Many("having", "且"),
    "order": Many("order_item"),
    "partition_by": Many("group_of"),
    "subtotals": Many("group_of"),
    "attributes": Many("dimension"),
    "steps": Many("step", "→"),
    "periods": Many("whole"),
    "edges": Many("number"),
    "sets": Many("set"),
    "spans": Many("span"),
    "values": Many("member", least=1),
    "all_of": Many("operand_of_joined", "且", least=2),
    "one_of": Many("operand_of_joined", "或", least=2),
    "only_one": Many("operand_of_joined", least=1, most=1),
    "shows": Many("show"),
    "funnel_shows": Many("funnel_show"),
    "interval_shows": Many("interval_show"),
}

NAMES_AND_NUMBERS: dict[str, Syntax] = {
    "metric": Named("metric"),
    "dimension": DimensionNamed(),
    "figure": Named("figure"),
    "entity": Named("entity"),
    "event": Named("event"),
    "segment": Named("segment"),
    "time_role": Named("time_role"),
    "feast_name": Named("feast"),
    "free": Free(),
    "raw": RAW_TEXT,
    "member": Member(),
    "member_name": Member(only_text=True),
    "column": Column(),
    "group_of": GroupOf(),
    "parts": Parts(),
    "whole": Whole(),
    "ordinal": Whole(plus=1),
    "before": Whole(negative=True),
    "after": Whole(positive=True),
    "number": Amount(),
    "amount_of_metric": Amount(unit_of_metric),
    "amount_of_change": Amount(unit_of_change),
    "amount_of_column": Amount(unit_of_column),
}

WORDS: dict[str, Mapping[Any, str]] = {
    "per": {
        "day": "日均", "trading_day": "交易日均", "month": "月均", "quarter": "季均",
        "year": "年均", "customer": "户均", "holder": "持有户均", "txn": "笔均",
    },
    "stat": {"max": "最大值", "min": "最小值", "median": "中位数", "mean": "平均值"},
    "sign": {"+": "+", "-": "−", "*": "×", "/": "÷"},
    "grain": {
        "date": "日", "week": "周", "xun": "旬", "month": "月", "quarter": "季度", "half": "半年",
        "year": "年",
    },
    "cohort_unit": {"day": "日", "week": "周", "month": "月"},
    "counted": COUNTED,
    "rolling_unit": {"day": "天", "workday": "个工作日", "trading_day": "个交易日"},
    "row_unit": {"date": "天", "week": "周", "month": "个月", "quarter": "个季度", "year": "年"},
    "whole_unit": {
        "day": "日", "week": "周", "xun": "旬", "month": "月", "quarter": "季度", "half": "半年",
        "year": "年", "workday": "工作日", "trading_day": "交易日",
    },
    "day_kind": {"workday": "按工作日", "trading_day": "按交易日"},
    "days": {
        "workday": "工作日", "trading_day": "交易日", "weekend": "周末", "holiday": "节假日",
        "feast": "法定节假日", "makeup": "调休上班日",
        "monday": "周一", "tuesday": "周二", "wednesday": "周三", "thursday": "周四",
        "friday": "周五", "saturday": "周六", "sunday": "周日",
    },
    "base": {
        "yoy": "同比", "mom": "环比", "opening": "较期初", "ytd_open": "较年初",
        "previous": "较上期", "average": "与平均比", "target": "与目标比", "range": "与指定期间比",
    },
    "show": {
        "value": "基期值", "diff": "增减额", "rate": "增幅", "pp": "百分点变化",
        "rank": "名次变化", "share": "占比",
    },
    "align": {"elapsed": "按相同天数", "full": "按整期", "feast": "按节日对齐"},
    "reset": {"month": "本月累计", "quarter": "本季累计", "year": "本年累计", "never": "累计"},
    "dimension_op": {
        "in": "为", "not_in": "不为", "contains": "包含", "not_contains": "不包含",
        "prefix": "开头是", "suffix": "结尾是",
        "gt": "大于", "ge": "不小于", "lt": "小于", "le": "不大于",
    },
    "number_op": {
        "gt": "大于", "ge": "不小于", "lt": "小于", "le": "不大于", "eq": "等于", "ne": "不等于",
    },
    "did": {True: "有过", False: "没有过"},
    "to_date": {True: "以来"},
    "anchor": {"data": "以数据日期为今天"},
    "judged": {"period_end": "以期末为今天"},
    "others": {True: "其余合并为其他"},
    "rest": {True: "其余"},
    "totals": {False: "不要合计"},
    "direction": {"from": "之后", "to": "之前"},
    "funnel_show": {
        "entities": "各步人数", "conversion": "各步转化率", "median_time": "各步耗时中位数",
        "dropped": "各步流失数",
    },
    "interval_show": {
        "mean": "平均值", "median": "中位数", "quartiles": "四分位数", "distribution": "分布",
    },
}  # fmt: skip

ANY_PER = category("any_per", Words(WORDS["per"]), RAW_TEXT)
GRAMMAR: dict[str, Syntax] = {
    **{one.name: one for one in (*QUERIES, *MEASURES, *GROUPS, *CONDITIONS, *SPANS, ANY_PER)},
    **LISTS,
    **NAMES_AND_NUMBERS,
    **{name: Words(words) for name, words in WORDS.items()},
}
