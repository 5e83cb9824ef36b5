from __future__ import annotations

import duckdb

import metrics
from semantic_layer.principal import Principal
from semantic_layer.resolve.rights import rights_of, scope_text


def parquet_schema(folder) -> dict[str, dict[str, str]]:
    return {
        file.stem: {
            name: kind
            for name, kind, *_ in duckdb.sql(f"describe from '{file}'").fetchall()
        }
        for file in sorted((folder / "data").glob("*.parquet"))
    }  # fmt: skip


def test_the_second_company_loads_without_a_remark(second_company):
    manifest, findings = metrics.load(second_company / "catalog")
    assert findings == ()
    assert list(manifest.metrics) == [
        "premium", "policy_cnt", "big_policy_cnt", "premium_per_policy", "in_force",
        "sum_insured", "claim_paid", "claim_cnt", "payout_ratio", "claim_frequency",
    ]  # fmt: skip
    assert list(manifest.dimensions) == [
        "office", "region", "client_kind", "phone", "line", "channel",
    ]  # fmt: skip


def test_its_whole_is_called_as_it_says(second_company):
    manifest, _ = metrics.load(second_company / "catalog")
    rights = rights_of(manifest, Principal("精算部", ("actuary",)))
    assert scope_text(rights, manifest) == "全公司"


def test_its_definitions_fit_its_parquet_files(second_company):
    manifest, _ = metrics.load(second_company / "catalog")
    assert metrics.check_against(manifest, parquet_schema(second_company)) == ()


def test_its_numbers_by_hand_hold_in_its_files(second_company):
    def one(sql: str) -> object:
        return duckdb.sql(sql.replace("@", f"{second_company}/data/")).fetchall()[0][0]

    march = "between date '2026-03-01' and date '2026-03-31'"
    assert one(f"select sum(premium) from '@policies.parquet' where sold_on {march}") == 9500
    assert one(f"select sum(paid) from '@claims.parquet' where paid_on {march}") == 3200
    in_force = "select count(*) from '@policy_month.parquet' where state = '在保'"
    assert one(f"{in_force} and snapshot_on = date '2026-03-31'") == 8
