"""Settings, from the environment. What is not set has a safe default; secrets have none.

HUIMIN_HOME        directory of the embedded database and the keys (default: var)
DATABASE_URL       postgresql://… ; without it the embedded SQLite in HUIMIN_HOME is used
HUIMIN_SECRET_KEY, HUIMIN_DATA_KEY, HUIMIN_PAYMENT_KEY   secrets; without them those in HUIMIN_HOME/keys.json
HUIMIN_HOSTS       host names that the server answers to, comma separated
HUIMIN_LOCK_SECONDS   how long a statement waits for a lock (default 30; the web sets 1)
HUIMIN_HSTS_SECONDS    how long browsers keep to HTTPS once PUBLIC_ADDRESS is https:// (default: a year; 0 for never)
HUIMIN_TRIAL_MINUTES   how long a trial of a bill is called valid (default 30)
HUIMIN_TRIAL_DAYS, HUIMIN_TRIALS_A_DAY   how many days back care may be tried (default 7), and how many trials an
    institution makes for one person in a day (default 5)
HUIMIN_SECOND_FACTOR   "off" lets staff in with a password alone: for the demonstration only
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from huimin.errors import InputError
from huimin.settlement.days import CITY_ZONE_NAME

HOME = Path(os.environ.get("HUIMIN_HOME", "var")).resolve()
PLATFORM = Path(__file__).resolve().parent


WAIT_SECONDS, STAFF_WAIT_SECONDS = 1.6, 20.0
"""How long a request waits for the database in all: API and residents' pages, and staff's, which count a whole city."""
LOCK_SECONDS = float(os.environ.get("HUIMIN_LOCK_SECONDS", "30"))
_SERVER_LIMITS = f"-c lock_timeout={int(LOCK_SECONDS * 1000)} -c client_connection_check_interval=1000"
"""What PostgreSQL itself keeps: the longest wait for a lock, and a look whether the client is still there."""


def _keys() -> dict[str, str]:
    path = HOME / "keys.json"
    found: dict[str, str] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return found


def _secret(name: str) -> str:
    return os.environ.get(f"HUIMIN_{name.upper()}") or _keys().get(name, "")


def _database(url: str) -> dict[str, Any]:
    return _postgresql(url) if url else _SQLITE


_SQLITE: dict[str, Any] = {
    "ENGINE": "huimin.platform.foundation.sqlite",
    "NAME": HOME / "huimin.sqlite3",
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        # IMMEDIATE takes the write lock at BEGIN: two writers queue instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": LOCK_SECONDS,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    },
}


def _postgresql(url: str) -> dict[str, Any]:
    """The address as PostgreSQL's own library reads it: several hosts, sockets, escapes, a service's name.

    Not dj-database-url: it would be one more package, and it knows fewer of these forms. Raises InputError.
    """
    from psycopg import ProgrammingError  # noqa: PLC0415 - SQLite starts without it
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    try:
        given = conninfo_to_dict(url)
    except ProgrammingError:
        given = {}
    if not given.keys() & {"dbname", "service"}:
        # Neither the address nor the library's own words: both hold the password.
        raise InputError(
            "DATABASE_URL cannot be read; expected postgresql://USER:PASSWORD@HOST:PORT/NAME", code="bad_database_url"
        ) from None
    return {
        "ENGINE": "huimin.platform.foundation.postgresql",
        **{name: given.pop(key, "") for name, key in _NAMED.items()},
        "CONN_MAX_AGE": None,
        # What is sent often is parsed and planned once a connection.
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 3,
            **given,
            "options": f"{_SERVER_LIMITS} {given.get('options', '')}".strip(),
        },
    }


_NAMED = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
"""Django's names of an address's parts, and PostgreSQL's."""

SECRET_KEY = _secret("secret_key")
DATA_KEY = _secret("data_key")
"""64 hexadecimal digits. No key itself: those for personal data, blind indexes and the like are derived from it."""
PAYMENT_KEY = _secret("payment_key")
"""No key itself: those of the payment company and the message gateway are derived from it (foundation/keys.py)."""

