from __future__ import annotations

import pytest

import metrics
from metrics import DefinitionsError, Registry

GOOD = "parameters: [{name: floor, label: 门槛, value: 1}]"
BETTER = "parameters: [{name: floor, label: 门槛, value: 2}]"
BROKEN = "parameters: [{name: floor, label: 门槛, valu: 2}]"


def test_a_broken_edit_leaves_the_last_good_definitions_in_force_and_says_why(folder):
    registry = Registry(folder(a=GOOD))
    good = registry.current()
    folder(a=BROKEN)
    assert [f.code for f in registry.reload()] == ["M010", "M012"]
    assert registry.current() is good
    assert registry.is_stale
    folder(a=BETTER)
    assert registry.reload() == ()
    assert registry.current().parameters["floor"].value == 2
    assert not registry.is_stale


def test_a_reload_that_changes_no_word_keeps_the_same_object(folder):
    registry = Registry(folder(a=GOOD))
    good = registry.current()
    folder(a="# 只加了一行注释\n" + GOOD)
    registry.reload()
    assert registry.current() is good


def test_definitions_that_never_loaded_raise_one_sentence_with_the_first_error(folder):
    with pytest.raises(DefinitionsError) as caught:
        Registry(folder(a=BROKEN)).current()
    assert [f.code for f in caught.value.findings] == ["M010", "M012"]
    assert str(caught.value).startswith("指标定义没有读成:catalog/a.yml:1 M010 ")


def test_a_registry_reads_nothing_before_it_is_asked(tmp_path):
    registry = Registry(tmp_path / "nowhere")
    assert registry.findings == ()


def test_the_project_name_is_kept(folder):
    assert metrics.load(folder(a=GOOD), project="示例银行").manifest.project == "示例银行"
