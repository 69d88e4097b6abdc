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
SHARES = """
[pool]
shares = [{ from_day = 2024-01-01, source = "clauses", share = [
  { insurer = "first", name = { zh = "甲", en = "First" }, percent = "60", lead = true },
  { insurer = "second", name = { zh = "乙", en = "Second" }, percent = "40" },
] }]
fees = [{ kind = "platform", percent = "3", source = "clauses" }]
"""
EXCLUSION = """
[[exclusion]]
id = "wards"
name = { zh = "特需", en = "Special wards" }
when = { ward = "special" }
exceptions = [{ accident = true }]
source = "clauses"
"""
LATE = 'late = [{ last_day = 2024-02-01, begins = "next_day", source = "clauses" }]'
FRAME = HEAD.replace(
    'yuan = "100.00", source = "clauses" }',
    'yuan = "100.00", source = "clauses", parts = [{ payer = "personal_account", percent = "50", balance_above_yuan = "4000", source = "clauses" }] }',
).replace('2023-12-31, source = "clauses" }', f'2023-12-31, source = "clauses", {LATE} }}')
HISTORY = """
claim_free = { means = "no_bill", benefits = ["medical"], source = "clauses" }
pre_existing = { groups = ["cancer"], diagnosed_before = "cover", source = "clauses" }
order_of_payers = { before = ["charity"], source = "clauses" }
reward = [{ when = { claim_free_years_from = 2 }, gives = { zh = "体检", en = "a check-up" }, source = "clauses" }]
"""
CANCER = '[[disease_group]]\nid = "cancer"\nname = { zh = "癌", en = "cancer" }\ncodes = [{ first = "C00", last = "C97" }]\nsource = "clauses"\n'
# A plan that says everything that can stand around the benefits.
WHOLE = FRAME + HISTORY + BENEFIT + TIERS + CANCER + EXCLUSION + SHARES
