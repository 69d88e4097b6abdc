"""From a department's file to a version in force: read by a worker, proposed by one person, agreed by another."""

from __future__ import annotations

import os
from datetime import date

import pytest
from django.db import connection, transaction

from acting import acting
from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.approvals.models import Answer
from huimin.platform.foundation.approvals.proposal import Answered
from huimin.platform.foundation.approvals.services import ApprovalError, answer_proposal
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.encryption import UnreadableCiphertextError
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.people.models import Resident
from huimin.platform.subsidies.amounts import PerPerson
from huimin.platform.subsidies.failures import SubsidyError
from huimin.platform.subsidies.models import RosterEntry, RosterFile, RosterVersion
from huimin.platform.subsidies.roster_changes import Standing, standing
from huimin.platform.subsidies.roster_selectors import (
    FileSeen,
    changes_of_version,
    files_of_roster,
    proposal_of_roster,
    version_in_force,
)
from huimin.platform.subsidies.rosters import propose_version, send_roster
from huimin.platform.subsidies.selectors import roster_by_code
from huimin.platform.subsidies.sharing import Priced, shares_of
from subsidies_support import a_fund, uncovered
from work_support import work_off

HEAD = "姓名,身份证号,资助类别,有效期起,有效期止\n"


def line(person: Resident, reason: str = "低保", until: str = "2022-12-31") -> str:
    return f"{person.name},{person.id_number},{reason},2022-01-01,{until}\n"


def sent(city: City, *lines: str, name: str = "民政名单.csv") -> FileSeen:
    """A file that the handler sent and a worker has read."""
    send_roster(actor=acting(city, "handler"), roster="poor", file_name=name, data=(HEAD + "".join(lines)).encode())
    work_off()
    return files_of_roster(city, roster_id(city))[0]


def roster_id(city: City) -> int:
    found = roster_by_code(city, "poor")
    assert found is not None
    return found.id


def proposed(city: City, *lines: str) -> int:
    version = sent(city, *lines).version
    assert version is not None
    return propose_version(actor=acting(city, "handler"), version_id=version.id, reason="民政局 2 月来函").id


def in_force(city: City, *lines: str, by: Actor | None = None) -> Answered:
    number = proposed(city, *lines)
    answered = answer_proposal(actor=by or acting(city, "approver"), approval_id=number, agrees=True, reason="已核对")
    forget_all()
    return answered


def test_a_file_in_order_becomes_a_version_and_pays_for_nobody_before_a_second_person_agreed(city: City) -> None:
    fund = a_fund(city, money=500_00)
    (person,) = uncovered(city, 1)
    file = sent(city, line(person))
    assert file.state == "version"
    assert file.version is not None
    assert (file.version.number, file.version.people, file.version.in_force_since) == (1, 1, None)
    asked = [Priced(person.pk, 99_00, {})]
    assert shares_of(city, fund.plan_year_id, asked, date(2022, 2, 15))[person.pk].parts.draws == {}
    number = propose_version(actor=acting(city, "handler"), version_id=file.version.id, reason="来函").id
    answer_proposal(actor=acting(city, "approver"), approval_id=number, agrees=True, reason="已核对")
    forget_all()
    assert shares_of(city, fund.plan_year_id, asked, date(2022, 2, 15))[person.pk].parts.draws == {"hope": 98_99}


def test_where_one_row_is_wrong_nothing_of_the_file_is_taken_and_every_fault_is_kept(city: City) -> None:
    a_fund(city)
    first, second = uncovered(city, 2)
    wrong_name = line(second).replace(second.name, "查无此人")
    file = sent(city, line(first), wrong_name, line(first), "王,1,低保,,2022-12-31\n")
    assert file.state == "faults"
    assert [(one.row, one.code) for one in file.faults] == [
        (3, "not_in_register"),
        (4, "person_twice"),
        (5, "number_length"),
        (5, "missing"),
    ]
    assert not RosterVersion.objects.of(city).exists()
    assert not RosterEntry.objects.of(city).exists()


def test_only_the_reasons_for_which_the_rosters_funds_pay_are_taken(city: City) -> None:
    a_fund(city, amounts={"destitute": PerPerson(leaves=0)})
    (person,) = uncovered(city, 1)
    assert [one.code for one in sent(city, line(person)).faults] == ["reason_not_paid"]
    assert sent(city, line(person, "特困")).state == "version"


def test_a_new_version_shows_who_came_went_and_changed(city: City) -> None:
    a_fund(city)
    stays, goes, changes, comes = uncovered(city, 4)
    in_force(city, line(stays), line(goes), line(changes))
    version = sent(city, line(stays), line(changes, "重残"), line(comes)).version
    assert version is not None
    found = changes_of_version(city, roster_id(city), version.id)
    assert (set(found.came), set(found.went)) == ({comes.pk}, {goes.pk})
    before, after = found.changed[changes.pk]
    assert (before.reason, after.reason) == ("low_income", "severely_disabled")
    assert set(found.changed) == {changes.pk}


def test_another_last_day_is_a_change_too(city: City) -> None:
    a_fund(city)
    (person,) = uncovered(city, 1)
    in_force(city, line(person))
    version = sent(city, line(person, until="2022-06-30")).version
    assert version is not None
    assert set(changes_of_version(city, roster_id(city), version.id).changed) == {person.pk}


