"""The smallest plan, in pieces that tests put together."""

from __future__ import annotations

# ruff: noqa: E501 - plan files read best with one term a line

SOURCES = '[clauses]\ntitle = "Invented clauses"\n'
HEAD = """
format = "huimin-plan/1"
id = "test/plan/2024"
name = { zh = "试", en = "Test" }
premium = { yuan = "100.00", source = "clauses" }
cover = { first_day = 2024-01-01, last_day = 2024-12-31, source = "clauses", bill_date = { by = "settlement", source = "clauses" } }
enrolment = { first_day = 2023-11-01, last_day = 2023-12-31, source = "clauses" }
eligibility = { basic_insurance = ["employee"], region = "320000", source = "clauses", note = { zh = "试", en = "Test" } }
"""
BENEFIT = """
[[benefit]]
id = "medical"
name = { zh = "医疗", en = "Medical" }
pays_for = { zh = "医疗", en = "medical" }
source = "clauses"
base = "self_paid"
settings = ["inpatient"]
"""
TIERS = 'tiers = [{ above_yuan = "0", percent = "50", source = "clauses" }]\n'
DEDUCTIBLE = 'deductible = { per = "year", yuan = "100.00", source = "clauses" }\n'
SECOND = BENEFIT.replace('"medical"', '"second"') + TIERS
