"""A real city served by `huimin serve` on free ports of its own, and a real browser in front of it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from served import copy_prepared_home

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None
)
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WANG_FANG, FATHER = ("王芳", "329901197805200027"), ("王建国", "329901195003070057")
PASSWORD = "demonstration-2022"


@dataclass(frozen=True)
class Served:
    """Addresses of a running demonstration."""

    city: str
    staff: str
    sandbox: str
    home: str

    @property
    def root(self) -> str:
        return self.city.removesuffix("/demo")


@contextmanager
def served_city() -> Iterator[Served]:
    """Start the demonstration as `make run` does, in a home of its own; stop it by the process that was started."""
    port, sandbox = _free_ports()
    with tempfile.TemporaryDirectory() as home:
        copy_prepared_home(Path(home))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIMIN_", "DJANGO_"))}
        kept |= {"HUIMIN_HOME": home, "DATABASE_URL": ""}
        command = [sys.executable, "-m", "huimin.cli", "serve", "--demonstration"]
        command += ["--port", str(port), "--sandbox-port", str(sandbox)]
        process = subprocess.Popen(command, env=kept, stdout=subprocess.DEVNULL)
        try:
            _wait_for(f"http://127.0.0.1:{port}/demo/", process)
            yield Served(
                f"http://127.0.0.1:{port}/demo", f"http://127.0.0.1:{port}/staff", f"http://127.0.0.1:{sandbox}", home
            )
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_ARGUMENTS))
        try:
            yield chromium
        finally:
            chromium.close()


def codes(page: Page, served: Served) -> list[str]:
    """The one-time codes in the sandbox's inbox, read as a person would, the newest first."""
    inbox = page.context.new_page()
    inbox.goto(f"{served.sandbox}/message-gateway/")
    found = re.findall(r"验证码(?:是)? (\d{6})", inbox.content())
    inbox.close()
    return found


def sign_in(page: Page, served: Served, person: tuple[str, str] = WANG_FANG) -> None:
    """Show who one is; the page must be one that asks for it. Waits for a code that was not there before."""
    before = len(codes(page, served))
    page.get_by_label(re.compile("姓名|Name")).fill(person[0])
    page.get_by_label(re.compile("身份证号码|ID number")).fill(person[1])
    page.get_by_role("button", name=re.compile("获取验证码|Send me a code")).click()
    for _ in range(40):
        found = codes(page, served)
        if len(found) > before:
            break
        time.sleep(0.25)
    else:
        raise AssertionError("no new code came to the inbox")
    page.get_by_label(re.compile("六位数字|Six digits")).fill(found[0])
    page.get_by_role("button", name=re.compile("继续|Continue")).click()
    page.wait_for_url(lambda address: "/identity/" not in address)


def staff_sign_in(page: Page, served: Served, name: str) -> None:
    page.goto(f"{served.staff}/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form.sheet button").click()
    page.wait_for_url(lambda address: "/accounts/" not in address)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        for one in (first, second):
            one.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


def _wait_for(address: str, process: subprocess.Popen[bytes], seconds: int = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    raise AssertionError(f"{address} did not answer in {seconds} s")
