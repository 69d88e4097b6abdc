"""Everything of `quick_claims` that other contexts may import."""

from __future__ import annotations

from huimin.platform.quick_claims.claiming import claim_quickly, claimable_policies, withdraw_quick_claim
from huimin.platform.quick_claims.consents import ConsentText, consents_of, take_fetch_consent_back
from huimin.platform.quick_claims.fetching import answered, waits
from huimin.platform.quick_claims.models import QuickClaimState
from huimin.platform.quick_claims.reading import Money, QuickClaimStory, Stands, quick_claim_story, quick_claims_of

__all__ = [
    "ConsentText",
    "Money",
    "QuickClaimState",
    "QuickClaimStory",
    "Stands",
    "answered",
    "claim_quickly",
    "claimable_policies",
    "consents_of",
    "quick_claim_story",
    "quick_claims_of",
    "take_fetch_consent_back",
    "waits",
    "withdraw_quick_claim",
]
