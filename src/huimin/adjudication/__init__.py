"""Terms compiled to integers, a member's year decided, and every decision explained. Standard library alone."""

from huimin.adjudication.compiling import compile_plan
from huimin.adjudication.cover_start import cover_begins
from huimin.adjudication.curves import Curve, payment_curves
from huimin.adjudication.decisions import BenefitDecision, Decision, MemberYear, UndecidedBenefit
from huimin.adjudication.evaluate import adjudicate
from huimin.adjudication.explanation import Explanation, Part, Step, explain
from huimin.adjudication.member_price import premium_parts, price_for
from huimin.adjudication.pre_existing import with_history
from huimin.adjudication.program import (
    NOT_COVERED,
    BenefitProgram,
    LimitProgram,
    Program,
    Schedule,
)
from huimin.adjudication.program_json import program_from_json, program_to_json
from huimin.adjudication.reason_words import Names
from huimin.adjudication.reasons import Reason
from huimin.adjudication.rendering import RenderedLine, render
from huimin.adjudication.renewal import CarriedOver, InsuredYear, carried_over, claim_free, renewed
from huimin.adjudication.withdrawal import PremiumBack, premium_back, premium_back_on_death

__all__ = [
    "NOT_COVERED",
    "BenefitDecision",
    "BenefitProgram",
    "CarriedOver",
    "Curve",
    "Decision",
    "Explanation",
    "InsuredYear",
    "LimitProgram",
    "MemberYear",
    "Names",
    "Part",
    "PremiumBack",
    "Program",
    "Reason",
    "RenderedLine",
    "Schedule",
    "Step",
    "UndecidedBenefit",
    "adjudicate",
    "carried_over",
    "claim_free",
    "compile_plan",
    "cover_begins",
    "explain",
    "payment_curves",
    "premium_back",
    "premium_back_on_death",
    "premium_parts",
    "price_for",
    "program_from_json",
    "program_to_json",
    "render",
    "renewed",
    "with_history",
]
