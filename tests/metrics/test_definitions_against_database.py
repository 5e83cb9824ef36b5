from __future__ import annotations

import metrics

DEFINITIONS = """
    datasets:
      - name: orders
        label: 订单
        source: t_orders
        key: id
        time: day
        joins: [{to: people, as: buyer, keys: {buyer_id: id}}]
        fields:
          - {name: city, label: 城市, expr: upper(town)}
          - {name: size, label: 大小, band: {of: amount, edges: [10]}}
      - {name: people, label: 人, source: t_people, key: id, fields: [{name: age, label: 年龄}]}
      - {name: mine, label: 查询, sql: select 1 as x, key: x, time: x}
    metrics:
      - name: amount
        label: 金额
        unit: CNY
        dataset: orders
        agg: sum
        expr: amount
        filter: "buyer.age > 3 and city <> '' and buyer.vip = 1"
"""


def test_tables_that_fit_give_no_findings(manifest_of):
    schema = {
        "T_ORDERS": {"ID": "INTEGER", "day": "DATE", "buyer_id": "INTEGER", "town": "VARCHAR",
                     "amount": "DECIMAL(18,2)"},
        "t_people": {"id": "INTEGER", "age": "INTEGER", "vip": "INTEGER"},
    }  # fmt: skip
    assert metrics.check_against(manifest_of(a=DEFINITIONS), schema) == ()


def test_missing_tables_and_columns_are_named_with_what_is_near(manifest_of):
    schema = {
        "t_orders": {"id": "INTEGER", "days": "DATE", "buyer_id": "INTEGER", "town": "VARCHAR",
                     "amt": "DECIMAL(18,2)"},
        "people": {"id": "INTEGER"},
    }  # fmt: skip
    findings = metrics.check_against(manifest_of(a=DEFINITIONS), schema)
    assert [str(f) for f in findings] == [
        "catalog/a.yml:3 M302 数据集“订单”用到的列 day 不在表 t_orders 里。您是不是想写 days?",
        "catalog/a.yml:11 M302 字段“大小”用到的列 amount 不在表 t_orders 里。您是不是想写 amt?",
        "catalog/a.yml:12 M301 数据集“人”的表 t_people 在数据库里不存在。您是不是想写 people?",
        "catalog/a.yml:15 M302 指标“金额”用到的列 amount 不在表 t_orders 里。您是不是想写 amt?",
    ]


def test_dates_kept_as_text_and_sums_of_text_are_named(manifest_of):
    schema = {
        "t_orders": {"id": "INTEGER", "day": "VARCHAR", "buyer_id": "INTEGER", "town": "VARCHAR",
                     "amount": "VARCHAR"},
        "t_people": {"id": "INTEGER", "age": "INTEGER", "vip": "INTEGER"},
    }  # fmt: skip
    findings = metrics.check_against(manifest_of(a=DEFINITIONS), schema)
    assert [str(f) for f in findings] == [
        (
            "catalog/a.yml:3 M303 数据集“订单”的时间字段 day 的类型是 VARCHAR。"
            "请改用日期列,或在取数时转成 DATE。"
        ),
        (
            "catalog/a.yml:15 M303 指标“金额”汇总的列 amount 的类型是 VARCHAR。"
            "sum 只能用在数上;计数请用 count 或 distinct。"
        ),
    ]


def test_a_dataset_query_that_would_be_refused_later_is_named_now(manifest_of):
    definitions = DEFINITIONS.replace("select 1 as x", '"select id as x from t_elsewhere"')
    schema = {
        "t_orders": {"id": "INTEGER", "day": "DATE", "buyer_id": "INTEGER", "town": "VARCHAR",
                     "amount": "DECIMAL(18,2)"},
        "t_people": {"id": "INTEGER", "age": "INTEGER", "vip": "INTEGER"},
    }  # fmt: skip
    findings = metrics.check_against(manifest_of(a=definitions), schema)
    assert [(f.code, f.at.line) for f in findings] == [("M304", 13)]
