"""Members that were looked up beforehand are listed without reading the table for them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from semantic_layer.model import Manifest
from semantic_layer.query import Condition, Relative

D = Decimal
OCTOBER = Relative("month", -1)
BOTH = {"balances.product_line": ("存款", "理财")}


@pytest.fixture
def listing(make_manifest, make_snapshot):
    """产品线在余额表上,没有数据的也列出;余额不分产品线。"""

    def make(members: dict[str, tuple[str, ...]]):
        plain = make_manifest()
        balances = plain.datasets["balances"]
        fields = tuple(
            replace(f, spine=True) if f.name == "product_line" else f for f in balances.fields
        )
        known = plain.dimensions["product_line"]
        listed = replace(known, field=replace(known.field, spine=True))
        deposit = plain.metrics["deposit"]
        held = replace(
            deposit, name="held", definition=replace(deposit.definition, filter=None), also=()
        )
        changed: Manifest = replace(
            plain,
            metrics={**plain.metrics, "held": held},
            datasets={**plain.datasets, "balances": replace(balances, fields=fields)},
            dimensions={**plain.dimensions, "product_line": listed},
        )
        return replace(make_snapshot(changed), members=members)

    return make


def test_known_members_are_listed_like_those_found_in_the_rows(ask, mq, listing):
    asked = mq("held", "product_line", OCTOBER)
    looked_up, known = ask(asked, at=listing({})), ask(asked, at=listing(BOTH))
    assert known.rows == looked_up.rows
    assert [name for name, _ in known.rows] == ["存款", "理财"]
    assert dict(known.rows)["存款"] == D("145.75")
    assert "SELECT DISTINCT" in looked_up.compiled.sql().replace("\n  ", " ")
    assert "FROM (VALUES\n    ('存款'),\n    ('理财')) AS balances(product_line)" in (
        known.compiled.sql()
    )


def test_a_filter_on_the_dimension_narrows_the_known_members(ask, mq, listing):
    deposits = Condition("product_line", "in", ("储蓄",))
    asked = mq("held", "product_line", OCTOBER, where=deposits)
    assert ask(asked, at=listing(BOTH)).rows == [("存款", D("145.75"))]


def test_members_narrowed_by_another_field_are_read_from_the_table(ask, mq, make_snapshot):
    known = {"orgs.branch": ("固原分行", "中卫分行", "银川分行")}
    east = Condition("outlet", "in", ("银川城东支行",))
    asked = mq("deposit", "branch", OCTOBER, where=east)
    answer = ask(asked, at=replace(make_snapshot(), members=known))
    assert answer.rows == ask(asked).rows == [("银川分行", D("110.50"))]
