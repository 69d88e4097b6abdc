"""A hospital keeps what it was answered; what changes afterwards is the insured's, in every order of arrival."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cast import FATHER
from claims_support import change, owed, reversal
from huimin.platform.claims.answers import SettlementAnswer
from huimin.platform.claims.models import BenefitDecisionVersion, SettlementFact
from huimin.platform.claims.selectors import claim_detail
from huimin.platform.claims.services import Held, receive_settlement
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.ledger.accounts import CLAIM_PAYABLE
from huimin.platform.ledger.entries import Entry, Line
from huimin.platform.ledger.parties import parse_party
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.services import post
from huimin.platform.ledger.verification import verify_city
from platform_support import Caller, a_bill


def policy_of(city: City) -> str:
    return f"policy:{Policy.objects.of(city).get(psn_no=FATHER).number}"


def test_a_late_bill_leaves_the_earlier_hospital_its_amount_and_owes_the_rest_to_the_insured(
    api: Caller, covered: City
) -> None:
    before = owed(covered)
    assert api.settle(a_bill("LATER", "2022-04-18", 30_000_00)).json()["payable"] == "11000.00"
    assert api.settle(a_bill("LATE", "2022-03-01", 10_000_00), client="hospital-2").json()["payable"] == "0.00"
    assert change(before, owed(covered)) == {
        ("claim_payable", "hospital:hospital-1"): 11_000_00,
        ("claim_payable", policy_of(covered)): 5_500_00,
    }
    assert verify_city(covered).faults == []


def test_a_reversal_takes_from_the_insured_what_it_takes_from_anothers_bill(api: Caller, covered: City) -> None:
    before = owed(covered)
    api.settle(a_bill("A", "2022-03-01", 10_000_00), client="hospital-2")
    assert api.settle(a_bill("B", "2022-04-18", 30_000_00)).json()["payable"] == "16500.00"
    api.settle(reversal("R", "2022-04-19", "A"), client="hospital-2")
    assert change(before, owed(covered)) == {
        ("claim_payable", "hospital:hospital-1"): 16_500_00,
        ("overpayment_receivable", policy_of(covered)): 5_500_00,
    }
    assert verify_city(covered).faults == []
    # What the insured owe goes when the bill itself is reversed by its hospital.
    api.settle(reversal("RB", "2022-04-19", "B"))
    assert change(before, owed(covered)) == {}
    assert verify_city(covered).faults == []


def test_the_residents_page_says_what_changed_since_the_hospital_settled(api: Caller, covered: City) -> None:
    api.settle(a_bill("LATER", "2022-04-18", 30_000_00))
    api.settle(a_bill("LATE", "2022-03-01", 10_000_00), client="hospital-2")
    detail = claim_detail(covered, SettlementFact.objects.of(covered).get(setl_id="LATER").pk)
    assert detail is not None
    assert (detail.owed.sender, detail.owed.insured, detail.owes) == (11_000_00, 5_500_00, 0)


def test_verification_finds_a_difference_that_was_posted_to_the_hospital(api: Caller, covered: City) -> None:
    """As the books were before: the late bill's difference went to the earlier bill's hospital."""
    api.settle(a_bill("LATER", "2022-04-18", 30_000_00))
    api.settle(a_bill("LATE", "2022-03-01", 10_000_00))
    moved = [
        Line(CLAIM_PAYABLE, -5_500_00, parse_party("hospital:hospital-1")),
        Line(CLAIM_PAYABLE, 5_500_00, parse_party(policy_of(covered))),
    ]
    post(city=covered, entries=[Entry("claim_decided", "settlement:hospital-1:LATER", "x", moved)], at=now(covered))
    (fault,) = verify_city(covered).faults
    assert fault.startswith("settlement:hospital-1:LATER")


@dataclass(frozen=True)
class Sent:
    """A message and the client that sends it."""

    client: str
    body: dict[str, str]


MESSAGES = (
    Sent("hospital-1", a_bill("A", "2022-03-01", 60_000_00, 15_000_00)),
    Sent("hospital-2", a_bill("A", "2022-03-02", 12_345_67, 7_654_32)),
    Sent("hospital-1", a_bill("B", "2022-03-01", 70_000_01, 25_000_00)),
    Sent("hospital-2", a_bill("C", "2022-02-20 08:00:00", 9_999_99)),
    Sent("hospital-1", reversal("RB", "2022-03-05", "B")),
    Sent("hospital-1", a_bill("D", "2022-04-01", 33_333_33, 44_444_44)),
    Sent("bureau", reversal("RD", "2022-04-02", "D")),
    Sent("hospital-1", a_bill("D", "2022-04-01", 33_333_33, 44_444_44)),
    Sent("hospital-2", a_bill("E", "2022-04-03", 111_111_11, 1)),
)


def kept_by_hospitals(answers: dict[tuple[str, str], SettlementAnswer]) -> dict[str, int]:
    """What the hospitals were answered, but for the bills that were reversed: B by its sender, D by the bureau."""
    kept: dict[str, int] = {}
    for (client, setl_id), answer in answers.items():
        if (client, setl_id) not in (("hospital-1", "B"), ("hospital-1", "D")):
            kept[client] = kept.get(client, 0) + answer.payable
    return {client: fen for client, fen in kept.items() if fen}


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(order=st.permutations(MESSAGES))
def test_in_every_order_of_arrival_hospitals_keep_their_answers_and_bills_add_up_to_the_year(
    covered: City, order: list[Sent]
) -> None:
    with transaction.atomic():
        ApiClient.objects.create(
            city=covered, key_id="demo.bureau", kind="bureau", code="bureau", name_zh="局", name_en="B", secret="s"
        )
        clients = {row.code: row for row in ApiClient.objects.select_related("city").filter(city=covered)}
        before, insurers_before = owed(covered), balances(covered)
        answers: dict[tuple[str, str], SettlementAnswer] = {}
        for sent in order:
            answer = receive_settlement(client=clients[sent.client], body=sent.body)
            assert not isinstance(answer, Held), answer.refusal
            answers.setdefault((sent.client, sent.body["setl_id"]), answer)
        since = change(before, owed(covered))
        hospitals = {
            party.removeprefix("hospital:"): fen for (_, party), fen in since.items() if party.startswith("hospital")
        }
        assert hospitals == kept_by_hospitals(answers)
        rows = BenefitDecisionVersion.objects.of(covered).filter(policy__psn_no=FATHER)
        decided = sum(rows.values_list("change", flat=True))
        payable = sum(fen if account == "claim_payable" else -fen for (account, _), fen in since.items())
        assert payable == decided
        # B and D were reversed. By hand, of A, the other hospital's A, C and E: 100,000 × 55 % + 83,456.77 × 67 %;
        # 2,654.33 × 45 %; (104,000.61 − 50,000) × 35 %.
        assert decided == 110_916_04 + 1_194_45 + 18_900_21
        assert verify_city(covered).faults == []
        for client, setl_id in (("hospital-1", "A"), ("hospital-2", "A"), ("hospital-2", "C"), ("hospital-2", "E")):
            receive_settlement(client=clients[client], body=reversal(f"X{setl_id}", "2022-04-10", setl_id))
        # D's own hospital says so too: nothing more is to be taken back.
        receive_settlement(client=clients["hospital-1"], body=reversal("XD", "2022-04-10", "D"))
        assert change(insurers_before, balances(covered)) == {}
        assert verify_city(covered).faults == []
        transaction.set_rollback(True)
