"""docs/definitions.md says every key and code, and its example is the second company."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from metrics import CODES, definitions_schema
from metrics.handbook import code_reference, entry_models, key_reference
from metrics.vocabulary import FUNCTIONS

ROOT = Path(__file__).parents[2]
HANDBOOK = (ROOT / "docs" / "definitions.md").read_text(encoding="utf-8")


def between(name: str) -> str:
    match = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", HANDBOOK, re.DOTALL)
    assert match is not None, name
    return match[1].strip()


def test_the_key_tables_are_those_of_the_reader():
    assert between("keys") == key_reference().strip()


def test_the_code_table_is_that_of_the_findings():
    assert between("codes") == code_reference().strip()


def test_the_complete_example_is_the_second_company():
    fixture = ROOT / "tests" / "fixtures" / "second_company"
    blocks = re.findall(r"```(?:yaml|toml)\n(.*?)```", between("example"), re.DOTALL)
    files = [fixture / "wenshu.toml", fixture / "catalog" / "insurance.yml"]
    assert blocks == [file.read_text(encoding="utf-8") for file in files]


def test_every_function_of_the_vocabulary_is_named():
    assert all(f"`{name}`" in HANDBOOK for name in FUNCTIONS)


@pytest.mark.parametrize("model", entry_models(), ids=lambda m: m.__name__)
def test_every_key_has_a_description_and_every_value_an_example(model):
    for name, field in model.model_fields.items():
        assert field.description, name
    assert model.__doc__


def test_the_json_schema_knows_every_key_and_the_one_line_forms():
    schema = definitions_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    assert "certified" in schema["$defs"]["MetricEntry"]["properties"]
    join = schema["$defs"]["JoinEntry"]["properties"]
    assert {"as", "to", "keys"} <= set(join)
    assert {option.get("type") for option in join["keys"]["anyOf"]} == {"string", "array", "object"}
    assert len(CODES) == len(set(CODES))