DEBUG = False
ALLOWED_HOSTS = os.environ.get("HUIMIN_HOSTS", "127.0.0.1,localhost").split(",")
DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECOND_FACTOR = os.environ.get("HUIMIN_SECOND_FACTOR", "on") != "off"
TRIAL_MINUTES = int(os.environ.get("HUIMIN_TRIAL_MINUTES", "30"))
TRIAL_DAYS, TRIALS_A_DAY = (
    int(os.environ.get(name, default)) for name, default in (("HUIMIN_TRIAL_DAYS", "7"), ("HUIMIN_TRIALS_A_DAY", "5"))
)
"""Against probing (claims/trials/limits.py). Assumptions of ours: a trial is made while the patient stands there."""
PAYMENT_COMPANY = os.environ.get("HUIMIN_PAYMENT_COMPANY", "sandbox")
"""The payment company's code: payments, receipts and the journal name it by that, and so does its notices' address."""
PAYMENT_GATEWAY = os.environ.get("HUIMIN_PAYMENT_GATEWAY", "http://127.0.0.1:8001/payment-company")
PUBLIC_ADDRESS = os.environ.get("HUIMIN_PUBLIC_ADDRESS", "http://127.0.0.1:8000")
BUREAU = os.environ.get("HUIMIN_BUREAU", "http://127.0.0.1:8001/bureau")
BANK = os.environ.get("HUIMIN_BANK", "http://127.0.0.1:8001/bank")
BANK_CODE = os.environ.get("HUIMIN_BANK_CODE", "main")
"""The bank account from which claims are paid, as the journal names it."""
BANK_ACCOUNT = os.environ.get("HUIMIN_BANK_ACCOUNT", "")
"""The same account as residents read it who have to pay something back: whose it is, its number, its bank."""
INVOICE_PLATFORM = os.environ.get("HUIMIN_INVOICE_PLATFORM", "http://127.0.0.1:8001/invoice-platform")
MESSAGE_GATEWAY = os.environ.get("HUIMIN_MESSAGE_GATEWAY", "http://127.0.0.1:8001/message-gateway")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "ninja",
    "huimin.platform.foundation",
    "huimin.platform.tasks",
    "huimin.platform.seals",
    "huimin.platform.people",
    "huimin.platform.catalogue",
    "huimin.platform.messages",
    "huimin.platform.disclosure",
    "huimin.platform.ledger",
    "huimin.platform.pool",
    "huimin.platform.payments",
    "huimin.platform.subsidies",
    "huimin.platform.enrolment",
    "huimin.platform.safeguards",
    "huimin.platform.claims",
    "huimin.platform.payouts",
    "huimin.platform.clearing",
    "huimin.platform.quick_claims",
    "huimin.platform.servicing",
    "huimin.platform.invoicing",
    "huimin.platform.renewal",
    "huimin.platform.bulk",
    "huimin.platform.counter",
    "huimin.platform.outbox",
    "huimin.platform.recalculation",
    "huimin.platform.desk",
    "huimin.platform.oversight",
    "huimin.platform.web",
]

MIDDLEWARE = [
    "huimin.platform.foundation.middleware.SecurityHeaders",
    "huimin.platform.foundation.middleware.Patience",
    "huimin.platform.web.health.Health",
    "huimin.platform.api.first.ApiFirst",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "huimin.platform.urls"
FORM_RENDERER = "huimin.platform.web.forms.base.PageRenderer"
WSGI_APPLICATION = "huimin.platform.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PLATFORM / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "huimin.platform.web.context.city_and_resident",
            ],
            "builtins": ["huimin.platform.web.templatetags.huimin"],
        },
    }
]

AUTH_USER_MODEL = "foundation.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/staff/accounts/login/"
LOGIN_REDIRECT_URL = "/staff/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "huimin.platform.foundation.accounts.StaffOnly"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Huimin"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "huimin.platform.foundation.accounts.user_name"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LOCALE_PATHS = [PLATFORM / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = CITY_ZONE_NAME

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
_SECURE = PUBLIC_ADDRESS.startswith("https://")
SESSION_COOKIE_SECURE = _SECURE
CSRF_COOKIE_SECURE = _SECURE
CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS]
CSRF_FAILURE_VIEW = "huimin.platform.web.views.errors.forbidden"
HSTS_SECONDS = int(os.environ.get("HUIMIN_HSTS_SECONDS", "31536000")) if _SECURE else 0
"""How long a browser that was here once asks by HTTPS only. Sent where the public address is one of HTTPS."""
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# Request bodies and error messages may hold personal data: neither is logged (see foundation/logs.py).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "huimin.platform.foundation.logs.WithoutValues",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR", "propagate": True},
        "django.security": {"level": "CRITICAL", "propagate": True},
        "axes": {"level": "CRITICAL"},
        "huimin": {"level": "INFO"},
    },
}
