"""The bureau's door: what it says of a person, of their records and their account, and what it must not say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from door_support import ACCOUNT_HOLDER, SHORT, Played, played
from huimin.platform.demonstration.bureau_register import entries
from huimin.platform.foundation.models import City, Exchange
from huimin.platform.gateways.breaker import Breaker
from huimin.platform.gateways.bureau import Bureau, HoldRequest, HoldState, Match, Spell
from huimin.platform.gateways.bureau_http import HttpBureau, bureau_of
from huimin.platform.gateways.door import Answer, Call, Door
from huimin.platform.gateways.failures import Refused, Unclear
from huimin.platform.gateways.signing import Signer

pytestmark = pytest.mark.django_db
WANG = (ACCOUNT_HOLDER["id_number"], ACCOUNT_HOLDER["name"])
NO_ACCOUNT = {**ACCOUNT_HOLDER, "id_number": "329901195003070019", "psn_no": "P2", "account": None}


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        for person in (ACCOUNT_HOLDER, NO_ACCOUNT):
            found.sandbox.bureau.register(person)
        yield found


@pytest.fixture
def bureau(city: City, sandbox: Played) -> Bureau:
    return bureau_of(city)


class TestAPerson:
    def test_is_found_by_number_and_name_with_every_time_in_basic_insurance(self, bureau: Bureau) -> None:
        found = bureau.find_person("q1", *WANG)
        assert found.match is Match.FOUND
        assert found.person is not None
        assert (found.person.psn_no, found.person.birth_date) == ("P1", date(1978, 5, 20))
        assert found.person.spells == (
            Spell("390", "329902", date(2016, 1, 1), date(2019, 12, 31)),
            Spell("310", "329901", date(2020, 1, 1)),
        )

    @pytest.mark.parametrize(
        ("day", "insutype"),
        [
            (date(2015, 12, 31), None),
            (date(2016, 1, 1), "390"),
            (date(2019, 12, 31), "390"),
            (date(2020, 1, 1), "310"),
            (date(2022, 2, 15), "310"),
        ],
    )
    def test_is_insured_as_the_time_says_that_holds_on_the_day(
        self, bureau: Bureau, day: date, insutype: str | None
    ) -> None:
        person = bureau.find_person("q1", *WANG).person
        assert person is not None
        spell = person.insured_on(day)
        assert (spell.insutype if spell else None) == insutype

    def test_of_another_name_is_not_told_of_and_one_whom_nobody_knows_neither(self, bureau: Bureau) -> None:
        differs = bureau.find_person("q1", WANG[0], "王方")
        nobody = bureau.find_person("q2", "329901199001010000", WANG[1])
        assert (differs.match, differs.person) == (Match.NAME_DIFFERS, None)
        assert (nobody.match, nobody.person) == (Match.NOT_KNOWN, None)

    def test_is_not_named_in_the_address_nor_in_the_record_of_what_was_asked(
        self, bureau: Bureau, city: City, sandbox: Played
    ) -> None:
        bureau.find_person("q1", *WANG)
        row = Exchange.objects.of(city).get()
        assert (row.operation, row.key, row.outcome) == ("find_person", "q1", "answered")
        assert json.loads(row.asked) == {"key": "q1", "id_number": "******", "name": "******"}
        assert [seen.path for seen in sandbox.sandbox.parties["bureau"].seen] == ["/persons"]

    @pytest.mark.parametrize("kind", ["lose_request", "lose_answer", "fault", "on_the_way"])
    def test_is_asked_for_again_where_no_answer_came_since_asking_changes_nothing(
        self, bureau: Bureau, sandbox: Played, kind: str
    ) -> None:
        sandbox.behaviour("bureau").press(kind)
        assert bureau.find_person("q1", *WANG).match is Match.FOUND


class TestRecords:
    def test_are_told_from_the_day_on_that_was_consented_to(self, bureau: Bureau) -> None:
        (item,) = bureau.history("q1", "P1", "consent:7", date(2020, 6, 1))
        assert (item.diagnosis, item.day, item.institution) == ("I10.x00", date(2020, 6, 1), "hospital-1")
        assert bureau.history("q2", "P1", "consent:7", date(2020, 6, 2)) == ()

    def test_are_not_told_without_the_persons_own_consent(self, bureau: Bureau) -> None:
        with pytest.raises(Refused) as raised:
            bureau.history("q1", "P1", "", date(2016, 1, 1))
        assert raised.value.reason == "consent_missing"


SETTLED = {
    "fixmedins_code": "H32990100099",
    "fixmedins_name": "邻市第一医院",
    "setl_id": "B1",
    "psn_no": "P1",
    "setl_time": "2022-04-18 10:30:00",
    "med_type": "21",
    "medfee_sumamt": "100.00",
}


class TestSettlements:
    FIRST, LAST = date(2022, 2, 16), date(2022, 4, 20)

    def register(self, sandbox: Played, *settlements: dict[str, str]) -> None:
        sandbox.sandbox.bureau.register({**ACCOUNT_HOLDER, "settlements": list(settlements)})

    def test_are_told_of_both_days_and_all_between_in_order_of_time(self, bureau: Bureau, sandbox: Played) -> None:
        days = ("2022-04-20 23:59:59", "2022-02-15 23:59:59", "2022-02-16 00:00:00", "2022-04-21 00:00:00")
        self.register(sandbox, *({**SETTLED, "setl_id": f"B{n}", "setl_time": day} for n, day in enumerate(days)))
        found = bureau.settlements("q1", "P1", "consent:7", self.FIRST, self.LAST)
        assert [one.setl_id for one in found] == ["B2", "B0"]

    def test_have_the_institution_and_only_the_fields_of_a_bill(self, bureau: Bureau, sandbox: Played) -> None:
        self.register(sandbox, {**SETTLED, "tel": "13900000000", "ward": ""})
        (found,) = bureau.settlements("q1", "P1", "consent:7", self.FIRST, self.LAST)
        assert (found.institution, found.institution_name) == ("h32990100099", "邻市第一医院")
        assert (found.settled_on, found.is_reversal) == (date(2022, 4, 18), False)
        assert dict(found.content) == {name: text for name, text in SETTLED.items() if name != "fixmedins_name"}

    def test_are_not_told_without_the_persons_own_consent(self, bureau: Bureau) -> None:
        with pytest.raises(Refused) as raised:
            bureau.settlements("q1", "P1", "", self.FIRST, self.LAST)
        assert raised.value.reason == "consent_missing"

    def test_of_somebody_whom_the_bureau_does_not_know_are_refused(self, bureau: Bureau) -> None:
        with pytest.raises(Refused) as raised:
            bureau.settlements("q1", "P99", "consent:7", self.FIRST, self.LAST)
        assert raised.value.reason == "person_not_known"

    @pytest.mark.parametrize("kind", ["of_a_stranger", "outside_period"])
    def test_with_a_strangers_or_another_days_among_them_are_no_answer(
        self, bureau: Bureau, sandbox: Played, kind: str
    ) -> None:
        self.register(sandbox, SETTLED)
        sandbox.behaviour("bureau").press(kind)
        with pytest.raises(Unclear) as raised:
            bureau.settlements("q1", "P1", "consent:7", self.FIRST, self.LAST)
        assert raised.value.reason == "contradicts"


class TestAnAccount:
    def test_says_what_is_in_it_what_is_held_and_who_shares_it(self, bureau: Bureau) -> None:
        found = bureau.balance("q1", "P1")
        assert found is not None
        assert (found.historic, found.current, found.held) == (4_100_00, 900_00, 0)
        assert found.relatives == {"P2"}
        assert bureau.balance("q2", "P2") is None

    def test_is_held_for_oneself_and_for_relatives_who_are_filed_up_to_what_is_left(self, bureau: Bureau) -> None:
        for key, insured, amount in (("h1", "P1", 158_00), ("h2", "P2", 3_942_00)):
            assert bureau.hold(HoldRequest(key, "P1", insured, amount)).state is HoldState.HELD
        after = bureau.balance("q1", "P1")
        assert after is not None
        assert after.held == 4_100_00
        with pytest.raises(Refused, match="balance_too_low"):
            bureau.hold(HoldRequest("h3", "P1", "P1", 1))

    @pytest.mark.parametrize(
        ("payer", "insured", "amount", "reason"),
        [
            ("P2", "P2", 158_00, "no_account"),
            ("P1", "P3", 158_00, "relative_not_filed"),
            ("P1", "P1", 4_100_01, "balance_too_low"),
            ("P1", "P1", 0, "balance_too_low"),
        ],
    )
    def test_is_not_held_where_the_bureau_says_why(
        self, bureau: Bureau, payer: str, insured: str, amount: int, reason: str
    ) -> None:
        with pytest.raises(Refused) as raised:
            bureau.hold(HoldRequest("h1", payer, insured, amount))
        assert raised.value.reason == reason
        assert bureau.query_hold("h1") is None

    def test_is_held_once_for_one_key_and_given_back_once(self, bureau: Bureau) -> None:
        request = HoldRequest("h1", "P1", "P1", 158_00)
        assert bureau.hold(request) == bureau.hold(request)
        assert [bureau.release("h1").state for _ in range(2)] == [HoldState.RELEASED] * 2
        found, account = bureau.query_hold("h1"), bureau.balance("q1", "P1")
        assert found is not None
        assert account is not None
        assert (found.state, account.held) == (HoldState.RELEASED, 0)

    def test_that_was_charged_is_not_given_back(self, bureau: Bureau, sandbox: Played) -> None:
        bureau.hold(HoldRequest("h1", "P1", "P1", 158_00))
        sandbox.sandbox.bureau.holds["h1"].state = "charged"
        with pytest.raises(Refused, match="charged"):
            bureau.release("h1")


class Saying(Door):
    """A door behind which somebody says the same whatever is asked."""

    said: dict[str, Any]

    def call(self, city: City, call: Call) -> Answer:
        return Answer(200, self.said)


def saying(city: City, said: dict[str, Any]) -> HttpBureau:
    door = Saying("bureau", "http://127.0.0.1:1", Signer("a", "b"), SHORT, Breaker(1000))
    door.said = said
    return HttpBureau(door, city)


PERSON = {name: ACCOUNT_HOLDER[name] for name in ("psn_no", "birth_date", "sex", "spells")}
OVERLAP = [{"insutype": "390", "area": "329902", "first": f"201{n}-01-01", "last": "2019-12-31"} for n in (6, 8)]
BACKWARDS = [{"insutype": "390", "area": "329902", "first": "2019-01-01", "last": "2018-12-31"}]
ENDLESS = [{"insutype": "390", "area": "329902", "first": f"201{n}-01-01", "last": None} for n in (6, 8)]
BALANCE = {"key": "q", "area": "329901", "historic": "1.00", "current": "0.00", "held": "0.00", "relatives": []}


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda door: door.find_person("q", *WANG), {"key": "q"}),
        (lambda door: door.find_person("q", *WANG), {"key": "other", "match": "not_known"}),
        (lambda door: door.find_person("q", *WANG), {"key": "q", "match": "perhaps"}),
        (lambda door: door.find_person("q", *WANG), {"key": "q", "match": "found"}),
        (lambda door: door.find_person("q", *WANG), {"key": "q", "match": "not_known", "person": PERSON}),
        (lambda door: door.find_person("q", *WANG), {"key": "q", "match": "found", "person": []}),
        *(
            (
                lambda door: door.find_person("q", *WANG),
                {"key": "q", "match": "found", "person": {**PERSON, **wrong}},
            )
            for wrong in (
                {"psn_no": ""},
                {"psn_no": "P 1"},
                {"psn_no": "P" * 61},
                {"psn_no": 1},
                {"birth_date": "1978-02-30"},
                {"birth_date": None},
                {"sex": "?"},
                {"spells": OVERLAP},
                {"spells": BACKWARDS},
                {"spells": ENDLESS},
                {"spells": None},
            )
        ),
        (
            lambda door: door.history("q", "P1", "c", date(2020, 1, 1)),
            {"key": "q", "items": [{"diagnosis": "I10", "day": "2019-12-31", "institution": "h"}]},
        ),
        (lambda door: door.history("q", "P1", "c", date(2020, 1, 1)), {"key": "q", "items": [None]}),
        (lambda door: door.history("q", "P1", "c", date(2020, 1, 1)), {"key": "q", "items": [{}] * 10_001}),
        *(
            (
                lambda door: door.settlements("q", "P1", "c", date(2022, 2, 16), date(2022, 4, 20)),
                {"key": "q", "settlements": told},
            )
            for told in (
                None,
                [None],
                [SETTLED] * 10_001,
                *(
                    [{**SETTLED, **wrong}]
                    for wrong in (
                        {"psn_no": "P2"},
                        {"setl_time": "2022-02-15"},
                        {"setl_time": "2022-04-21"},
                        {"setl_time": "never"},
                        {"setl_id": ""},
                        {"setl_id": "B" * 61},
                        {"fixmedins_code": "H 1"},
                        {"fixmedins_code": "H/1"},
                        {"fixmedins_code": "H" * 41},
                        {"fixmedins_name": " "},
                        {"fixmedins_name": "院" * 81},
                        {"fixmedins_name": 1},
                        {"medfee_sumamt": 100},
                        {"med_type": "2\x00"},
                    )
                ),
            )
        ),
        *(
            (lambda door: door.balance("q", "P1"), {**BALANCE, **wrong})
            for wrong in ({"historic": "-1.00"}, {"held": "1.01"}, {"relatives": [1]}, {"area": None})
        ),
        (
            lambda door: door.hold(HoldRequest("q", "P1", "P1", 158_00)),
            {"key": "q", "hold": "q", "state": "held", "amount": "157.00"},
        ),
        (
            lambda door: door.hold(HoldRequest("q", "P1", "P1", 158_00)),
            {"key": "q", "hold": "other", "state": "held", "amount": "158.00"},
        ),
        (lambda door: door.query_hold("q"), {"key": "q", "hold": "q", "state": "lost", "amount": "158.00"}),
        (lambda door: door.release("q"), {"key": "q", "hold": "q", "state": "released", "amount": "158.00"}),
    ],
)
def test_an_answer_that_says_what_cannot_be_says_nothing(
    city: City, ask: Callable[[HttpBureau], Any], said: dict[str, Any]
) -> None:
    with pytest.raises(Unclear) as raised:
        ask(saying(city, said))
    assert raised.value.reason == "contradicts"


class TestTheDemonstrationsRegister:
    def test_has_each_resident_once_and_the_same_for_the_same_seed(self) -> None:
        found = list(entries(300))
        assert len({person["psn_no"] for person in found}) == len({person["id_number"] for person in found}) == 300
        assert found == list(entries(300))

    def test_gives_accounts_to_employees_and_no_records_before_birth(self) -> None:
        found = list(entries(300))
        assert (
            {bool(person["history"]) for person in found}
            == {bool(person["account"]) for person in found}
            == {True, False}
        )
        for person in found:
            employee = person["spells"][0]["insutype"] == "310"
            assert (person["account"] is not None) == employee
            assert all(item["day"] >= person["birth_date"] for item in person["history"])

    def test_is_read_by_the_door_to_the_last_person(self, city: City, bureau: Bureau, sandbox: Played) -> None:
        for person in entries(30):
            sandbox.sandbox.bureau.register(person)
            found = bureau.find_person(person["psn_no"], person["id_number"], person["name"])
            assert found.match is Match.FOUND
            bureau.history(person["psn_no"], person["psn_no"], "consent:1", date(2016, 1, 1))
            assert (bureau.balance(person["psn_no"], person["psn_no"]) is None) == (person["account"] is None)