def test_whoever_proposed_a_version_cannot_agree_to_it(city: City) -> None:
    from acting import staff_with
    from huimin.platform.foundation.models import Role
    from huimin.platform.web.actors import acting_staff

    a_fund(city)
    both = acting_staff(staff_with(city, "both", Role.HANDLER, Role.APPROVER))
    assert both is not None
    version = sent(city, line(uncovered(city, 1)[0])).version
    assert version is not None
    number = propose_version(actor=both, version_id=version.id, reason="来函").id
    with pytest.raises(ApprovalError) as refused:
        answer_proposal(actor=both, approval_id=number, agrees=True, reason="好")
    assert refused.value.code == "same_person"
    assert version_in_force(city, roster_id(city)) is None


def test_the_second_person_is_told_how_many_came_went_and_changed(city: City) -> None:
    a_fund(city)
    first, second = uncovered(city, 2)
    in_force(city, line(first))
    proposed(city, line(second))
    proposal = proposal_of_roster(city, "poor")
    assert proposal is not None
    told = dict(proposal.would_change)
    assert len(told.pop("file")) == 64
    assert told == {"version": 2, "before": 1, "people": 1, "came": 1, "went": 1, "changed": 0}
    assert first.name not in str(proposal)


def test_a_version_that_was_sent_back_pays_for_nobody(city: City) -> None:
    a_fund(city)
    number = proposed(city, line(uncovered(city, 1)[0]))
    answered = answer_proposal(actor=acting(city, "approver"), approval_id=number, agrees=False, reason="名单有误")
    assert answered.answer == Answer.SENT_BACK
    assert version_in_force(city, roster_id(city)) is None
    assert proposal_of_roster(city, "poor") is None


def test_an_earlier_version_never_takes_the_place_of_a_later_one(city: City) -> None:
    a_fund(city)
    first, second = uncovered(city, 2)
    early = sent(city, line(first)).version
    assert early is not None
    in_force(city, line(second))
    with pytest.raises(SubsidyError) as refused:
        propose_version(actor=acting(city, "handler"), version_id=early.id, reason="来函")
    assert refused.value.code == "version_passed"
    with pytest.raises(SubsidyError, match="no version"):
        propose_version(actor=acting(city, "handler"), version_id=10**9, reason="来函")
    found = version_in_force(city, roster_id(city))
    assert found is not None
    assert (found.number, found.agreed_by) == (2, acting(city, "approver").text)


def test_the_same_file_is_taken_once_and_an_empty_or_huge_one_never(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_fund(city)
    (person,) = uncovered(city, 1)
    sent(city, line(person))
    with pytest.raises(SubsidyError) as refused:
        sent(city, line(person), name="又一份.csv")
    assert refused.value.code == "roster_file_known"
    for roster, data in (("poor", b""), ("nobody", b"x"), ("poor", b"x" * (20 * 1024 * 1024 + 1))):
        with pytest.raises(SubsidyError) as bad:
            send_roster(actor=acting(city, "handler"), roster=roster, file_name="a.csv", data=data)
        assert bad.value.code == "bad_roster_file"


def test_only_handlers_send_rosters(city: City) -> None:
    a_fund(city)
    for name in ("approver", "bureau", "insurer"):
        with pytest.raises(NotAllowed):
            send_roster(actor=acting(city, name), roster="poor", file_name="a.csv", data=b"x")


def test_why_somebody_is_on_a_roster_and_who_is_named_in_a_file_stand_encrypted(city: City) -> None:
    a_fund(city)
    (person,) = uncovered(city, 1)
    sent(city, line(person))
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM subsidies_rosterentry")
        (entry,) = cursor.fetchall()
        cursor.execute("SELECT content FROM subsidies_rosterfile")
        (file,) = cursor.fetchall()
    assert b"low_income" not in bytes(entry[0])
    assert person.id_number.encode() not in bytes(file[0])
    assert RosterEntry.objects.of(city).get().reason == "low_income"
    version = RosterVersion.objects.of(city).get()
    assert standing(city, version.pk) == {person.pk: Standing("low_income", date(2022, 1, 1), date(2022, 12, 31))}


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="the trigger stands in the way there")
def test_a_reason_that_was_moved_to_another_person_can_no_longer_be_read(city: City) -> None:
    a_fund(city)
    first, second = uncovered(city, 2)
    sent(city, line(first), line(second, "重残"))
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("DROP TRIGGER subsidies_rosterentry_no_update")
        cursor.execute("UPDATE subsidies_rosterentry SET reason = (SELECT max(reason) FROM subsidies_rosterentry)")
    with pytest.raises(UnreadableCiphertextError):
        [one.reason for one in RosterEntry.objects.of(city)]


def test_a_file_is_being_read_until_a_worker_is_done(city: City) -> None:
    a_fund(city)
    data = (HEAD + line(uncovered(city, 1)[0])).encode()
    send_roster(actor=acting(city, "handler"), roster="poor", file_name="a.csv", data=data)
    assert files_of_roster(city, roster_id(city))[0].state == "reading"
    RosterFile.objects.of(city).get().task.__class__.objects.of(city).filter(kind="read_roster").update(
        status="failed", finished_at=RosterFile.objects.of(city).get().received_at
    )
    assert files_of_roster(city, roster_id(city))[0].state == "failed"
