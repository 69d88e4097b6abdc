"""One key, one purpose: no key does two things, short secrets are refused, and secrets stay inside."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.checks import run_checks

from huimin.cli import main
from huimin.platform.foundation.encryption import blind_index
from huimin.platform.foundation.keys import (
    OUTSIDE_PURPOSES,
    UnusableKeysError,
    key_faults,
    purpose_key,
    refuse_unusable_keys,
    shared_key,
)
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.gateways.payment_company import NoticeError
from huimin.platform.gateways.signing import Signer, hmac_hex
from huimin.platform.payments.providers import payment_company
from huimin.sandbox.server import Sandbox
from huimin.sandbox.wire import Request
from platform_support import Caller, order_for

ALL_PURPOSES = (
    *("personal data 2", "blind index 1", "identity code", "pool-tie-break"),
    *OUTSIDE_PURPOSES,
)


def test_every_purpose_has_a_key_of_its_own() -> None:
    keys = {purpose_key(purpose) for purpose in ALL_PURPOSES}
    assert len(keys) == len(ALL_PURPOSES)
    assert all(len(key) == 32 for key in keys)


def test_a_purpose_that_nobody_wrote_down_has_no_key() -> None:
    with pytest.raises(UnusableKeysError, match="no key is for 'anything'"):
        purpose_key("anything")


def test_keys_that_stay_inside_are_never_shown() -> None:
    for purpose in ("personal data 2", "blind index 1", "identity code", "pool-tie-break"):
        with pytest.raises(UnusableKeysError, match="stays inside"):
            shared_key(purpose)


def test_the_command_shows_a_party_its_key_and_refuses_the_others(capsys: Any) -> None:
    assert main(["keys", "show", "payment-notice"]) == 0
    assert capsys.readouterr().out == shared_key("payment notice") + "\n"
    assert main(["keys", "show", "blind-index-1"]) == 2
    assert "'blind index 1' stays inside" in capsys.readouterr().err


def test_what_we_sign_for_the_payment_company_is_no_notice_of_its(api: Caller, city: City) -> None:
    order = api.post(
        "channel-1",
        "/api/v1/orders",
        order_for(0),
    ).json()
    for wrong in ("payment request", "message gateway"):
        answer = api.pay(order["reference"], order["total"], key=shared_key(wrong))
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    assert api.pay(order["reference"], order["total"]).content == b"success"


def test_the_message_gateway_cannot_sign_a_payment_notice(city: City) -> None:
    body = json.dumps(
        {"notice_id": "N", "reference": "R", "status": "paid", "amount": "1.00", "transaction": "T"}
    ).encode()
    signed = {"X-Payment-Signature": hmac_hex(shared_key("message gateway"), body)}
    with pytest.raises(NoticeError, match="not the payment company's"):
        payment_company("sandbox", city).read_notice(signed, body)


def test_the_sandbox_takes_messages_by_the_message_key_alone() -> None:
    keys = {purpose: shared_key(purpose) for purpose in OUTSIDE_PURPOSES}
    sandbox = Sandbox.from_environment({"HUIMIN_SANDBOX_KEYS": json.dumps(keys)})
    content = {"key": "1", "template": "identity_code", "telephone": "13900000000", "parameters": {"code": "1"}}
    body, path = json.dumps(content).encode(), "/message-gateway/texts"
    for purpose, status in (("message gateway", 200), ("payment request", 401), ("payment notice", 401)):
        signer = Signer(shared_key(purpose), shared_key(purpose))
        headers = {"Idempotency-Key": "1", **signer.headers("POST", path, "1", body)}
        lower = {name.lower(): value for name, value in headers.items()}
        assert sandbox.serve(Request("POST", path, path, "", lower, body)).status == status


@pytest.mark.parametrize(
    ("name", "secret", "said"),
    [
        ("PAYMENT_KEY", "x" * 31, "HUIMIN_PAYMENT_KEY has 31 characters; expected at least 32"),
        ("SECRET_KEY", "", "HUIMIN_SECRET_KEY has 0 characters; expected at least 32"),
        ("DATA_KEY", "5a" * 31, "HUIMIN_DATA_KEY has 62 characters; expected 64 hexadecimal digits"),
        ("DATA_KEY", "zz" * 32, "HUIMIN_DATA_KEY has 64 characters; expected 64 hexadecimal digits"),
    ],
)
def test_short_or_garbled_secrets_are_refused_at_start_with_a_sentence(
    settings: Any, name: str, secret: str, said: str
) -> None:
    setattr(settings, name, secret)
    with pytest.raises(UnusableKeysError, match=said):
        refuse_unusable_keys()
    assert any(fault.id == "huimin.E001" and said in fault.msg for fault in run_checks())


def test_a_secret_used_for_two_things_is_refused_at_start(settings: Any) -> None:
    settings.PAYMENT_KEY = settings.DATA_KEY
    assert key_faults() == [
        "two of HUIMIN_SECRET_KEY, HUIMIN_DATA_KEY and HUIMIN_PAYMENT_KEY are the same; expected three"
    ]


def test_secrets_of_just_the_right_length_are_taken(settings: Any) -> None:
    settings.SECRET_KEY, settings.PAYMENT_KEY = "s" * 32, "p" * 32
    assert key_faults() == []


def test_blind_indexes_of_older_installations_still_find_their_rows() -> None:
    """Made before keys were named by purpose, with the data key of these tests: it must never change."""
    assert blind_index("demo", "11010519491231002X") == BEFORE


BEFORE = "18929b37c4e0e92ff14e23f8cc76c31a5c152e380184417805c2fa3ae2a35aa1"


def test_one_command_prints_a_demonstration_clients_keys_as_a_shell_reads_them(capsys: Any, city: City) -> None:
    assert main(["keys", "demonstration", "hospital-1", "--address", "http://127.0.0.1:8100"]) == 0
    client = ApiClient.objects.get(city=city, code="hospital-1")
    assert capsys.readouterr().out.splitlines()[1:] == [
        "HUIMIN_CLIENT=demo.hospital-1",
        f"HUIMIN_SECRET={client.secret}",
        "HUIMIN_ADDRESS=http://127.0.0.1:8100",
    ]


def test_a_real_citys_keys_are_never_printed(capsys: Any, city: City) -> None:
    real = City.objects.create(code="real", name_zh="某市", name_en="A city")
    ApiClient.objects.create(
        city=real, key_id="real.clinic", kind="hospital", code="clinic", name_zh="医院", name_en="H", secret="s" * 64
    )
    assert main(["keys", "demonstration", "clinic"]) == 2
    assert "no client 'clinic' of a demonstration city" in capsys.readouterr().err
    assert main(["keys", "demonstration"]) == 0
    printed = capsys.readouterr().out
    assert "demo.channel-1" in printed
    assert "real.clinic" not in printed
    City.objects.filter(pk=city.pk).update(demonstration_day=None)
    assert main(["keys", "demonstration"]) == 2
    assert "demo." not in capsys.readouterr().out
