"""What tests need that pip does not bring: Chromium, a Chinese font, nginx. What could not be had is said in a line.

Chromium and the font are installed by apt, as root or where sudo asks for no password. nginx is only unpacked, inside
the environment: apt would also start it as a service of the machine, on port 80. That needs no rights at all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BROWSER_PACKAGES = ("chromium", "fonts-noto-cjk")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NGINX_PACKAGES = ("nginx", "nginx-core")
"""The program is in the first on Debian and newer Ubuntus, in the second on older Ubuntus."""
NGINX_PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"])


def chinese_font() -> bool:
    if shutil.which("fc-list") is None:
        return any(Path("/usr/share/fonts").rglob("*CJK*")) or sys.platform == "darwin"
    found = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(found.stdout.strip())


def as_root() -> list[str] | None:
    """What to write before a command that needs root's rights; None where they cannot be had."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    able = (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    )
    return ["sudo", "-n"] if able else None


def quietly(*command: str, cwd: Path | None = None) -> bool:
    try:
        return subprocess.run(command, cwd=cwd, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def browser() -> str:
    """Install what is missing of the browser and the font. Returns why not, or ""."""
    there = (any(map(shutil.which, BROWSERS)), chinese_font())
    missing = [package for package, found in zip(BROWSER_PACKAGES, there, strict=True) if not found]
    if not missing:
        return ""
    names, root = " and ".join(missing), as_root()
    if shutil.which("apt-get") is None:
        return f"{names} could not be installed: there is no apt-get here"
    if root is None:
        return f"{names} could not be installed: neither root nor sudo without a password"
    print(f"Installing {names} for the browser tests (once) ...", flush=True)
    quietly(*root, "apt-get", "update", "-qq")
    done = quietly(*root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing)
    return "" if done else f"apt-get could not install {names}"


def nginx(home: Path) -> str:
    """Unpack nginx in `home`, unless the machine has one. Returns why not, or ""."""
    program = home / "usr" / "sbin" / "nginx"
    if shutil.which("nginx", path=NGINX_PLACES) or program.exists():
        return ""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return "nginx could not be unpacked: there is no apt-get here"
    print("Unpacking nginx for the test of docs/nginx.conf (once) ...", flush=True)
    with tempfile.TemporaryDirectory() as directory:
        found = _downloaded(Path(directory))
        if found is None:
            return "apt-get could not download nginx"
        shutil.copytree(found, home, symlinks=True, dirs_exist_ok=True)
    if not quietly(str(program), "-v"):
        shutil.rmtree(home)
        return "the nginx that was unpacked does not run: a library of its is missing"
    return ""


def _downloaded(directory: Path) -> Path | None:
    """A folder with the package that has the program, unpacked."""
    for fresh in (False, True):
        root = as_root()
        if fresh and (root is None or not quietly(*root, "apt-get", "update", "-qq")):
            return None
        for package in NGINX_PACKAGES:
            place = directory / f"{package}-{fresh}"
            place.mkdir()
            quietly("apt-get", "download", "-qq", package, cwd=place)
            for archive in place.glob("*.deb"):
                quietly("dpkg-deb", "-x", str(archive), str(place / "unpacked"))
            if (place / "unpacked" / "usr" / "sbin" / "nginx").is_file():
                return place / "unpacked"
    return None


def main() -> None:
    if why := browser():
        print(f"Left out: the browser tests, since {why}. They count as skipped.")
    if why := nginx(Path(sys.prefix) / "opt" / "nginx"):
        print(f"Left out: the test of docs/nginx.conf, since {why}. It counts as skipped.")


if __name__ == "__main__":
    main()
