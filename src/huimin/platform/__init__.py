"""The Django project: people, enrolment, payments, claims, the pool and its ledger, and the pages that show them."""

from huimin.extras import require

require("platform", "huimin.platform")
