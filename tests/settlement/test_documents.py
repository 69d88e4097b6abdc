"""Every paper by its own check, both sides of it; and names of every script, but no telephone number."""

from __future__ import annotations

import pytest

from huimin.errors import InputError
from huimin.settlement.documents import DocumentKind, parse_document
from huimin.settlement.identity_number import check_character
from huimin.settlement.names import check_name, plain_name


def built(first_17: str) -> str:
    return first_17 + check_character(first_17)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        (built("11010519491231002"), DocumentKind.IDENTITY_CARD),
        (built("81000019900101001"), DocumentKind.RESIDENCE_CARD),
        (built("82000019900101001"), DocumentKind.RESIDENCE_CARD),
        (built("83000019900101001"), DocumentKind.RESIDENCE_CARD),
        (built("93284019800520001"), DocumentKind.PERMANENT_RESIDENT_CARD),
        ("USA110080010511", None),
        ("KAZ110090123105", DocumentKind.PERMANENT_RESIDENT_CARD_BEFORE),
        ("H12345678", DocumentKind.HONG_KONG_MACAU_PERMIT),
        ("m 1234 5678 01", DocumentKind.HONG_KONG_MACAU_PERMIT),
        ("01234567", DocumentKind.TAIWAN_PERMIT),
        ("0123456701", DocumentKind.TAIWAN_PERMIT),
        ("军字第1234567号", DocumentKind.MILITARY_CARD),
        ("南字第1234号", DocumentKind.MILITARY_CARD),
        ("士字第12345678", DocumentKind.MILITARY_CARD),
        ("Ｏ３２００１２３４５", DocumentKind.BIRTH_CERTIFICATE),
    ],
)
def test_a_number_says_by_its_form_which_paper_it_is(typed: str, kind: DocumentKind | None) -> None:
    if kind is None:
        typed = typed[:-1] + "0"
        right = [digit for digit in "0123456789" if accepted(typed[:-1] + digit)]
        assert len(right) == 1
        return
    assert parse_document(typed).kind is kind


def accepted(number: str) -> bool:
    try:
        return parse_document(number).kind is DocumentKind.PERMANENT_RESIDENT_CARD_BEFORE
    except InputError:
        return False


def test_a_card_of_a_foreigner_says_birth_and_sex_as_an_id_number_does() -> None:
    found = parse_document(built("93284019800520002"))
    assert (str(found.birth_date), found.sex) == ("1980-05-20", "female")


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "11010519491231002",
        built("81000019900101001")[:-1] + "Z",
        "H1234567",
        "0123456",
        "字第1234567号",
        "军字第123号",
        "军字第123456789号",
        "KAZ110090123106",
        "O12345678",
        "护照",
        "",
    ],
)
def test_what_is_no_paper_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_document(typed)
    assert caught.value.code == "bad_identity_number"
    assert not typed or typed not in caught.value.message


@pytest.mark.parametrize(
    "name",
    [
        "王芳",
        "𠮷野家明",
        "㛃",
        "买买提·吐尔逊",
        "阿依古丽•买买提",
        "O'Brien Mary-Jane",
        "Nguyễn Thị Minh",
        "Иванов",
        "𬱖",
    ],
)
def test_names_of_every_script_and_with_rare_characters_are_names(name: str) -> None:
    assert check_name(f" {name} ") == name


@pytest.mark.parametrize("name", ["", "  ", "13800138000", "王13800138000", "···", "王😀", "王\u0007", "王" * 61])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InputError) as caught:
        check_name(name)
    assert caught.value.code == "bad_name"


def test_one_name_written_in_many_ways_is_one() -> None:
    ways = ["买买提·吐尔逊", "买买提•吐尔逊", "买买提・吐尔逊", "买买提 · 吐尔逊", "买买提．吐尔逊"]
    assert {plain_name(one) for one in ways} == {"买买提·吐尔逊"}
    assert plain_name("葛\U000e0100") == plain_name("葛")
    assert plain_name("𠮷") != plain_name("吉")
