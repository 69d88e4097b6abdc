"""Chromium and a Chinese font for the browser tests, through apt where that is allowed; else a line says so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = ("chromium", "fonts-noto-cjk")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chinese_font() -> bool:
    if shutil.which("fc-list") is None:
        return any(Path("/usr/share/fonts").rglob("*CJK*")) or sys.platform == "darwin"
    found = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(found.stdout.strip())


def main() -> None:
    missing = [
        package
        for package, there in zip(PACKAGES, (any(map(shutil.which, NAMES)), chinese_font()), strict=True)
        if not there
    ]
    if not missing:
        return
    apt = shutil.which("apt-get")
    sudo = [] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["sudo", "-n"]
    if apt and (not sudo or subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode == 0):
        print(f"Installing {' and '.join(missing)} for the browser tests (once) ...", flush=True)
        subprocess.run([*sudo, apt, "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
        command = [*sudo, apt, "install", "-y", "-qq", "--no-install-recommends", *missing]
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
            return
    names = " and ".join(missing)
    print(f"Left out: the browser tests, since {names} could not be installed; they count as skipped.")


if __name__ == "__main__":
    main()
