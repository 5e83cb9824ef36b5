from __future__ import annotations

import os
from pathlib import Path

import metrics
from semantic_layer.model import (
    Aggregate,
    AverageOver,
    Band,
    Certification,
    DataDate,
    Dataset,
    Field,
    FieldValue,
    Format,
    Hierarchy,
    Join,
    Location,
    Metric,
    MetricChange,
    Ratio,
    SemiAdditive,
    TieOut,
    Validity,
)
from semantic_layer.query import (
    And,
    ChangeCondition,
    Condition,
    EventCondition,
    MetricCondition,
    Not,
    Or,
    Period,
    Relative,
    SegmentCondition,
    TopMembership,
)

ORDERS = """
    datasets:
      - name: orders
        source: orders
        key: id
        time: day
        fields: [{name: city, label: 城市, owner: 运营部}]
    metrics:
      - name: amount
        label: 金额
        description: 订单金额合计
        owner: 财务部
        unit: CNY
        agg: sum
        expr: amount
"""


EVERY_KEY = """
domain: 零售/订单
datasets:
  - name: orders
    label: 订单
    source: t_order
    key: [id, line]
    grain: date
    time: day
    time_roles: {发货日: shipped}
    data_date: {max: day, not_after: as_of}
    calendar: cn
    entity: order
    description: 一行一个订单行
    joins:
      - {to: people, as: buyer, keys: {buyer_id: id}, label: 买家, default: true}
      - {to: history, keys: city, valid: {from: a, to: b}, as_of: day, orphans: drop}
    fields:
      - {name: city, label: 城市, synonyms: 地市, spine: true, values: {北京: [京], 上海: }}
      - {name: state, label: 状态, values: [{value: 1, label: 已付}, 2]}
      - {name: size, label: 大小, band: {of: amount, edges: [10, 100], labels: [小, 中, 大]}}
      - note
    hierarchies: {地区: [city]}
  - {name: people, source: t_people, key: id}
  - {name: history, source: t_history, key: [city, valid_from]}
"""


def test_a_dataset_keeps_every_key(manifest_of):
    manifest = manifest_of(orders=EVERY_KEY)
    at = Location("catalog/orders.yml", 4)

    def line(number: int) -> Location:
        return Location("catalog/orders.yml", number)

    assert manifest.datasets["orders"] == Dataset(
        name="orders",
        label="订单",
        table="t_order",
        key=("id", "line"),
        fields=(
            Field(
                "city", "城市", synonyms=("地市",), spine=True, at=line(19),
                values=(FieldValue("北京", synonyms=("京",)), FieldValue("上海")),
            ),
            Field("state", "状态", values=(FieldValue(1, "已付"), FieldValue(2)), at=line(20)),
            Field("size", "大小", band=Band("amount", (10, 100), ("小", "中", "大")), at=line(21)),
            Field("note", "note", groupable=False, at=line(22)),
        ),
        grain="date",
        time="day",
        time_roles=(("发货日", "shipped"),),
        joins=(
            Join("people", "buyer", (("buyer_id", "id"),), label="买家", default=True, at=line(16)),
            Join(
                "history", "history", (("city", "city"),), orphans="drop",
                validity=Validity("a", "b", "day"), at=line(17),
            ),
        ),
        hierarchies=(Hierarchy("地区", ("city",)),),
        data_date=DataDate("max", "day"),
        calendar="cn",
        entity="order",
        description="一行一个订单行",
        domain="零售/订单",
        at=at,
    )  # fmt: skip


