"""Everything of `enrolment` that other contexts may import."""

from __future__ import annotations

from huimin.platform.enrolment.account_orders import place_order_from_account
from huimin.platform.enrolment.bureau.consenting import let_bureau_tell
from huimin.platform.enrolment.bureau.records import (
    NOT_THEIRS,
    THEIRS,
    KnownRecord,
    health_record,
    keep_records,
    pre_existing_groups,
    records_of,
)
from huimin.platform.enrolment.bureau.records import QUESTION as RECORD_QUESTION
from huimin.platform.enrolment.bureau.records import subject_of as subject_of_record
from huimin.platform.enrolment.completing import means_moved
from huimin.platform.enrolment.differences import (
    DifferenceFacts,
    ask_for_difference,
    differences_open,
    register_difference,
)
from huimin.platform.enrolment.eligibility import Eligibility, check_eligibility
from huimin.platform.enrolment.elsewhere import people_told_twice, told_of_order
from huimin.platform.enrolment.ending import (
    PolicyMoney,
    changed_policies,
    end_policy,
    mark_policy,
    money_of_policies,
    policy_by_number,
    policy_money,
)
from huimin.platform.enrolment.family import refuse_impossible_relation
from huimin.platform.enrolment.figures import (
    enrolled,
    enrolled_by_area,
    enrolled_by_channel,
    enrolled_by_day,
    enrolled_by_decade,
    enrolled_by_means,
    enrolled_over_time,
    orders_waiting,
    premium_by_cover,
    refused_by_reason,
)
from huimin.platform.enrolment.granting import decline_cover
from huimin.platform.enrolment.in_groups import Payer, Wanted, order_in_group, policies_by_order
from huimin.platform.enrolment.means import OtherMeans
from huimin.platform.enrolment.medical import readable, records_guarded_by
from huimin.platform.enrolment.offers import Offer, OtherCover, late_joining_open
from huimin.platform.enrolment.order_facts import OrderFacts
from huimin.platform.enrolment.paid_orders import paid_orders_of, policies_under_orders
from huimin.platform.enrolment.payment_worker import keep_asking
from huimin.platform.enrolment.policy_facts import PolicyFacts, with_facts
from huimin.platform.enrolment.refunding import begin_refunds
from huimin.platform.enrolment.renewing import (
    RENEWAL,
    place_renewal_order,
    policies_by_renewal,
    relation_on_policy,
)
from huimin.platform.enrolment.selectors import (
    OrderedCover,
    all_policies,
    insured_people,
    lock_policies_of_members,
    means_of_order,
    order_by_reference,
    order_of_policy,
    ordered_cover,
    owed_back,
    payer_address,
    policies_by_id,
    policies_of,
    policies_of_city,
    policies_of_member,
    policies_of_order,
    policies_of_people,
    refused_people,
    terms_opened,
)
from huimin.platform.enrolment.services import PlacedOrder, confirm_payment, open_terms, place_order

__all__ = [
    "NOT_THEIRS",
    "RECORD_QUESTION",
    "RENEWAL",
    "THEIRS",
    "DifferenceFacts",
    "Eligibility",
    "KnownRecord",
    "Offer",
    "OrderFacts",
    "OrderedCover",
    "OtherCover",
    "OtherMeans",
    "Payer",
    "PlacedOrder",
    "PolicyFacts",
    "PolicyMoney",
    "Wanted",
    "all_policies",
    "ask_for_difference",
    "begin_refunds",
    "changed_policies",
    "check_eligibility",
    "confirm_payment",
    "decline_cover",
    "differences_open",
    "end_policy",
    "enrolled",
    "enrolled_by_area",
    "enrolled_by_channel",
    "enrolled_by_day",
    "enrolled_by_decade",
    "enrolled_by_means",
    "enrolled_over_time",
    "health_record",
    "insured_people",
    "keep_asking",
    "keep_records",
    "late_joining_open",
    "let_bureau_tell",
    "lock_policies_of_members",
    "mark_policy",
    "means_moved",
    "means_of_order",
    "money_of_policies",
    "open_terms",
    "order_by_reference",
    "order_in_group",
    "order_of_policy",
    "ordered_cover",
    "orders_waiting",
    "owed_back",
    "paid_orders_of",
    "payer_address",
    "people_told_twice",
    "place_order",
    "place_order_from_account",
    "place_renewal_order",
    "policies_by_id",
    "policies_by_order",
    "policies_by_renewal",
    "policies_of",
    "policies_of_city",
    "policies_of_member",
    "policies_of_order",
    "policies_of_people",
    "policies_under_orders",
    "policy_by_number",
    "policy_money",
    "pre_existing_groups",
    "premium_by_cover",
    "readable",
    "records_guarded_by",
    "records_of",
    "refuse_impossible_relation",
    "refused_by_reason",
    "refused_people",
    "register_difference",
    "relation_on_policy",
    "subject_of_record",
    "terms_opened",
    "told_of_order",
    "with_facts",
]
