"""The synonyms of declared values as lines: shown, read back, and refused where they fit nothing."""

from __future__ import annotations

import pytest

from metrics.editing.change import NotEditableError
from metrics.editing.values import synonym_changes, synonym_lines

KEYS = {"values": {"线上": ["网上", "电子"], "线上直营": "直营", "线下": None}}
LISTED = {"values": [{"value": True, "label": "乡镇", "synonyms": ["农村"]}, {"value": 2}, "其他"]}


def test_each_value_has_a_line():
    assert synonym_lines(KEYS) == "线上:网上、电子\n线上直营:直营\n线下:"
    assert synonym_lines(LISTED) == "乡镇:农村\n2:\n其他:"
    assert synonym_lines({}) == ""


@pytest.mark.parametrize(
    ("entry", "lines", "changes"),
    [
        (KEYS, "线上:网上、电子\n线上直营:直营\n线下:", []),
        (KEYS, "线上: 网上,电子,网络\n线上直营:直营\n线下:",
         [(("values", "线上"), ["网上", "电子", "网络"])]),
        (KEYS, "线下:\n线上:\n\n线上直营:直营", [(("values", "线上"), [])]),
        (LISTED, "乡镇:\n2:两\n其他:",
         [(("values", 0, "synonyms"), None), (("values", 1, "synonyms"), ["两"])]),
    ],
)  # fmt: skip
def test_only_lines_that_are_other_ones_are_written(entry, lines, changes):
    assert list(synonym_changes(entry, lines)) == changes


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("线上:网上\n线上直营:直营", "少了取值“线下”"),
        ("线上:网上\n线上直营:直营\n线下:\n柜面:柜台", "“柜面:柜台”不是"),
        ("线上\n线上直营:直营\n线下:", "“线上”不是"),
    ],
)
def test_lines_that_fit_no_value_are_told(lines, told):
    with pytest.raises(NotEditableError, match=told):
        synonym_changes(KEYS, lines)
