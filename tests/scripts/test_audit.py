"""The audit passes only where every package was looked up, by somebody who holds advisories, and none is vulnerable."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("audit_script", ROOT / "scripts" / "audit.py")
assert spec is not None and spec.loader is not None
audit: Any = importlib.util.module_from_spec(spec)
sys.modules["audit_script"] = audit
spec.loader.exec_module(audit)

Pages = dict[str, Any]
SOUND: dict[str, Any] = {"vulnerabilities": []}
BAD = {"vulnerabilities": [{"id": "PYSEC-1", "withdrawn": None}]}
KNOWN = {"/jinja2/2.4.1/json": BAD, "/one/1.0/json": SOUND, "/two/2.0/json": SOUND}


@pytest.fixture
def service() -> Iterator[tuple[str, Pages]]:
    """A package index on loopback, whose pages a test sets."""
    pages: Pages = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path)
            body = page if isinstance(page, bytes) else json.dumps(page).encode()
            self.send_response(404 if page is None else 200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", pages
    server.shutdown()
    server.server_close()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "lock.txt"
    path.write_text("one==1.0 \\\n    --hash=sha256:00\ntwo[extra]==2.0 ; python_version < '3'\n")
    return path


def run(service: str, lock: Path) -> int:
    found: int = audit.main(["--service", service, str(lock)])
    return found


def test_the_lock_files_name_every_package_of_the_project() -> None:
    packages = dict(audit.locked([ROOT / "requirements" / "run.txt"]))
    assert {"django", "granian", "cryptography"} <= set(packages)


def test_an_audit_passes_where_all_were_looked_up_and_are_sound(
    service: tuple[str, Pages], lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service[1].update(KNOWN)
    assert run(service[0], lock) == 0
    assert "2 of 2 packages looked up, 0 vulnerable" in capsys.readouterr().out


def test_an_audit_fails_on_a_vulnerable_package(
    service: tuple[str, Pages], lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service[1].update({**KNOWN, "/two/2.0/json": BAD})
    assert run(service[0], lock) == 1
    assert "vulnerable: two 2.0: PYSEC-1" in capsys.readouterr().out


def test_an_advisory_that_was_withdrawn_is_none(service: tuple[str, Pages], lock: Path) -> None:
    withdrawn = {"vulnerabilities": [{"id": "PYSEC-1", "withdrawn": "2026-01-01"}]}
    service[1].update({**KNOWN, "/two/2.0/json": withdrawn})
    assert run(service[0], lock) == 0


@pytest.mark.parametrize("page", [None, b"<html>", {"info": {}}, {"vulnerabilities": None}, []])
def test_an_audit_fails_on_a_package_that_could_not_be_looked_up(
    service: tuple[str, Pages], lock: Path, page: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    service[1].update({**KNOWN, "/two/2.0/json": page})
    assert run(service[0], lock) == 2
    said = capsys.readouterr().out
    assert "not looked up: two 2.0" in said
    assert "audit FAILED" in said


def test_an_audit_fails_where_the_service_cannot_be_reached(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("http://127.0.0.1:9", lock) == 2
    assert "audit FAILED: no package could be looked up: the service cannot be reached" in capsys.readouterr().out


def test_an_audit_fails_where_the_service_holds_no_advisories(
    service: tuple[str, Pages], lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service[1].update({**KNOWN, "/jinja2/2.4.1/json": SOUND})
    assert run(service[0], lock) == 2
    assert "holds no advisories" in capsys.readouterr().out


def test_an_audit_of_nothing_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("# nothing\n")
    assert run("http://127.0.0.1:9", empty) == 2
    assert "found no pinned package" in capsys.readouterr().out


def archive(path: Path, *affected: dict[str, Any], modified: datetime | None = None) -> str:
    """Write a file of advisories, one of them about the known bad version. Returns its SHA-256."""
    day = (modified or datetime.now(UTC)).isoformat().replace("+00:00", "Z")
    known = {"package": {"ecosystem": "PyPI", "name": "Jinja2"}, "versions": ["2.4.1"]}
    with zipfile.ZipFile(path, "w") as file:
        for number, one in enumerate([known, *affected]):
            file.writestr(f"PYSEC-{number}.json", json.dumps({"id": f"A-{number}", "modified": day, "affected": [one]}))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def of(name: str, *events: dict[str, str], versions: tuple[str, ...] = ()) -> dict[str, Any]:
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}] if events else []
    return {"package": {"ecosystem": "PyPI", "name": name}, "versions": list(versions), "ranges": ranges}


@pytest.mark.parametrize(
    ("affected", "status"),
    [
        ([], 0),
        ([of("two", versions=("1.9",))], 0),
        ([of("two", versions=("2.0",))], 1),
        ([of("Two", {"introduced": "0"}, {"fixed": "2.0"})], 0),
        ([of("two", {"introduced": "0"}, {"fixed": "2.0.1"})], 1),
        ([of("two", {"introduced": "2.0"}, {"last_affected": "2.0"})], 1),
        ([of("two", {"introduced": "2.0.1"})], 0),
        ([of("three", {"introduced": "0"})], 0),
    ],
)
def test_an_audit_reads_a_file_of_advisories_where_there_is_no_network(
    tmp_path: Path, lock: Path, affected: list[dict[str, Any]], status: int
) -> None:
    path = tmp_path / "all.zip"
    digest = archive(path, *affected)
    assert audit.main(["--database", str(path), "--sha256", digest, str(lock)]) == status


def test_a_file_of_other_content_or_of_long_ago_is_refused(
    tmp_path: Path, lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "all.zip"
    archive(path)
    assert audit.main(["--database", str(path), "--sha256", "0" * 64, str(lock)]) == 2
    digest = archive(path, modified=datetime.now(UTC) - timedelta(days=15))
    assert audit.main(["--database", str(path), "--sha256", digest, str(lock)]) == 2
    said = capsys.readouterr().out
    assert "expected 0000" in said
    assert "fetch a newer file" in said
    assert audit.main(["--database", str(tmp_path / "none.zip"), "--sha256", digest, str(lock)]) == 2
