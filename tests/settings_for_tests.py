"""The platform's settings with keys and a home of the tests' own. Everything else is as in production."""

from __future__ import annotations

import os
import tempfile

os.environ["HUIMIN_HOME"] = tempfile.mkdtemp(prefix="huimin-tests-")
os.environ.update(
    HUIMIN_SECRET_KEY="tests only, " * 4, HUIMIN_DATA_KEY="5a" * 32, HUIMIN_PAYMENT_KEY="payments of tests, " * 2
)
os.environ["HUIMIN_SECOND_FACTOR"] = "on"

from huimin.platform.settings import *
from huimin.platform.settings import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow on purpose
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # Each process that runs tests has its own in memory. pytest-django knows only Django's own SQLite by its name.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}
