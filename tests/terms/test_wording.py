"""The plain words are computed from the terms."""

from __future__ import annotations

from huimin.terms import find_plan, summarise

PLAN = find_plan("jiangsu/yihuibao-1/2022").plan


def test_the_home_page_shows_one_line_for_each_benefit_that_is_known() -> None:
    assert summarise(PLAN, "zh").headlines[0] == "医保目录内医疗费用：超过1万元的部分，赔付65%至77%，每年最高100万元"
    assert summarise(PLAN, "en").headlines[2] == (
        "Second cover of what is left to you: 45% of what exceeds ¥50,000, up to ¥1,000,000 a year"
    )
    assert len(summarise(PLAN, "zh").headlines) == 3


def test_changing_a_term_changes_the_words() -> None:
    benefit = PLAN.benefit[0]
    assert benefit.deductible is not None
    cheaper = benefit.model_copy(update={"deductible": benefit.deductible.model_copy(update={"yuan": 8_000_50})})
    words = summarise(PLAN.model_copy(update={"benefit": (cheaper, *PLAN.benefit[1:])}), "zh")
    assert words.benefits[0].terms[0] == "年度免赔额8000.50元"


def test_a_benefit_with_unknown_terms_says_so_in_both_languages() -> None:
    assert not summarise(PLAN, "zh").benefits[3].known
    assert "以保险合同为准" in summarise(PLAN, "zh").benefits[3].terms[0]
    assert "does not decide it by itself" in summarise(PLAN, "en").benefits[3].terms[0]
