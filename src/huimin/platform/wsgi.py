"""The platform as a WSGI application, for servers other than `huimin serve`: it has none of the limits of ADR 21."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huimin.platform.settings")
application = get_wsgi_application()

# Only now can the settings be asked. A worker with unusable keys ends before it takes a request.
from huimin.platform.foundation.keys import refuse_unusable_keys  # noqa: E402

refuse_unusable_keys()
