"""Plan terms: their model, loading with all faults at once, and wording computed from them."""

from huimin.terms.benefit import Benefit
from huimin.terms.comparison import Difference, compare
from huimin.terms.enrolment import Edition
from huimin.terms.key_terms import KeyTerm, key_terms, words_digest
from huimin.terms.loading import find_plan, load_plan, load_plan_text, plan_names, plan_texts
from huimin.terms.model import Cover, Plan
from huimin.terms.phrases import condition_in_words
from huimin.terms.plan_in_words import summarise
from huimin.terms.schema import plan_schema

__all__ = [
    "Benefit",
    "Cover",
    "Difference",
    "Edition",
    "KeyTerm",
    "Plan",
    "compare",
    "condition_in_words",
    "find_plan",
    "key_terms",
    "load_plan",
    "load_plan_text",
    "plan_names",
    "plan_schema",
    "plan_texts",
    "summarise",
    "words_digest",
]
