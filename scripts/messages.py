"""Collects the pages' words and compiles their English translations. Needs gettext (apt-get install gettext).

Chinese is what stands in templates and code; locale/en/LC_MESSAGES/django.po holds the English. Both the .po and the
compiled .mo are kept, so that running the platform needs no gettext; a test refuses words without a translation.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PLATFORM = Path(__file__).resolve().parent.parent / "src" / "huimin" / "platform"


def main() -> int:
    if shutil.which("msgfmt") is None:
        print("gettext is missing. On Debian or Ubuntu: sudo apt-get install gettext")
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huimin.platform.settings")
    django = [sys.executable, "-m", "django"]
    collect = ["makemessages", "-l", "en", "--no-location", "--no-wrap"]
    for command in (collect, ["compilemessages", "-l", "en"]):
        subprocess.run([*django, *command], cwd=PLATFORM, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
