"""What was paid too much is found, set off, asked back once, repaid by the bank's statement or waived, to the fen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from acting import acting
from bank_days import bank_line, next_day, stated
from cast import FATHER
from claims_support import change, owed, reversal
from door_support import Played, played
from huimin.errors import HuiminError
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.actors import command_actor, queue_actor
from huimin.platform.foundation.approvals.models import ApprovalAnswer
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.clocks.declared import days_of_city
from huimin.platform.foundation.events import Event
from huimin.platform.foundation.limits import set_second_person_above
from huimin.platform.foundation.models import AuditEvent, City, RecordedFinding
from huimin.platform.ledger.accounts import OVERPAYMENT_SET_OFF
from huimin.platform.ledger.open_items import open_items
from huimin.platform.ledger.selectors import balances
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payments.models import PaymentCase, ReconciledDay
from huimin.platform.payments.reconciliation.findings import find_difference
from huimin.platform.payments.reconciliation.kinds import answers_to
from huimin.platform.payments.reconciliation.models import DayState
from huimin.platform.payments.reconciliation.services import reconcile
from huimin.platform.payouts.deciding import propose_payout
from huimin.platform.payouts.models import ClaimPayout, OverpaymentKind, OverpaymentMove
from huimin.platform.payouts.overpayments import settling
from huimin.platform.payouts.overpayments.balancing import Bill
from huimin.platform.payouts.overpayments.entries import waived_by_rule
from huimin.platform.payouts.overpayments.letters import clock_of_debt, remind
from huimin.platform.payouts.overpayments.reading import debts_late, open_debts
from huimin.platform.payouts.overpayments.repaying import policy_named_in
from huimin.platform.payouts.overpayments.waiving import agree_to_waiver, propose_waiver
from huimin.platform.payouts.policies import locked_policy
from huimin.platform.payouts.sending import came_back
from huimin.platform.tasks.attempts import Attempt
from huimin.platform.tasks.kinds import kind_named
from huimin.platform.tasks.models import Task
from huimin.sandbox.bank import Line
from payouts_support import account_given, owed_to_insured, paid_out
from platform_support import Caller, a_bill, logged_in
from servicing_support import day_is
from work_support import work_off

pytestmark = pytest.mark.django_db
PAID = 5_500_00


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        yield found


@pytest.fixture
def before(covered: City) -> dict[tuple[str, str], int]:
    """The books before any bill."""
    return dict(balances(covered))


@pytest.fixture
def overpaid(before: object, api: Caller, covered: City, sandbox: Played) -> str:
    """The number of a policy on which 5,500 yuan were paid out, and the late bill that they came from was reversed."""
    account_given(owed_to_insured(api, covered))
    (payout,) = paid_out(covered)
    assert (payout.status, payout.amount) == ("paid", PAID)
    api.settle(reversal("R", "2022-04-20", "LATE"), client="hospital-2")
    paid_out(covered)
    return number(covered)


def number(city: City) -> str:
    return str(Policy.objects.of(city).get(psn_no=FATHER).number)


def moves(city: City) -> list[tuple[str, str, int]]:
    rows = OverpaymentMove.objects.of(city).order_by("pk")
    return [(row.kind, row.source.rpartition(":")[2], row.amount) for row in rows]


def debt(city: City) -> int:
    return owed(city).get(("overpayment_receivable", f"policy:{number(city)}"), 0)


def told(city: City) -> list[tuple[str, str]]:
    """What the insured was told of overpayments: which text, and the amount in it."""
    tasks = Task.objects.of(city).filter(kind="notice").order_by("pk")
    said = [json.loads(task.payload) for task in tasks if task.payload]
    return [(one["template"], one["yuan"]) for one in said if one["template"].startswith("overpayment")]


def stated_today(city: City, remark: str, fen: int, *bank_numbers: str) -> None:
    """The day ends, and the bank's statement of it has money that somebody paid in beside what it paid out."""
    today = city.demonstration_day
    assert today is not None
    own = [
        bank_line(today, one.key, one.amount, f"B{one.pk}")
        for one in ClaimPayout.objects.of(city).filter(paid_at__date=today)
    ]
    at = datetime.fromisoformat(f"{today} 11:00:00")
    paid_in = [Line(at, number, remark, -fen, paid_in=True) for number in bank_numbers or ("B9",)]
    reconcile(actor=queue_actor(city), provider="bank-main", day=next_day(city), content=stated(*own, *paid_in))


