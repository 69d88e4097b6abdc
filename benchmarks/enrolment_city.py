"""A city for `make bench-enrolment`: policies in force, people who will join, and the keys of the sandboxes.

`python enrolment_city.py load FILE POLICIES JOINERS` fills an empty database. `… grow POLICIES` adds policies by SQL
until there are so many. `… faults FILE` writes what is wrong with the books. `… check FILE` prints what is new of it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

_EACH = """
INSERT INTO people_resident ({resident}, id, psn_no, id_index)
SELECT {resident}, n, 'G' || n, 'g' || n FROM one, numbers;
INSERT INTO payments_payment ({payment}, id, reference)
SELECT {payment}, n, 'g' || n FROM paid, numbers;
INSERT INTO enrolment_order ({order}, id, reference, applicant_id, payment_id)
SELECT {order}, n, 'g' || n, n, n FROM ordered, numbers;
INSERT INTO enrolment_orderline ({line}, id, order_id, insured_id)
SELECT {line}, n, n, n FROM named, numbers;
INSERT INTO enrolment_policy ({policy}, id, number, order_line_id, holder_id, insured_id, psn_no)
SELECT {policy}, n, 'G' || n, n, n, n, 'G' || n FROM covered, numbers;
"""
"""Copies of one resident, payment, order, line and policy, each under numbers of its own.

What is encrypted cannot be read in a copy, and nobody does. Nothing is posted for these policies.
"""
_TABLES = {
    "resident": ("people_resident", "one", ("psn_no", "id_index")),
    "payment": ("payments_payment", "paid", ("reference",)),
    "order": ("enrolment_order", "ordered", ("reference", "applicant_id", "payment_id")),
    "line": ("enrolment_orderline", "named", ("order_id", "insured_id")),
    "policy": ("enrolment_policy", "covered", ("number", "order_line_id", "holder_id", "insured_id", "psn_no")),
}


def load(file: Path, policies: int, joiners: int) -> None:
    import online_city
    from django.core.management import call_command

    from huimin.platform.foundation.keys import OUTSIDE_PURPOSES, shared_key

    call_command("migrate", verbosity=0)
    workload = online_city.load(policies, joiners)
    statements = online_city.statements_per_request(workload)
    keys = {purpose: shared_key(purpose) for purpose in OUTSIDE_PURPOSES}
    content = {"workload": asdict(workload), "statements": statements, "sandbox_keys": keys}
    file.write_text(json.dumps(content), "utf-8")


def grow(policies: int) -> None:
    """By SQL, without checks of keys or triggers: loading two million by objects would take an hour."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM enrolment_policy")
        ((there,),) = cursor.fetchall()
        columns = {}
        cursor.execute("SET session_replication_role = replica")
        for name, (table, copied, own) in _TABLES.items():
            cursor.execute(
                "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
                "WHERE table_name = %s AND column_name <> 'id' AND NOT column_name = ANY(%s)",
                [table, list(own)],
            )
            ((columns[name],),) = cursor.fetchall()
            cursor.execute(f"CREATE TEMP TABLE {copied} AS SELECT * FROM {table} ORDER BY id LIMIT 1")
        # Below zero, where nothing is sealed.
        cursor.execute(f"CREATE TEMP TABLE numbers AS SELECT n FROM generate_series({-policies}, {-there - 1}) AS n")
        cursor.execute(_EACH.format(**columns))
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def faults() -> list[str]:
    """What the books of the city lack. The policies that were loaded have no entries of their own."""
    from huimin.platform.foundation.models import City
    from huimin.platform.ledger.verification import verify_city

    return sorted(verify_city(City.objects.get(code="bench")).faults)


def main() -> None:
    import django
    from django.conf import settings

    django.setup()
    settings.ALLOWED_HOSTS.append("testserver")
    what, *more = sys.argv[1:]
    if what == "load":
        load(Path(more[0]), int(more[1]), int(more[2]))
    elif what == "grow":
        grow(int(more[0]))
    elif what == "faults":
        Path(more[0]).write_text(json.dumps(faults()), "utf-8")
    else:
        new = set(faults()) - set(json.loads(Path(more[0]).read_text("utf-8")))
        print("\n".join(sorted(new)))


if __name__ == "__main__":
    main()
