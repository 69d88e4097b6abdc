"""Key terms: five, for every plan of the catalogue, computed from its terms and not written by hand."""

from __future__ import annotations

import pytest

from huimin.terms import find_plan, key_terms, plan_names, words_digest

JIANGSU = "jiangsu/yihuibao-1/2022"
FIVE = ["not_covered", "deductible", "one_year", "indemnity", "history"]


def lines_of(plan: str, term: str, language: str = "zh") -> tuple[str, ...]:
    return next(one.lines for one in key_terms(find_plan(plan).plan, language) if one.id == term)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("plan", plan_names())
def test_every_plan_has_five_key_terms_with_something_to_read(plan: str, language: str) -> None:
    terms = key_terms(find_plan(plan).plan, language)
    assert [term.id for term in terms] == FIVE
    assert all(term.title and term.lines and all(line.strip() for line in term.lines) for term in terms)


def test_the_deductibles_are_those_of_the_plan() -> None:
    assert lines_of(JIANGSU, "deductible") == (
        "医保目录内医疗费用：年度免赔额1万元",
        "医保目录外药品和高值耗材费用：年度免赔额2万元",
        "个人剩余费用再保障：年度免赔额5万元",
    )


def test_what_earlier_diseases_change_is_taken_from_the_benefits() -> None:
    lines = lines_of(JIANGSU, "history")
    assert "医保目录内医疗费用：有既往症且首次参保，赔付比例降低 10个百分点" in lines
    assert "提出异议" in lines[-1]


def test_a_plan_that_asks_for_no_history_promises_nothing_of_it() -> None:
    (line,) = lines_of("liaocheng/zhaohuibao/2022", "history")
    assert line.endswith("以保险合同为准。")


def test_a_plan_whose_deductibles_are_not_published_says_so() -> None:
    (line,) = lines_of("qingdao/qindaoebao/2022", "deductible")
    assert "没有列出免赔额" in line


def test_cover_of_one_year_names_its_days() -> None:
    assert "2022年1月1日至2022年12月31日" in lines_of(JIANGSU, "one_year")[0]
    assert "不保证续保" in lines_of(JIANGSU, "one_year")[1]


def test_other_words_have_another_digest() -> None:
    plan = find_plan(JIANGSU).plan
    zh, en = key_terms(plan, "zh"), key_terms(plan, "en")
    assert words_digest(zh) == words_digest(key_terms(plan, "zh"))
    assert words_digest(zh) != words_digest(en)
    assert words_digest(zh) != words_digest(zh[:-1])