def cases(city: City) -> list[tuple[str, int]]:
    return [(row.kind, row.amount) for row in PaymentCase.objects.of(city).filter(closed_at=None)]


def test_what_was_paid_and_is_not_due_any_more_is_owed_back_and_asked_for_once(covered: City, overpaid: str) -> None:
    assert moves(covered) == [("found", "LATER", PAID)]
    assert debt(covered) == PAID
    assert owed(covered).get(("claim_payable", f"policy:{overpaid}"), 0) == 0
    paid_out(covered)
    assert told(covered) == [("overpayment_asked", "5500.00")]
    (one,) = open_debts(covered)
    assert (one.policy_number, one.amount, one.late, one.reminded) == (overpaid, PAID, False, False)
    assert one.asked_on is not None
    assert one.due_on == one.asked_on + timedelta(days=30)
    assert verify_city(covered).faults == []


def test_what_a_hospital_credited_and_is_not_due_any_more_is_asked_for_too(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-03-01", 10_000_00), client="hospital-2")
    api.settle(a_bill("B", "2022-04-18", 30_000_00))
    api.settle(reversal("R", "2022-04-19", "A"), client="hospital-2")
    paid_out(covered)
    assert (moves(covered), debt(covered)) == ([], PAID)
    assert told(covered) == [("overpayment_asked", "5500.00")]
    # The hospital takes its own bill back, and with it what the insured owed for it.
    api.settle(reversal("RB", "2022-04-19", "B"))
    paid_out(covered)
    assert debt(covered) == 0
    assert told(covered)[1:] == [("overpayment_settled", "5500.00")]
    assert verify_city(covered).faults == []


def test_a_later_claim_of_the_policy_pays_the_debt_first(
    api: Caller, covered: City, sandbox: Played, overpaid: str
) -> None:
    api.settle(a_bill("LATE2", "2022-03-02", 2_000_00), client="hospital-2")
    assert len(paid_out(covered)) == 1  # nothing more: all of it was kept
    kept = [row for row in OverpaymentMove.objects.of(covered) if row.kind == "set_off"]
    assert [(row.source.rpartition(":")[2], row.kept_of.rpartition(":")[2], row.amount) for row in kept] == [
        ("LATER", "LATER", 1_100_00)
    ]
    assert debt(covered) == PAID - 1_100_00
    assert list(open_items(covered, OVERPAYMENT_SET_OFF)) == []
    assert balances(covered).get(("overpayment_set_off", f"policy:{overpaid}"), 0) == 0
    assert told(covered) == [("overpayment_asked", "5500.00")]
    assert verify_city(covered).faults == []


def test_a_debt_that_turns_out_not_to_be_one_is_paid_again(
    api: Caller, covered: City, sandbox: Played, overpaid: str
) -> None:
    stated_today(covered, overpaid, PAID)
    assert debt(covered) == 0
    api.settle(a_bill("AGAIN", "2022-03-01", 10_000_00), client="hospital-2")
    payouts = paid_out(covered)
    assert [(one.amount, one.status) for one in payouts] == [(PAID, "paid"), (PAID, "paid")]
    assert debt(covered) == 0
    assert verify_city(covered).faults == []


def test_money_with_the_policys_number_repays_and_the_rest_stays_asked_for(covered: City, overpaid: str) -> None:
    banked = balances(covered)["bank", "bank:main"]
    stated_today(covered, f" 退款：{overpaid.lower()} 谢谢", 2_000_00)
    assert moves(covered)[1:] == [("repaid", "LATER", 2_000_00)]
    assert (debt(covered), balances(covered)["bank", "bank:main"] - banked) == (PAID - 2_000_00, 2_000_00)
    assert cases(covered) == []
    stated_today(covered, overpaid, PAID - 2_000_00, "B10")
    assert debt(covered) == 0
    assert told(covered) == [("overpayment_asked", "5500.00"), ("overpayment_settled", "3500.00")]
    assert open_debts(covered) == []
    assert verify_city(covered).faults == []


def test_a_statement_that_comes_twice_repays_once(covered: City, overpaid: str) -> None:
    day = covered.demonstration_day
    assert day is not None
    stated_today(covered, overpaid, 1_000_00)
    day_is(covered, day)
    with pytest.raises(HuiminError) as refused:
        stated_today(covered, overpaid, 1_000_00)
    assert refused.value.code == "day_closed"
    assert debt(covered) == PAID - 1_000_00


@pytest.mark.parametrize(
    ("remark", "fen"),
    [("", PAID), ("谢谢", PAID), ("HM20220000000000000", PAID), ("HM20220000000000000{own}", PAID)],
)
def test_money_that_nobody_can_place_is_looked_at_by_a_person(
    covered: City, overpaid: str, remark: str, fen: int
) -> None:
    """Without a policy, with one that is not ours, or with two: nothing is booked, and a case is open."""
    stated_today(covered, remark.format(own=overpaid), fen)
    assert debt(covered) == PAID
    assert cases(covered) == [("bank_not_booked", fen)]
    assert verify_city(covered).faults == []


def the_case(city: City) -> PaymentCase:
    return PaymentCase.objects.of(city).get(kind="bank_not_booked", closed_at=None)


def test_a_handler_says_which_policy_money_repays_and_the_statement_is_not_looked_at_again(
    covered: City, overpaid: str
) -> None:
    """The payer had written nothing; the telephone number on the slip was theirs."""
    day, banked = covered.demonstration_day, balances(covered)["bank", "bank:main"]
    assert day is not None
    stated_today(covered, "谢谢", 2_000_00)
    assert answers_to("bank_not_booked", 0, -2_000_00)[0] == "repays"
    find_difference(
        actor=acting(covered, "handler"),
        case_id=the_case(covered).pk,
        answer="repays",
        note="付款人来电确认",
        policy=f" {overpaid.lower()} ",
    )
    assert moves(covered)[1:] == [("repaid", "LATER", 2_000_00)]
    assert (debt(covered), balances(covered)["bank", "bank:main"] - banked) == (PAID - 2_000_00, 2_000_00)
    assert not PaymentCase.objects.of(covered).filter(kind="bank_not_booked", closed_at=None).exists()
    assert ReconciledDay.objects.of(covered).get(provider="bank-main", day=day).state == DayState.CLOSED
    (found,) = AuditEvent.objects.of(covered).filter(action="difference_found")
    assert found.detail == {"answer": "repays", "policy": f" {overpaid.lower()} "}
    (move,) = OverpaymentMove.objects.of(covered).filter(kind="repaid")
    assert timezone.localtime(move.happened_at).date() == day
    assert verify_city(covered).faults == []


def test_a_statement_that_is_corrected_does_not_ask_again_whose_money_it_was(covered: City, overpaid: str) -> None:
    day = covered.demonstration_day
    assert day is not None
    stated_today(covered, "", 1_000_00, "B1", "B2")
    first, second = PaymentCase.objects.of(covered).filter(kind="bank_not_booked", closed_at=None).order_by("pk")
    said = {"answer": "repays", "note": "凭证", "policy": overpaid}
    find_difference(actor=acting(covered, "handler"), case_id=first.pk, **said)
    day_is(covered, day)
    stated_today(covered, "", 1_000_00, "B1", "B2", "B3")
    again = PaymentCase.objects.of(covered).filter(kind="bank_not_booked", closed_at=None).order_by("pk")
    assert [case.key.rpartition(":")[2] for case in again] == ["B2", "B3"]
    assert again[0].pk == second.pk
    assert debt(covered) == PAID - 1_000_00


@pytest.mark.parametrize("named", ["", "HM20220000000000000", "{other}", "{own}{other}"])
def test_where_no_debt_is_named_the_case_stays_open_and_nothing_is_booked(
    covered: City, overpaid: str, named: str
) -> None:
    other = Policy.objects.of(covered).exclude(number=overpaid).order_by("pk")[0].number
    stated_today(covered, "", PAID)
    case = the_case(covered)
    with pytest.raises(HuiminError) as refused:
        find_difference(
            actor=acting(covered, "handler"),
            case_id=case.pk,
            answer="repays",
            note="凭证",
            policy=named.format(own=overpaid, other=other),
        )
    assert refused.value.code == "nothing_to_repay"
    assert the_case(covered).pk == case.pk
    assert debt(covered) == PAID
    assert not RecordedFinding.objects.of(covered).filter(subject_id=str(case.pk)).exists()


def test_only_money_that_came_in_repays() -> None:
    assert "repays" not in answers_to("bank_not_booked", 0, 1)
    assert "repays" not in answers_to("bank_lacks", -1, 0)
    assert "not_paid" in answers_to("bank_lacks", 1, 0)
    assert "not_paid" not in answers_to("bank_lacks", -1, 0)


def test_the_page_asks_for_the_policy_where_money_came_in_and_says_what_is_wrong_with_it(
    covered: City, overpaid: str, settings: Any
) -> None:
    settings.SECOND_FACTOR = False
    stated_today(covered, "", PAID)
    case = the_case(covered)
    handler = logged_in("handler")
    assert "保单号（款项归还多付赔款时填写）" in handler.get("/staff/payments/").content.decode()
    address = f"/staff/payments/{case.pk}/find/"
    wrong = handler.post(address, {"answer": "repays", "policy": "HM1", "note": "凭证"})
    assert wrong.status_code == 200
    assert "所填保单没有待归还的赔款，请核对保单号。" in wrong.content.decode()
    assert handler.post(address, {"answer": "repays", "policy": overpaid, "note": "凭证"}).status_code == 302
    assert debt(covered) == 0


def test_ten_yuan_are_waived_by_rule_and_borne_by_the_insurers_until_they_were_due_after_all(
    api: Caller, covered: City, sandbox: Played
) -> None:
    account_given(owed_to_insured(api, covered))
    paid_out(covered)
    # The late bill is taken back and comes again with less, so that 10 yuan less are due for the other bill.
    api.settle(reversal("R", "2022-04-20", "LATE"), client="hospital-2")
    api.settle(a_bill("LESS", "2022-03-01", 9_981_82), client="hospital-2")
    paid_out(covered)
    assert moves(covered) == [("found", "LATER", 10_00), ("waived", "LATER", 10_00)]
    assert (debt(covered), told(covered)) == (0, [])
    assert verify_city(covered).faults == []
    api.settle(a_bill("MORE", "2022-03-02", 18_18), client="hospital-2")
    assert [one.amount for one in paid_out(covered)] == [PAID]
    assert moves(covered)[2:] == [("waiver_back", "LATER", 10_00), ("set_off", "LATER", 10_00)]
    assert verify_city(covered).faults == []


@pytest.mark.parametrize(("second", "asked"), [(4_00, False), (4_01, True)])
def test_small_amounts_of_one_policy_are_waived_up_to_ten_yuan_in_all(
    covered: City, overpaid: str, second: int, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what was owed six yuan are left, and waived; then the case's amount is found."""
    stated_today(covered, overpaid, PAID - 6_00)
    assert moves(covered)[-1] == ("waived", "LATER", 6_00)
    assert (debt(covered), cases(covered)) == (0, [])
    policy = locked_policy(covered, overpaid)
    assert policy is not None
    monkeypatch.setattr(settling, "bills_of", lambda policy: {"settlement:h:X": Bill(receivable=second)})
    steps, after = settling.steps_of(policy)
    assert [one.by_rule for one in steps] == ([] if asked else [True])
    assert after["settlement:h:X"].receivable == (second if asked else 0)


def test_what_was_waived_by_rule_and_taken_back_does_not_count() -> None:
    one = {"source": "settlement:h:A", "amount": 6_00}
    waived = OverpaymentMove(**one, kind=OverpaymentKind.WAIVED, by_rule=True)
    back = OverpaymentMove(**one, kind=OverpaymentKind.WAIVER_BACK)
    assert [waived_by_rule(moves) for moves in ([], [waived], [waived, back], [waived, back, waived])] == [
        0,
        600,
        0,
        600,
    ]
    agreed = OverpaymentMove(source="settlement:h:A", amount=90_00, kind=OverpaymentKind.WAIVED)
    assert waived_by_rule([waived, agreed]) == 600


def test_two_people_waive_what_nobody_can_pay_back_and_it_is_shared_out(covered: City, overpaid: str) -> None:
    handler, approver = acting(covered, "handler"), acting(covered, "approver")
    borne = {key: fen for key, fen in balances(covered).items() if key[0] == "insurer_claims"}
    propose_waiver(actor=handler, policy_number=overpaid, note="低保户，无力退还")
    assert debt(covered) == PAID
    agree_to_waiver(actor=approver, policy_number=overpaid, agrees=True, note="同意")
    assert debt(covered) == 0
    after = {key: fen for key, fen in balances(covered).items() if key[0] == "insurer_claims"}
    assert sum(change(borne, after).values()) == PAID
    assert balances(covered).get(("claims_unshared", ""), 0) == 0
    assert told(covered)[1:] == [("overpayment_settled", "5500.00")]
    assert verify_city(covered).faults == []


def test_a_waiver_is_taken_back_where_the_amount_was_due_after_all(
    api: Caller, covered: City, sandbox: Played, overpaid: str
) -> None:
    propose_waiver(actor=acting(covered, "handler"), policy_number=overpaid, note="无力退还")
    agree_to_waiver(actor=acting(covered, "approver"), policy_number=overpaid, agrees=True, note="同意")
    api.settle(a_bill("AGAIN", "2022-03-01", 10_000_00), client="hospital-2")
    assert [one.status for one in paid_out(covered)] == ["paid"]  # the insured has it already
    assert moves(covered)[-2:] == [("waiver_back", "LATER", PAID), ("set_off", "LATER", PAID)]
    assert debt(covered) == 0
    assert verify_city(covered).faults == []


def test_a_waiver_needs_another_person_something_to_waive_and_those_who_may(covered: City, overpaid: str) -> None:
    handler, approver = acting(covered, "handler"), acting(covered, "approver")
    with pytest.raises(HuiminError) as refused:
        agree_to_waiver(actor=approver, policy_number=overpaid, agrees=True, note="x")
    assert refused.value.code == "nothing_to_agree"
    with pytest.raises(NotAllowed):
        agree_to_waiver(actor=handler, policy_number=overpaid, agrees=True, note="x")
    with pytest.raises(NotAllowed):
        propose_waiver(actor=approver, policy_number=overpaid, note="x")
    for other in ("HM20220000000000000", Policy.objects.of(covered).exclude(psn_no=FATHER)[0].number):
        with pytest.raises(HuiminError) as refused:
            propose_waiver(actor=handler, policy_number=other, note="x")
        assert refused.value.code == "nothing_owed_back"
    propose_waiver(actor=handler, policy_number=overpaid, note="无力退还")
    agree_to_waiver(actor=approver, policy_number=overpaid, agrees=False, note="先联系家属")
    assert debt(covered) == PAID


def test_who_has_not_repaid_by_the_last_day_is_reminded_once(covered: City, overpaid: str) -> None:
    (one,) = open_debts(covered)
    assert one.due_on is not None
    _morning(covered, one.due_on)
    assert [name for name, _yuan in told(covered)] == ["overpayment_asked"]
    assert debts_late(covered) == 0
    for later in (1, 2):
        _morning(covered, one.due_on + timedelta(days=later))
    assert [name for name, _yuan in told(covered)] == ["overpayment_asked", "overpayment_reminder"]
    assert debts_late(covered) == 1
    assert open_debts(covered)[0].reminded


def _morning(city: City, day: date) -> None:
    day_is(city, day)
    city.refresh_from_db()
    task = Task(city=city, kind="remind_of_overpayments", key=str(day), payload="{}")
    with transaction.atomic():
        remind(Attempt(task, kind_named("remind_of_overpayments")))()


def test_a_payout_that_the_bank_was_not_asked_for_is_made_anew_where_less_is_due(
    api: Caller, covered: City, sandbox: Played
) -> None:
    """Nobody is paid first and asked to give it back then, and what somebody proposed of it is off."""
    set_second_person_above(fen=1_000_00, actor=command_actor(covered))
    covered.refresh_from_db()
    account_given(owed_to_insured(api, covered))
    (payout,) = paid_out(covered)
    propose_payout(actor=acting(covered, "handler"), payout_id=payout.pk, note="账单已核对")
    api.settle(reversal("R", "2022-04-20", "LATE"), client="hospital-2")
    api.settle(a_bill("LATE2", "2022-03-01", 2_000_00), client="hospital-2")
    first, second = paid_out(covered)
    assert (first.status, second.status, second.amount) == ("withdrawn", "second_person", 1_100_00)
    assert [one.answer for one in ApprovalAnswer.objects.of(covered)][-1] == "withdrawn"
    assert (moves(covered), debt(covered), told(covered)) == ([], 0, [])
    assert sandbox.sandbox.bank.payouts == {}
    assert verify_city(covered).faults == []


def test_verification_names_a_step_that_nobody_took(covered: City, overpaid: str) -> None:
    (found,) = OverpaymentMove.objects.of(covered)
    found.pk, found.key, found.kind, found.transaction = None, "invented", "repaid", "in:X"
    found._state.adding = True
    OverpaymentMove.objects.insert([found])
    assert [fault.split(": ")[0] for fault in verify_city(covered).faults] == ["settlement:hospital-1:LATER"]


def test_what_somebody_paid_back_too_much_is_paid_to_them(covered: City, sandbox: Played, overpaid: str) -> None:
    stated_today(covered, overpaid, PAID + 3_00)
    assert moves(covered)[1:] == [("repaid", "LATER", PAID + 3_00), ("not_owed", "LATER", 3_00)]
    assert [(one.amount, one.status) for one in paid_out(covered)] == [(PAID, "paid"), (3_00, "paid")]
    assert debt(covered) == 0
    assert verify_city(covered).faults == []


def test_the_banks_numbers_may_begin_anew_each_day(covered: City, overpaid: str) -> None:
    for _ in range(2):
        stated_today(covered, overpaid, 1_000_00, "1")
    assert debt(covered) == PAID - 2_000_00


def test_nothing_is_asked_back_that_the_bank_has_returned(covered: City, overpaid: str) -> None:
    (payout,) = ClaimPayout.objects.of(covered)
    with transaction.atomic():
        assert came_back(city=covered, key=payout.key, reason="account_closed")
    paid_out(covered)
    work_off()
    assert (debt(covered), owed(covered).get(("claim_payable", f"policy:{overpaid}"), 0)) == (0, 0)
    assert [name for name, _yuan in told(covered)] == ["overpayment_asked", "overpayment_settled"]
    assert verify_city(covered).faults == []


def test_whoever_owes_more_than_before_has_thirty_days_again(city: City) -> None:
    first, again = (timezone.make_aware(datetime(2022, 3, day)) for day in (1, 20))
    events = [Event(1, "asked", first, first, data={"left": 1}), Event(2, "asked", again, again, data={"left": 2})]
    clock = clock_of_debt(events, days_of_city(city), date(2022, 4, 5))
    assert clock is not None
    assert (clock.due_on, clock.state) == (date(2022, 4, 19), "running")


@pytest.mark.parametrize(
    ("remark", "found"),
    [
        ("HM20220000000001010", "HM20220000000001010"),
        ("ＨＭ２０２２ 0000 0000 0101 0", "HM20220000000001010"),
        ("还款hm20220000000001010王", "HM20220000000001010"),
        ("HM2022000000000101", ""),
        ("", ""),
    ],
)
def test_a_policy_is_found_in_what_a_payer_wrote(remark: str, found: str) -> None:
    assert policy_named_in(remark) == found
