"""The platform's settings, with the reference's address beside its own."""

from huimin.platform.settings import *  # noqa: F403

ROOT_URLCONF = "online_addresses"
