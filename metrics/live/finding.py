"""What a look at the data finds: stable codes, how bad, how much, which rows for example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from semantic_layer.result import Cell

Level = Literal["error", "warning", "note"]
LEVEL_NAMES: dict[Level, str] = {"error": "错误", "warning": "提醒", "note": "说明"}


class Kind(NamedTuple):
    """What a code stands for."""

    level: Level
    title: str
    fix: str


CODES: dict[str, Kind] = {
    "V101": Kind("error", "主键重复", "请去重,或核对 key 是否写全。"),
    "V102": Kind("error", "主键为空", "请补上主键,或核对 key 是否写对。"),
    "V103": Kind("warning", "疑似重复记录", "请核对是否重复入库;确认无误可登记为已知情况。"),
    "V201": Kind("warning", "关联不上", "请补齐被关联的数据,或登记为已知情况。"),
    "V202": Kind("note", "关联键为空", "这些行没有所属,按该维度统计时归入“未知”。"),
    "V203": Kind("error", "关联到多行", "同一行会被重复计算,请核对关联的键、类型或有效期。"),
    "V204": Kind("error", "权重合计不是1", "请核对权重列;分摊后的各组相加要等于合计。"),
    "V301": Kind("warning", "取值没有登记", "请在 values 里登记,或更正数据。"),
    "V302": Kind("note", "登记的取值没有出现", "若已停用请从 values 里去掉。"),
    "V401": Kind("warning", "数据没有及时更新", "请检查入库任务。"),
    "V402": Kind("warning", "有数据日期之后的记录", "请核对日期;这些行不计入任何已到期间。"),
    "V403": Kind("warning", "缺快照", "缺的期间答作“未报数”,请补数。"),
    "V404": Kind("warning", "个别序列中断", "请补上缺的行;缺行的当天合计会偏小。"),
    "V501": Kind("warning", "存量合计突变", "请核对是否重复入库或单位变化。"),
    "V502": Kind("warning", "标志超出 0 和 1", "请核对取值,标志求和会多计。"),
    "V601": Kind("error", "日表与月表不一致", "同一指标两处数字应相同,请核对两张表的加工口径。"),
    "V701": Kind("error", "口径检查不通过", "请核对口径或检查里写的标准答案。"),
    "V702": Kind("warning", "口径检查读不懂", "规则写作“指标 by 维度 sums_to total”。"),
    "V801": Kind("error", "与外部数字不符", "请核对口径、期间与机构;一致后才显示“已核对”。"),
    "V802": Kind("warning", "核对文件读不出来", "需要列 metric、org、date、value、tolerance。"),
    "V901": Kind("error", "检查没有做成", "请先用 wenshu doctor 看表与口径是否相符。"),
}


@dataclass(frozen=True, slots=True)
class LiveFinding:
    """One thing found in the data."""

    code: str
    subject: str
    """What it is about: dataset, dataset.join, dataset.field or metric."""
    message: str
    """What was found, one Chinese sentence."""
    count: int = 0
    """Rows, members or days concerned."""
    share: float | None = None
    """Of all rows."""
    examples: tuple[Cell, ...] = ()
    accepted: str | None = None
    """Why the project lives with it; None: not accepted."""

    @property
    def level(self) -> Level:
        """How bad it is."""
        return CODES[self.code].level

    @property
    def counts(self) -> bool:
        """Whether it makes the check fail."""
        return self.level != "note" and self.accepted is None