def test_a_metric_keeps_every_key(manifest_of):
    manifest = manifest_of(
        orders=ORDERS
        + """
      - name: stock
        label: 库存额
        synonyms: [存货]
        near_misses: [在途]
        description: 期末库存
        owner: 仓储部
        status: in_review
        version: 2
        changes: [{v: 2, date: 2026-01-01, note: 含在途, from: 2026-02-01, restates: true, was: {expr: a}}]
        unit: CNY
        format: {style: currency, scale: 万元, decimals: 1}
        direction: up_is_good
        agg: sum
        expr: value
        filter: city = '北京'
        time: shipped
        semi_additive: {over: shipped, take: first, period_end: last_known}
        incomplete_period: refuse
        default_period: year_to_date
        certified: {by: 委员会, date: 2026-01-05, hash: h1}
        tie_out: {file: a.csv, source: 报表}
        hidden: true
        """
    )
    assert manifest.metrics["stock"] == Metric(
        name="stock",
        label="库存额",
        definition=Aggregate(
            "orders", "sum", "value", "city = '北京'", "shipped",
            SemiAdditive("shipped", "first", "last_known"),
        ),
        unit="CNY",
        synonyms=("存货",),
        near_misses=("在途",),
        description="期末库存",
        owner="仓储部",
        status="in_review",
        version=2,
        changes=(MetricChange(2, "2026-01-01", "含在途", "2026-02-01", True, (("expr", "a"),)),),
        format=Format("currency", "万元", 1),
        direction="up_is_good",
        incomplete_period="refuse",
        default_period="year_to_date",
        certified=Certification("委员会", "2026-01-05", "h1"),
        tie_out=TieOut("a.csv", "报表"),
        hidden=True,
        at=Location("catalog/orders.yml", 17),
    )  # fmt: skip


def test_the_one_line_forms_of_each_kind_of_metric(manifest_of):
    manifest = manifest_of(
        orders=ORDERS
        + """
      - {name: rate, label: 比, unit: percent, ratio: {of: amount - cnt, to: amount}, native: month}
      - {name: cnt, label: 笔数, unit: 笔, agg: count}
      - {name: avg_amt, label: 日均额, unit: CNY, agg: sum, expr: a, average_over: {days: days}}
      - {name: dau, label: 日活, unit: 户, agg: distinct, expr: who, then: {avg: day}}
      - {name: p90, label: 九成位, unit: CNY, agg: quantile, quantile: 0.9, expr: a}
      - {name: due, label: 到期额, unit: CNY, agg: sum, expr: a, snapshot: latest, future: allowed}
      - name: rich
        label: 两表
        unit: CNY
        agg: sum
        expr: a
        also: [{dataset: orders, agg: sum, expr: b}]
        """
    )
    definitions = {m.name: m.definition for m in manifest.metrics.values()}
    assert definitions == {
        "amount": Aggregate("orders", "sum", "amount"),
        "rate": Ratio("amount - cnt", "amount"),
        "cnt": Aggregate("orders", "count"),
        "avg_amt": Aggregate("orders", "sum", "a", average_over=AverageOver("days")),
        "dau": Aggregate("orders", "distinct", "who", then_avg="date"),
        "p90": Aggregate("orders", "quantile", "a", quantile=0.9),
        "due": Aggregate("orders", "sum", "a", snapshot="latest", future=True),
        "rich": Aggregate("orders", "sum", "a"),
    }
    assert manifest.metrics["rich"].also == (Aggregate("orders", "sum", "b"),)


def test_a_name_alone_conforms_to_the_labelled_dimension(manifest_of):
    manifest = manifest_of(
        orders=ORDERS,
        visits="datasets: [{name: visits, source: v, key: id, time: day, fields: [city]}]",
    )
    twin = manifest.datasets["visits"].field("city")
    assert (twin.label, twin.conforms, twin.groupable) == ("城市", True, True)
    dimension = manifest.dimensions["city"]
    assert (dimension.home, dimension.carriers) == ("orders", ("orders", "visits"))


def test_a_label_may_be_the_same_word_as_the_name(manifest_of):
    manifest = manifest_of(
        a="datasets: [{name: a, source: a, key: id, fields: [{name: region, label: region}]}]"
    )
    assert list(manifest.dimensions) == ["region"]


def test_personal_data_is_never_grouped_or_searched(manifest_of):
    manifest = manifest_of(
        a="datasets: [{name: a, source: a, key: id, "
        "fields: [{name: phone, label: 手机号, sensitivity: pii}]}]"
    )
    field = manifest.dimensions["phone"].field
    assert (field.groupable, field.searchable) == (False, False)


