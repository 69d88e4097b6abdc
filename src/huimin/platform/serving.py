"""`huimin serve` and `huimin work`: migrate, check, start the server and its helpers, stop them all together."""

from __future__ import annotations

import io
import json
import os
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from huimin.errors import HuiminError
from huimin.platform.keys import ensure_keys
from huimin.platform.processes.supervising import Child, supervise

__all__ = ["serve", "work"]

_SETTINGS = "huimin.platform.settings"
_TRIES, _PAUSE = 20, 1.5
"""A database that does not answer is waited for half a minute."""


class BusyPortError(HuiminError):
    code = "busy_port"


def serve(*, port: int, sandbox_port: int, workers: int, demonstration: bool, helpers: bool = True) -> int:
    """Serve on 127.0.0.1 until interrupted. Raises BusyPortError before anything is started.

    `helpers`: whether what `work` runs is run here too.
    """
    ports = [port, sandbox_port] if demonstration else [port]
    for number in ports:
        _refuse_busy(number)
    _environment(port, sandbox_port, demonstration)
    home = Path(os.environ.get("HUIMIN_HOME", "var"))
    if demonstration:
        ensure_keys(home)
    _prepare(demonstration)
    children = [Child("web", _web(port, workers)), *(_helpers(messages=1, jobs=2) if helpers else [])]
    if demonstration:
        _sandbox_environment(port, home)
        children.append(Child("sandbox", ("huimin.sandbox", "--port", str(sandbox_port))))
        _greet(port, sandbox_port)
    return supervise(children, os.getpid())


def work(*, messages: int, jobs: int) -> int:
    """Do the work of the queue until interrupted, with so many processes, and seal. It can run on another machine than
    the web.

    It waits until `huimin serve` has brought the tables up to date. Raises HuiminError (`tables_older`).
    """
    _django()
    from huimin.platform.foundation.keys import refuse_unusable_keys  # noqa: PLC0415

    refuse_unusable_keys()
    _await_database()
    _await_tables()
    return supervise(_helpers(messages=messages, jobs=jobs), os.getpid())


