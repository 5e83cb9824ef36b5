"""Which words name what, and what they never name."""

from dataclasses import replace
from datetime import date

from assistant.language.lattice import best_cuts
from assistant.language.lexicon import Lexicon
from assistant.language.normalise import normalise
from assistant.language.scan import scan
from assistant.language.tokens import (
    AmbiguousName,
    DimensionName,
    MetricName,
    NearMiss,
    SensitiveName,
    ValueName,
)
from assistant.language.words import Word


def names(company, word):
    return company.planner.lexicon.names.get(word, ())


def cut(company, text):
    edges = scan(text, company.planner.lexicon, date(2026, 11, 20))
    return [token.text for token in best_cuts(text, edges)[0].tokens]


def test_labels_and_synonyms_name_metrics(bank):
    assert names(bank, "存款余额") == (MetricName("deposit"),)
    assert names(bank, "aum") == (MetricName("aum", "synonym"),)


def test_a_count_may_be_said_without_its_last_word(bank):
    assert names(bank, "新增客户") == (MetricName("new_cust", "short"),)


def test_a_governed_ambiguous_word_outranks_everything(bank):
    assert names(bank, "余额") == (AmbiguousName("余额"),)


def test_a_near_miss_is_no_name(bank):
    assert names(bank, "坏账率") == (NearMiss(("npl_rate",)),)


def test_a_value_may_be_said_without_the_name_of_its_dimension(bank):
    assert names(bank, "银川") == (ValueName("branch", "银川分行", "short"),)
    assert {n.dimension for n in names(bank, "宁波")} == {"branch", "city"}


def test_one_word_may_name_a_metric_and_a_value(bank):
    assert names(bank, "存款") == (
        MetricName("deposit", "synonym"),
        ValueName("product_line", "存款"),
    )


def test_short_and_common_values_are_weak(bank):
    assert [n.weak for n in names(bank, "女")] == [True]
    assert [n.weak for n in names(bank, "其他")] == [True]


def test_a_personal_field_is_only_a_warning(bank):
    assert names(bank, "手机号") == (SensitiveName("手机号"),)


def test_a_dimension_of_one_character_counts_only_after_a_grouping_word(bank):
    assert names(bank, "市") == ()
    assert bank.planner.lexicon.single["市"] == (DimensionName("city", "synonym"),)
    assert cut(bank, "各市存款余额") == ["各", "市", "存款余额"]
    assert cut(bank, "市存款余额") == ["市", "存款余额"]


def test_a_latin_name_is_not_found_inside_another_word(bank):
    assert cut(bank, "aums") == ["aums"]


def test_the_longest_name_wins(bank):
    assert cut(bank, "不良贷款余额") == ["不良贷款余额"]
    assert cut(bank, "信用卡交易金额") == ["信用卡", "交易金额"]


def test_words_are_found_by_sound(bank):
    assert "存款余额" in bank.planner.lexicon.sounding_like("cunkuan余额")


def test_words_are_found_by_shape(bank):
    assert bank.planner.lexicon.looking_like("不良货款率")[0].word == "不良贷款率"


def test_normalising_keeps_the_way_back():
    text = normalise("ＡＵＭ　上個月😀走勢")
    assert text.text == "aum上个月走势"
    assert text.original[slice(*text.span(3, 6))] == "上個月"


def test_what_a_company_calls_its_people_is_said_like_customers(spoken):
    manifest = spoken.snapshot.manifest
    members = replace(manifest.datasets["customers"], label="会员")
    lexicon = Lexicon.build(
        replace(manifest, datasets={**manifest.datasets, "customers": members}), {}
    )
    said = {word for found in lexicon.find("小微会员") for word in found.words}
    assert Word("noun", "entity") in said
