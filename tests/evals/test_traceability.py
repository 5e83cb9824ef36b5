"""Every requirement, convention and ambiguous word leads to a case, or says why not."""

from hashlib import sha256

import pytest

from evals.suite import load_suite, suite_names
from evals.traceability import DOCUMENT, Subject, document, subjects, traced_cases


@pytest.fixture(scope="module")
def rows():
    return subjects()


@pytest.fixture(scope="module")
def cases():
    return traced_cases()


def test_the_document_is_up_to_date(rows, cases):
    assert DOCUMENT.read_text("utf-8") == document(rows, cases)


def test_cases_name_only_subjects_that_exist(rows, cases):
    assert set(cases) - {row.id for row in rows} == set()


def test_every_first_requirement_has_a_case_or_a_reason(rows, cases):
    assert [r.id for r in rows if r.priority == "P0" and r.id not in cases and not r.why] == []


def test_later_requirements_have_a_case_or_a_reason(rows, cases):
    later = [r for r in rows if r.section in ("requirements", "hard_cases")]
    assert [r.id for r in later if r.id not in cases and not r.why] == []


@pytest.mark.parametrize(("section", "count"), [("conventions", 40), ("words", 24)])
def test_each_convention_and_ambiguous_word_has_a_case(rows, cases, section, count):
    ids = [row.id for row in rows if row.section == section]
    assert (len(ids), [i for i in ids if i not in cases]) == (count, [])


def test_all_requirements_are_listed_once(rows):
    ids = [row.id for row in rows if row.section == "requirements"]
    assert ids == [f"R{number}" for number in range(1, 147)]


def test_a_row_shows_cases_and_reason():
    row = Subject("R9", "装好就能问", "requirements", "P0", "演示测试")
    assert "| R9 | P0 | 装好就能问 | a/b<br>a/c | 演示测试 |" in document(
        [row], {"R9": ["a/b", "a/c"]}
    )


def test_ids_are_unique_over_all_suites():
    ids = [case.id for name in suite_names() for case in load_suite(name).cases]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", [name for name in suite_names() if name != "bank"])
def test_the_sealed_third_is_picked_by_hash_and_by_nobody(name):
    for case in load_suite(name).cases:
        drawn = int(sha256(case.evidence.encode()).hexdigest(), 16) % 3 == 0
        assert (case.split == "sealed") == drawn, case.id
