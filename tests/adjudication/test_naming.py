"""Ids of a plan's parts are the plan's own: none of them can be taken for a word of ours, or for another kind's id."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cast import bill, elsewhere_for_less, jiangsu, member
from huimin.adjudication import adjudicate, explain, render
from huimin.adjudication.rendering import _WORDS
from huimin.settlement import Care
from huimin.terms import load_plan_text
from huimin.terms.conditions import When
from huimin.terms.phrases import condition_in_words
from small_plan import BENEFIT, CANCER, HEAD, SOURCES, TIERS


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("word", sorted(_WORDS["en"]))
def test_a_benefit_may_have_any_word_of_ours_as_its_id(word: str, language: str) -> None:
    (benefit,) = elsewhere_for_less().benefits
    program = replace(elsewhere_for_less(), benefits=(replace(benefit, id=word),))
    one = replace(bill("100.00"), care=Care(place="local"))
    (decision,) = adjudicate(program, member(), [one]).decisions
    lines = render(explain(program, decision), {"benefit": {word: "The plan's name"}}, language)
    told = [(line.text, line.amount) for line in lines if line.kind in ("heading", "part_benefit")]
    assert told == [("The plan's name", ""), ("The plan's name", "70.00")]


def test_each_benefit_of_jiangsu_has_the_plans_name_though_the_id_of_the_third_is_a_word_of_ours() -> None:
    (decision,) = adjudicate(jiangsu(), member(), [bill("115227.53", "3617.58")]).decisions
    names = {"benefit": {"in_catalogue": "A", "out_of_catalogue": "B", "residual": "C", "special_diseases": "D"}}
    lines = render(explain(jiangsu(), decision), names, "en")
    assert [line.text for line in lines if line.kind == "part_benefit"] == ["A", "B", "C"]


def test_an_edition_and_a_group_of_diseases_of_one_id_keep_their_names() -> None:
    edition = '[[edition]]\nid = "cancer"\nname = { zh = "癌症版", en = "cancer edition" }\nsource = "clauses"\n'
    plan = load_plan_text(HEAD + BENEFIT + TIERS + CANCER + edition, SOURCES).plan
    names = plan.names("en")
    assert condition_in_words(When(edition="cancer"), names, "en") == "Cancer edition"
    assert condition_in_words(When(disease="cancer"), names, "en") == "For cancer"
