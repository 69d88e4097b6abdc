"""The words for the facts of members and bills, in Chinese and English, for plans and explanations alike."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["FACT_WORDS", "HIGHEST", "KINDS_OF_NAMES"]

HIGHEST = {"age": 150, "continuous_years": 100, "claim_free_years": 100, "hospital_level": 3}
"""The facts that are numbers, and the highest that each can be."""

KINDS_OF_NAMES = {
    "edition": "edition",
    "disease": "disease_group",
    "pre_existing_group": "disease_group",
    "hospital_list": "hospital_list",
}
"""The facts whose values are ids of a plan's parts, and which parts these are."""

FACT_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "pre_existing": "有既往症|无既往症",
        "pre_existing_group": "既往有{names}",
        "related_pre_existing": "因既往症就医|非因既往症就医",
        "first_enrolment": "首次参保|续保",
        "edition": "{names}",
        "age_from": "满{n}周岁",
        "age_to": "不超过{n}周岁",
        "continuous_years_from": "已连续参保{n}年及以上",
        "claim_free_years_from": "连续{n}年及以上未理赔",
        "hospital_list": "{names}",
        "hospital_level_from": "{n}级及以上医院",
        "hospital_level_to": "{n}级及以下医院",
        "settled_by_basic_insurance": "经基本医保结算|未经基本医保结算",
        "accident": "意外伤害|非意外伤害",
        "disease": "{names}",
        "employee": "职工医保",
        "resident": "居民医保",
        "inpatient": "住院",
        "special_outpatient": "门诊特定病种",
        "outpatient": "普通门诊",
        "pharmacy": "定点药店",
        "local": "本地就医",
        "referred": "转诊备案后异地就医",
        "elsewhere": "未转诊备案的异地就医",
        "ordinary": "普通病房",
        "special": "特需病房",
    },
    "en": {
        "pre_existing": "with a pre-existing condition|without a pre-existing condition",
        "pre_existing_group": "with pre-existing {names}",
        "related_pre_existing": "for a pre-existing condition|for no pre-existing condition",
        "first_enrolment": "at first enrolment|after the first enrolment",
        "edition": "{names}",
        "age_from": "aged {n} or more",
        "age_to": "aged {n} at most",
        "continuous_years_from": "after {n} or more years insured without a break",
        "claim_free_years_from": "after {n} or more years without a claim",
        "hospital_list": "in {names}",
        "hospital_level_from": "in a hospital of level {n} or higher",
        "hospital_level_to": "in a hospital of level {n} or lower",
        "settled_by_basic_insurance": "settled by basic insurance|not settled by basic insurance",
        "accident": "after an accident|without an accident",
        "disease": "for {names}",
        "employee": "employees' basic insurance",
        "resident": "residents' basic insurance",
        "inpatient": "in hospital",
        "special_outpatient": "for special outpatient diseases",
        "outpatient": "as an outpatient",
        "pharmacy": "at a designated pharmacy",
        "local": "in the city",
        "referred": "elsewhere with a referral",
        "elsewhere": "elsewhere without a referral",
        "ordinary": "in an ordinary ward",
        "special": "in a special ward",
    },
}
"""By language and fact, or a fact's value. A fact that is true or false has both phrases, true first, separated by |.
"""
