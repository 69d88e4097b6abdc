"""Which databases this version goes to work on: an empty one, and those it made."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from huimin.errors import HuiminError
from huimin.platform.foundation.other_versions import refuse_other_version

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("step", ["0015_before", "0999_later"])
def test_a_step_that_is_not_known_here_is_refused_by_its_name(step: str) -> None:
    refuse_other_version(None)
    MigrationRecorder(connection).record_applied("claims", step)
    with pytest.raises(HuiminError, match=rf"found 1 steps of another version, such as claims\.{step}") as refused:
        refuse_other_version(None)
    assert refused.value.code == "database_of_another_version"
    MigrationRecorder(connection).record_unapplied("claims", step)
    refuse_other_version(None)


def test_what_other_packages_did_is_theirs_to_judge() -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_applied("mfa", "0999_later")
    refuse_other_version(None)
    assert ("mfa", "0999_later") in recorder.applied_migrations()


def test_migrating_asks_first_and_leaves_such_a_database_alone(empty_database: dict[str, str]) -> None:
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from django.db import connection\n"
        "from django.db.migrations.recorder import MigrationRecorder\n"
        "MigrationRecorder(connection).record_applied('claims', '0001_initial')\n"
        "try:\n"
        "    call_command('migrate', verbosity=0)\n"
        "except Exception as error:\n"
        "    print(error.code, *connection.introspection.table_names())\n"
    )
    environment = {**os.environ, **empty_database, "DJANGO_SETTINGS_MODULE": "huimin.platform.settings"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout.split() == ["database_of_another_version", "django_migrations"], done.stderr[-3000:]
