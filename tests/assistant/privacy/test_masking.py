"""Nothing that identifies a person is left in a text that leaves, and all of it comes back."""

from __future__ import annotations

import random
import re

import pytest

from assistant.privacy import PLACEHOLDER, mask

HIDDEN = [
    ("手机号13800138000的客户", "手机号〈手机号1〉的客户"),
    ("138 0013 8000 的存款", "〈手机号1〉 的存款"),
    ("+86-138-0013-8000是谁", "〈手机号1〉是谁"),
    ("１３８００１３８０００", "〈手机号1〉"),
    ("一三八零零一三八零零零", "〈手机号1〉"),
    ("1 3 8 0 0 1 3 8 0 0 0 的存款", "〈手机号1〉 的存款"),
    ("13800-138000的存款", "〈手机号1〉的存款"),
    ("138,0013,8000的存款", "〈手机号1〉的存款"),
    ("138(0013)8000的存款", "〈手机号1〉的存款"),
    ("138 - 0013 - 8000的存款", "〈手机号1〉的存款"),
    ("138\n0013\n8000的存款", "〈手机号1〉的存款"),
    ("1\u00ad3800138000的存款", "〈手机号1〉的存款"),
    ("壹叁捌零零壹叁捌零零零的存款", "〈手机号1〉的存款"),
    ("一三八 零零一三 八零零零的存款", "〈手机号1〉的存款"),
    ("一三8零零一三八零零零的存款", "〈手机号1〉的存款"),
    ("１三八0零1三8０００的存款", "〈手机号1〉的存款"),
    ("138零零138000的存款", "〈手机号1〉的存款"),
    ("一三八-0013-八零零零的存款", "〈手机号1〉的存款"),
    ("١٣٨٠٠١٣٨٠٠٠的存款", "〈手机号1〉的存款"),
    ("1、3、8、0、0、1、3、8、0、0、0的存款", "〈手机号1〉的存款"),
    ("62220212三四五六7890一二三的流水", "〈号码1〉的流水"),
    ("11010119900307八五一五的存款", "〈证件号1〉的存款"),
    ("客户号一二三四五六的存款", "客户号〈编号1〉的存款"),
    ("卡尾号0123的流水", "卡尾号〈编号1〉的流水"),
    ("微信号zhang_wei88", "微信号〈编号1〉"),
    ("640102 1990 0101 1234的存款", "〈证件号1〉的存款"),
    ("62220212 34567890 123的流水", "〈卡号1〉的流水"),
    ("身份证110101199003078515的余额", "身份证〈证件号1〉的余额"),
    ("证件号 11010119900307851X", "证件号 〈证件号1〉"),
    ("卡号6222 0212 3456 7890 123", "卡号〈卡号1〉"),
    ("6222021234567890123近期流水", "〈号码1〉近期流水"),
    ("客户C000123的AUM", "客户〈编号1〉的AUM"),
    ("账号:A-0017x上月余额", "账号:〈编号1〉上月余额"),
    ("邮箱zhang.wei@bank.com.cn", "邮箱〈邮箱1〉"),
    ("客户张伟上月存款多少", "客户〈姓名1〉上月存款多少"),
    ("客户张三存款多少", "客户〈姓名1〉存款多少"),
    ("姓名:欧阳娜娜,资产多少", "姓名:〈姓名1〉,资产多少"),
    ("李女士买了哪些基金", "〈姓名1〉女士买了哪些基金"),
    ("王小明的贷款余额", "〈姓名1〉的贷款余额"),
    ("叫王芳的客户有几个", "叫〈姓名1〉的客户有几个"),
    ("帮我查李雷名下理财", "帮我查〈姓名1〉名下理财"),
    ("那客户数呢,张伟", "那客户数呢,〈姓名1〉"),
    ("王小明呢?", "〈姓名1〉呢?"),
    ("张伟的存款和张伟的贷款", "〈姓名1〉的存款和〈姓名1〉的贷款"),
]


@pytest.mark.parametrize(("text", "masked"), HIDDEN)
def test_what_identifies_a_person_becomes_a_placeholder(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "上个月各分行新增客户数是多少",
        "2025-10-31 2025-11-30 存款余额",
        "20250101至20251031的交易金额",
        "AUM超过1000万元的客户",
        "余额在13,500,000,000元以上的分行", "2026年10月15日-2026年11月20日的交易",
        "2026-10-15至2026-11-20 18-35岁", "前10 2026 2025 各分行",
        "贷款余额大于120000000的分行",
        "客户余额", "客户金额", "客户平均年龄", "客户高净值占比", "客户成交金额", "客户时点存款",
        "客户经理万琳慧(M0117)的客户数",
        "金卡呢", "石嘴山呢", "万元", "存款,贷款", "宁波呢?", "白金卡", "时间", "高端",
        "工作日和周末的交易金额",
        "近12个月App 8.6.0版本崩溃次数",
        "二零二六年十月三十一日至二零二六年十一月二十日的存款", "十三亿八千万元", "一二三四五线城市",
        "1、2、3、4、5、6、7、8、9、10、11月存款",
        "金卡客户数", "白金卡的消费", "P101产品的销售额", "逾期90天以上余额",
    ],
)  # fmt: skip
def test_ordinary_questions_stay_as_they_are(text: str) -> None:
    assert mask(text).text == text


def test_words_of_the_definitions_are_no_names() -> None:
    assert mask("客户路演场次").text == "客户〈姓名1〉次"
    assert mask("客户路演场次", known={"路演场次"}).text == "客户路演场次"


def test_what_the_asker_may_not_see_is_masked_by_its_words() -> None:
    masked = mask("上海分行比银川分行多多少", hidden=("上海分行",))
    assert masked.text == "〈名称1〉比银川分行多多少"
    assert masked.restore("〈名称1〉的存款") == "上海分行的存款"


def test_a_text_that_holds_placeholders_already_cannot_be_confused_with_ours() -> None:
    masked = mask("〈手机号1〉和13800138000")
    assert masked.text == "〈手机号1〉和〈手机号2〉"
    assert masked.restore(masked.text) == "〈手机号1〉和13800138000"
    assert masked.restore("〈手机号9〉") == "〈手机号9〉"


PIECES = [
    "客户", "姓名", "叫", "的", "上月", "存款余额", "手机号", "账号", "卡号", ",", " ", "和", "13912345678",
    "6222021234567890", "110101199003078515", "C000012", "张伟", "李小龙", "欧阳锋", "先生", "〈姓名1〉",
    "一三九一二三四五六七八", "a.b@c.cn", "2025年10月", "500万", "１３９", "〈", "〉", "分行",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(200))
def test_any_text_comes_back_whole_and_holds_no_long_number(seed: int) -> None:
    drawn = random.Random(seed)
    text = "".join(drawn.choice(PIECES) for _ in range(drawn.randint(1, 12)))
    masked = mask(text)
    assert masked.restore(masked.text) == text
    assert mask(masked.text).text == masked.text
    outside = PLACEHOLDER.sub("", masked.text)
    assert re.search(r"(?<!\d)1\d{10}(?!\d)|\d{11}|@", outside) is None
