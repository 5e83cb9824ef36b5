"""The table of finding codes: level and meaning. Codes are stable; never reuse one."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Code(NamedTuple):
    """Level and one-line meaning of a finding code."""

    level: Literal["error", "warning"]
    meaning: str


CODES: dict[str, Code] = {
    # 读文件
    "M001": Code("error", "定义文件夹不存在"),
    "M002": Code("error", "文件夹里没有定义文件"),
    "M003": Code("error", "文件读不出来(权限、编码)"),
    "M004": Code("error", "YAML 写法不对"),
    "M005": Code("warning", "文件是空的"),
    "M006": Code("error", "同一层写了两次同名的键"),
    "M007": Code("error", "YAML 会把这个写法当成别的值(yes/no/on/off、前导零等)"),
    "M008": Code("error", "不支持的 YAML 功能(锚点、标签)"),
    "M010": Code("error", "不认识的键"),
    "M011": Code("error", "值的类型不对"),
    "M012": Code("error", "缺少必填的键"),
    "M013": Code("error", "取值不在可选范围里"),
    "M014": Code("error", "标识不合规(字母、数字、下划线)"),
    "M015": Code("error", "日期写法不对"),
    # 建对象、查引用
    "M101": Code("error", "标识重复"),
    "M102": Code("error", "指标种类不明:agg、ratio、derived 必须恰好一种"),
    "M103": Code("error", "指标没有说明取自哪个数据集"),
    "M104": Code("error", "引用的名字不存在"),
    "M105": Code("error", "表达式写法不允许"),
    "M106": Code("error", "函数不在可移植清单里"),
    "M107": Code("error", "指标之间循环引用"),
    "M108": Code("error", "关联没有覆盖对方的整个主键,会放大行数"),
    "M109": Code("error", "条件写法不对"),
    "M110": Code("error", "同名维度声明了两次"),
    "M111": Code("error", "缺少与其他键配套的键"),
    "M112": Code("error", "互相冲突的键"),
    "M113": Code("error", "公式经过多对多关联"),
    # 口径规则
    "M201": Code("error", "期末快照上的指标没有说明时点数还是发生数"),
    "M202": Code("error", "时点数取快照的日期与提问的日期不是同一列"),
    "M203": Code("warning", "没有负责部门"),
    "M204": Code("warning", "没有口径说明"),
    "M205": Code("warning", "口径说明只重复了名字"),
    "M206": Code("error", "两个指标用了同一个叫法"),
    "M207": Code("error", "两个维度用了同一个叫法"),
    "M208": Code("warning", "指标与维度用了同一个叫法"),
    "M209": Code("error", "歧义词又被当成叫法"),
    "M210": Code("error", "取值被当成维度的叫法"),
    "M211": Code("warning", "near_misses 里是自己的叫法"),
    "M212": Code("warning", "字段没有 label,像是写错的维度名"),
    "M213": Code("error", "公式里为了显示乘了或除了 100、1000、10000"),
    "M214": Code("error", "单位的写法不标准"),
    "M215": Code("warning", "版本号与变更记录对不上"),
    "M216": Code("warning", "写着已认证,没有认证人和日期"),
    "M217": Code("warning", "认证没有锁住口径"),
    "M218": Code("warning", "认证后改过口径,状态退回审核中"),
    "M219": Code("warning", "已认证的指标引用了未认证的指标"),
    "M220": Code("warning", "引用了已停用的指标"),
    "M221": Code("error", "条件里的取值不在字段的受管取值里"),
    "M222": Code("warning", "门槛直接写在条件里"),
    "M223": Code("warning", "行权限关联不到的数据集"),
    "M224": Code("warning", "人群与指标、维度或取值用了同一个叫法"),
    "M225": Code("warning", "指标的叫法又是别处的取值"),
    "M226": Code("warning", "取值的叫法是时间词或语法词"),
    "M227": Code("warning", "窗口比率没有写明粒度 native"),
    "M228": Code("warning", "比率的分子与分母范围不同"),
    "M229": Code("warning", "对 0/1 标志取平均,应写成比率"),
    "M230": Code("warning", "名字里的计量与单位不一致"),
    "M231": Code("warning", "标志逐行相加,同一客户会重复计数"),
    "M232": Code("warning", "没有时间词时看哪段推不出来"),
    "M233": Code("error", "带动词的问法读不懂"),
    "M234": Code("warning", "指标的别名是一个取值"),
    "M235": Code("warning", "指标的叫法是另一个指标的 near_misses"),
    "M236": Code("warning", "同类量之比的单位不能还是那个量"),
    "M237": Code("warning", "公式与已认证的指标相同,好坏方向却相反"),
    "M238": Code("warning", "多对多关联用到了对方的整个主键,其实是多对一"),
    "M239": Code("warning", "多对多关联通向的表没有维度可分组、筛选"),
    "M240": Code("warning", "多对多关联的对方有权重列,没有写 weight"),
    # 与数据库核对
    "M301": Code("error", "数据库里没有这张表"),
    "M302": Code("error", "表里没有这一列"),
    "M303": Code("error", "列的类型与用法不合"),
    "M304": Code("error", "数据集的 sql 不能执行"),
}
