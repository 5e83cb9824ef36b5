from __future__ import annotations

from datetime import date

import metrics
from metrics.content_hash import meaning_hash

BASE = """
parameters: [{name: floor, label: 门槛, value: 100, owner: 部}]
datasets: [{name: orders, source: orders, key: id, time: day, fields: [{name: city, label: 城市}]}]
metrics:
  - name: big
    label: 大单额
    description: 大单金额合计
    owner: 财务部
    unit: CNY
    agg: sum
    expr: amount
    filter: amount >= {floor}
"""


def hashes(manifest_of, text: str) -> tuple[str, str]:
    manifest = manifest_of(a=text)
    return manifest.hash, meaning_hash(manifest.metrics["big"], manifest.parameters)


def test_comments_and_lines_change_nothing(manifest_of):
    assert hashes(manifest_of, "# 说明\n\n" + BASE) == hashes(manifest_of, BASE)


def test_a_new_word_changes_the_manifest_but_not_the_meaning(manifest_of):
    before, meant = hashes(manifest_of, BASE)
    after, means = hashes(manifest_of, BASE.replace("label: 大单额", "label: 大额订单"))
    assert before != after
    assert meant == means


def test_formula_threshold_unit_and_grain_change_the_meaning(manifest_of):
    meant = hashes(manifest_of, BASE)[1]
    edits = [("amount >=", "amount >"), ("value: 100", "value: 200"), ("CNY", "USD"),
             ("unit:", "native: month\n    unit:")]  # fmt: skip
    others = {hashes(manifest_of, BASE.replace(old, new))[1] for old, new in edits}
    assert len(others - {meant}) == len(edits)


def test_a_certificate_is_worth_nothing_after_a_change_of_meaning(manifest_of):
    meant = hashes(manifest_of, BASE)[1]
    signed = BASE + (
        f"    status: certified\n    certified: {{by: 委员会, date: 2026-01-01, hash: {meant}}}\n"
    )
    assert manifest_of(a=signed).metrics["big"].status == "certified"
    changed = signed.replace("value: 100", "value: 500")
    assert manifest_of(a=changed).metrics["big"].status == "in_review"


def test_today_is_a_parameter_and_no_part_of_the_hash(manifest_of):
    manifest = manifest_of(a=BASE)
    dated = metrics.with_today(manifest, date(2026, 11, 20))
    assert dated.parameters["as_of"].value == "2026-11-20"
    assert dated.hash == manifest.hash
    assert metrics.with_today(manifest, date(2026, 11, 20)) is dated


def test_a_certificate_on_a_formula_with_today_holds_every_day(manifest_of):
    young = BASE.replace("amount >= {floor}", "day < cast({as_of} as date)")
    meant = hashes(manifest_of, young)[1]
    dated = metrics.with_today(manifest_of(a=young), date(2026, 11, 20))
    assert meaning_hash(dated.metrics["big"], dated.parameters) == meant