def test_the_condition_of_a_segment_becomes_a_set(manifest_of):
    manifest = manifest_of(
        a="""
        segments:
          - name: lapsed
            label: 沉睡
            entity: customer
            where:
              all:
                - {event: {did: 基金申购, ever: true, at_least: 2}}
                - {event: {did_not: 打开APP, within: 30 days}}
                - any: [{field: level, in: [贵宾, 私行]}, {metric: aum, ge: 500000}]
                - not: {segment: closed}
                - {change: aum, base: mom, show: rate, le: -0.2}
                - {top: aum, percent: 10}
                - {field: age, lt: 30}
                - {field: city, is_null: false}
          - {name: closed, label: 销户, entity: customer, where: {field: state, in: 销户}}
        """
    )
    assert manifest.segments["lapsed"].where == And(
        (
            EventCondition("基金申购", at_least=2),
            EventCondition("打开APP", did=False,
                           within=Period((Relative("day", span=30, anchor="data"),))),
            Or((Condition("level", "in", ("贵宾", "私行")), MetricCondition("aum", "ge", 500000))),
            Not(SegmentCondition("closed")),
            ChangeCondition("aum", "mom", "rate", "le", -0.2),
            TopMembership("aum", percent=10),
            Condition("age", "lt", (30,)),
            Condition("city", "not_null"),
        )
    )  # fmt: skip


def test_rights_bind_dimensions_to_user_attributes_or_values(manifest_of):
    manifest = manifest_of(
        orders=ORDERS
        + """
    policies:
      - {role: boss, allow: {city: {user: town}}, mask: orders.city}
      - {role: north, allow: {city: [北京, 天津]}}
      - {unrestricted: [orders]}
        """
    )
    assert [(p.role, p.allow, p.mask, p.unrestricted) for p in manifest.policies] == [
        ("boss", (("city", "user:town"),), ("orders.city",), ()),
        ("north", (("city", ("北京", "天津")),), (), ()),
        (None, (), (), ("orders",)),
    ]


def test_files_may_refer_to_each_other_and_are_found_in_subfolders(folder):
    catalog = folder(b=ORDERS)
    (catalog / "deep" / "er").mkdir(parents=True)
    (catalog / "deep" / "er" / "rate.yaml").write_text(
        "metrics: [{name: rate, label: 比, unit: percent, description: 一, owner: 部, "
        "ratio: {of: amount, to: amount}}]",
        encoding="utf-8",
    )
    (catalog / ".hidden").mkdir()
    (catalog / ".hidden" / "x.yml").write_text("nonsense: [", encoding="utf-8")
    manifest, findings = metrics.load(catalog)
    assert (list(manifest.metrics), findings) == (["amount", "rate"], ())
    assert str(manifest.metrics["rate"].at) == "catalog/deep/er/rate.yaml:1"


def test_a_metric_names_its_dataset_unless_its_file_has_exactly_one(manifest_of):
    manifest = manifest_of(
        a=ORDERS,
        b="metrics: [{name: n, label: 笔数, unit: 笔, dataset: orders, agg: count}]",
    )
    assert manifest.metrics["n"].definition == Aggregate("orders", "count")


def test_a_folder_that_is_missing_empty_or_unreadable_is_one_clear_finding(tmp_path: Path):
    def codes(path: Path) -> list[str]:
        return [f.code for f in metrics.load(path).findings]

    assert codes(tmp_path / "nowhere") == ["M001"]
    assert codes(tmp_path) == ["M002"]
    (tmp_path / "a.yml").write_bytes("label: 客户".encode("gb18030"))
    assert codes(tmp_path) == ["M003"]


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path: Path):
    text = "version: 1\r\ndomain: 零售\r\n"
    (tmp_path / "a.yml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert metrics.load(tmp_path).findings == ()


def test_the_current_folder_has_a_name_too(folder, monkeypatch):
    catalog = folder(a="metrics: [")
    monkeypatch.chdir(catalog)
    assert str(metrics.load(Path()).findings[0]).startswith("catalog/a.yml:")
    assert os.sep in str(catalog)


def test_ten_thousand_nested_brackets_are_one_sentence(folder):
    findings = metrics.load(folder(a="domain: " + "[" * 10_000)).findings
    assert [f.code for f in findings] == ["M004"]
