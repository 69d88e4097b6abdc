"""Everything of `claims` that other contexts may import."""

from __future__ import annotations

from huimin.platform.claims.answers import SettlementAnswer, SettlementStatus
from huimin.platform.claims.cases.failures import ReviewError
from huimin.platform.claims.cases.reading import CaseStory, case_story
from huimin.platform.claims.cases.rules import Happened, Turn
from huimin.platform.claims.cases.taking import give_back, take
from huimin.platform.claims.cases.working_out import CONFLICT, findings_for
from huimin.platform.claims.claim_free import policies_without_claim
from huimin.platform.claims.days import days_of_bills
from huimin.platform.claims.fetched import Became, FetchedBill, take_fetched
from huimin.platform.claims.figures import (
    AreaClaims,
    bills_on_policy,
    bills_received,
    claims_by_area,
    payable_by_benefit,
    reviews_waiting,
)
from huimin.platform.claims.holding import Held
from huimin.platform.claims.models import Finding, ReviewItem, SampleAnswer
from huimin.platform.claims.named import NamedBill, bills_named
from huimin.platform.claims.owing import journal_names
from huimin.platform.claims.placing import last_day_of_bills
from huimin.platform.claims.recalculating import YearAgain, bills_after, decided_again, would_differ_from
from huimin.platform.claims.reviews import Found, agree, find
from huimin.platform.claims.sampling.answering import answer_sampled
from huimin.platform.claims.sampling.drawing import draw
from huimin.platform.claims.sampling.rates import MonthSampled
from huimin.platform.claims.sampling.reading import (
    Sampled,
    months_sampled,
    sampled_bill,
    sampled_bills,
    samples_open,
)
from huimin.platform.claims.selectors import (
    ClaimDetail,
    ReviewSearch,
    claim_detail,
    claims_of_policies,
    long_waiting,
    open_reviews,
    review_by_id,
    review_codes,
    review_content,
    settlement_answer,
    waits_for_second,
)
from huimin.platform.claims.services import receive_settlement
from huimin.platform.claims.trials.confirming import cancel_trial, confirm_trial
from huimin.platform.claims.trials.meanwhile import Came, Cause
from huimin.platform.claims.trials.stories import Outdated, TrialStory, trial_story
from huimin.platform.claims.trials.told import NamedChange
from huimin.platform.claims.trials.trying import Tried, try_settlement
from huimin.platform.claims.trials.watching import (
    FEWEST_UNSETTLED,
    WATCHED_DAYS,
    Trier,
    much_tried,
    tried_about,
)
from huimin.platform.claims.waiting import LONG_WAIT
from huimin.platform.claims.whole_years import FactOfYear, all_facts, ids_of_several_senders

__all__ = [
    "CONFLICT",
    "FEWEST_UNSETTLED",
    "LONG_WAIT",
    "WATCHED_DAYS",
    "AreaClaims",
    "Became",
    "Came",
    "CaseStory",
    "Cause",
    "ClaimDetail",
    "FactOfYear",
    "FetchedBill",
    "Finding",
    "Found",
    "Happened",
    "Held",
    "MonthSampled",
    "NamedBill",
    "NamedChange",
    "Outdated",
    "ReviewError",
    "ReviewItem",
    "ReviewSearch",
    "SampleAnswer",
    "Sampled",
    "SettlementAnswer",
    "SettlementStatus",
    "TrialStory",
    "Tried",
    "Trier",
    "Turn",
    "YearAgain",
    "agree",
    "all_facts",
    "answer_sampled",
    "bills_after",
    "bills_named",
    "bills_on_policy",
    "bills_received",
    "cancel_trial",
    "case_story",
    "claim_detail",
    "claims_by_area",
    "claims_of_policies",
    "confirm_trial",
    "days_of_bills",
    "decided_again",
    "draw",
    "find",
    "findings_for",
    "give_back",
    "ids_of_several_senders",
    "journal_names",
    "last_day_of_bills",
    "long_waiting",
    "months_sampled",
    "much_tried",
    "open_reviews",
    "payable_by_benefit",
    "policies_without_claim",
    "receive_settlement",
    "review_by_id",
    "review_codes",
    "review_content",
    "reviews_waiting",
    "sampled_bill",
    "sampled_bills",
    "samples_open",
    "settlement_answer",
    "take",
    "take_fetched",
    "trial_story",
    "tried_about",
    "try_settlement",
    "waits_for_second",
    "would_differ_from",
]
