"""The plain words are computed from the terms."""

from __future__ import annotations

from huimin.terms import find_plan, load_plan_text, summarise
from small_plan import SOURCES, WHOLE

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
    cheaper = benefit.model_copy(update={"deductible": benefit.deductible.model_copy(update={"fen": 8_000_50})})
    words = summarise(PLAN.model_copy(update={"benefit": (cheaper, *PLAN.benefit[1:])}), "zh")
    assert words.benefits[0].terms[0] == "年度免赔额8000.50元"


def test_a_benefit_with_unknown_terms_says_so_in_both_languages() -> None:
    assert not summarise(PLAN, "zh").benefits[3].known
    assert "以保险合同为准" in summarise(PLAN, "zh").benefits[3].terms[0]
    assert "does not decide it by itself" in summarise(PLAN, "en").benefits[3].terms[0]


def test_the_frame_is_said_line_by_line_in_both_languages() -> None:
    plan = load_plan_text(WHOLE, SOURCES).plan
    english, chinese = (summarise(plan, language).frame for language in ("en", "zh"))
    assert english.joining == (
        "The personal account pays 50% of the premium, from a balance above ¥4,000",
        "Until 2024-02-01 one can still join (everybody); cover begins on the next day",
    )
    assert english.exclusions == ("Special wards: in a special ward; but not after an accident",)
    assert english.history == (
        "Paid first: charity; together with this plan never more than the person's own part",
        "Pre-existing: cancer, diagnosed before the first day of this cover year",
        "A year without a claim: no bill came that the plan covers (Medical)",
        "After 2 or more years without a claim: a check-up",
    )
    assert english.pool == ("Shares of the pool from 2024-01-01: First 60% (lead), Second 40%", "Platform fee: 3%")
    assert chinese.exclusions == ("特需：特需病房；但意外伤害除外",)
    assert chinese.pool == ("自2024年1月1日起的共保份额：甲60%（主承保）、乙40%", "平台费：3%")