def _refuse_busy(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise BusyPortError(
                f"port {port} is in use ({error.strerror}). Stop what uses it, or choose another: "
                f"make run PORT={port + 100}"
            ) from error


def _environment(port: int, sandbox_port: int, demonstration: bool) -> None:
    defaults = {"HUIMIN_PUBLIC_ADDRESS": f"http://127.0.0.1:{port}"}
    if demonstration:
        defaults["HUIMIN_PAYMENT_GATEWAY"] = f"http://127.0.0.1:{sandbox_port}/payment-company"
        defaults["HUIMIN_BANK"] = f"http://127.0.0.1:{sandbox_port}/bank"
        defaults["HUIMIN_BANK_ACCOUNT"] = "惠民保赔付专户 0000 0000 0000 000（沙箱银行，仅供演示）"
        defaults["HUIMIN_BUREAU"] = f"http://127.0.0.1:{sandbox_port}/bureau"
        defaults["HUIMIN_INVOICE_PLATFORM"] = f"http://127.0.0.1:{sandbox_port}/invoice-platform"
        defaults["HUIMIN_MESSAGE_GATEWAY"] = f"http://127.0.0.1:{sandbox_port}/message-gateway"
        defaults["HUIMIN_SECOND_FACTOR"] = "off"
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
    import django  # noqa: PLC0415

    django.setup()


def _prepare(demonstration: bool) -> None:
    _django()
    from django.core.management import call_command  # noqa: PLC0415

    from huimin.platform.foundation.keys import refuse_unusable_keys  # noqa: PLC0415

    refuse_unusable_keys()
    _await_database()
    call_command("migrate", verbosity=0)
    call_command("check", databases=["default"], stdout=io.StringIO())
    if demonstration:
        from huimin.platform.demonstration.api import CITY, load_demonstration  # noqa: PLC0415
        from huimin.platform.foundation.models import City  # noqa: PLC0415

        if not City.objects.filter(code=CITY).exists():
            _say("Loading the demonstration city (once) ...")
        load_demonstration()


def _await_database() -> None:
    """Wait for the database, which may start later than we do. Raises HuiminError (`database_unavailable`)."""
    from django.db import connection  # noqa: PLC0415

    from huimin.platform.foundation.unavailable import trouble_of  # noqa: PLC0415

    for left in range(_TRIES - 1, -1, -1):
        try:
            connection.ensure_connection()
        except Exception as error:
            trouble = trouble_of(error)
            if trouble is None:
                raise
            if not left:
                raise HuiminError(
                    f"the database cannot be reached ({trouble.code}); expected it at the address of DATABASE_URL, "
                    "or a folder in HUIMIN_HOME that may be written",
                    code=trouble.code,
                ) from error
            if left == _TRIES - 1:
                _say("Waiting for the database ...")
            time.sleep(_PAUSE)
        else:
            return


def _helpers(*, messages: int, jobs: int) -> list[Child]:
    """Who does what waits, who asks about payments, and who seals. Each does its part while others are away.

    One works on orders, which are completed in order of arrival; one issues policies, and calls nobody outside.
    """
    names = [f"messages-{number + 1}" for number in range(messages)] + [f"jobs-{number + 1}" for number in range(jobs)]
    names += ["orders-1", "issuing-1", "payments", "seals"]
    return [Child(name, ("huimin.platform.processes.helpers", name)) for name in names]


def _await_tables() -> None:
    """Wait for the tables. Two programs must not change them at once, so only `serve` does. Raises HuiminError
    (`tables_older`).
    """
    from huimin.platform.foundation.checks import tables_are_up_to_date  # noqa: PLC0415

    for left in range(_TRIES - 1, -1, -1):
        if tables_are_up_to_date():
            return
        if left == _TRIES - 1:
            _say("Waiting until `huimin serve` has brought the tables up to date ...")
        if left:
            time.sleep(_PAUSE)
    raise HuiminError(
        "the database's tables are older than this version; start `huimin serve` of this version once",
        code="tables_older",
    )


def _web(port: int, workers: int) -> Sequence[str]:
    """The command of granian with our limits: headers within ten seconds, which is also how long a silent connection is
    kept.
    """
    return (
        *("granian", "--interface", "rsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)),
        *("--http", "1", "--http1-header-read-timeout", "10000", "--http1-buffer-size", "65536", "--no-ws"),
        *("--backlog", "2048", "--backpressure", "4096", "--workers-kill-timeout", "10", "--log-level", "warning"),
        *("--respawn-failed-workers", "--respawn-interval", "0.5", "--factory"),
        "huimin.platform.processes.worker:application",
    )


def _sandbox_environment(port: int, home: Path) -> None:
    """Set what the sandbox's parties need: their keys, the platform's address, and the bureau's register."""
    from huimin.platform.demonstration.api import CITY, RESIDENTS, write_register  # noqa: PLC0415
    from huimin.platform.foundation.keys import OUTSIDE_PURPOSES, shared_key  # noqa: PLC0415
    from huimin.platform.foundation.models import ApiClient  # noqa: PLC0415

    hospitals = ApiClient.objects.filter(city__code=CITY, kind="hospital", active=True).order_by("code")
    keys = {purpose: shared_key(purpose) for purpose in OUTSIDE_PURPOSES}
    os.environ["HUIMIN_SANDBOX_KEYS"] = json.dumps(keys)
    register = home / "sandbox-register.json"
    write_register(register, RESIDENTS)
    os.environ["HUIMIN_SANDBOX_REGISTER"] = str(register)
    os.environ["HUIMIN_SANDBOX_PLATFORM"] = f"http://127.0.0.1:{port}"
    os.environ["HUIMIN_SANDBOX_HOSPITALS"] = json.dumps(
        {client.key_id: {"name": client.name_zh, "secret": client.secret} for client in hospitals}
    )


def _greet(port: int, sandbox_port: int) -> None:
    from huimin.platform.demonstration.api import CITY, PASSWORD, STAFF  # noqa: PLC0415

    names = ", ".join(name for name, *_ in STAFF)
    _say(
        f"""
Huimin 惠民 is running. Everybody and everything in it is invented.

  Residents        http://127.0.0.1:{port}/{CITY}/
  Staff            http://127.0.0.1:{port}/staff/       {names}; password {PASSWORD}
  API              http://127.0.0.1:{port}/api/v1/docs
  Sandbox          http://127.0.0.1:{sandbox_port}/             payments, text messages, a hospital, and others

  To enrol, try    王芳 (Wang Fang)  {_walk_id(0)}  and her father  王建国  {_walk_id(1)}
  A whole family   {_family_of_four()}

Stop with Ctrl+C; the data stay in {os.environ.get("HUIMIN_HOME", "var")}/.
"""
    )


def _walk_id(index: int) -> str:
    from huimin.platform.demonstration.api import people  # noqa: PLC0415

    return [person.id_number for person in people(index + 1)][index]


def _family_of_four() -> str:
    from huimin.platform.demonstration.api import FAMILY_OF_FOUR, NEWBORNS_NUMBER  # noqa: PLC0415

    payer, husband, mother, newborn = (f"{one.name}  {one.id_number}" for one in FAMILY_OF_FOUR)
    of_newborn = f"newborn  {newborn}  (since then {NEWBORNS_NUMBER})"
    return f"{payer}  pays from her account for her mother  {mother}\n{'':19}husband  {husband}  and {of_newborn}"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
