"""`make audit`: is any locked package known to be vulnerable? A package that could not be looked up is a failure too.

Asked is the package index that pip is configured with, or the one of `--service`: its JSON page of each locked version
lists the advisories. Without a network a file is read instead (`--database FILE --sha256 DIGEST`): the archive of all
advisories in the OSV format, one JSON file each, fetched elsewhere. An old version with a well-known flaw is looked up
first; where that one passes for sound, the service or the file holds no advisories, and nothing it says is worth
anything. Exit status 0: all were looked up and none is vulnerable; 1: one is; 2: not all could be looked up.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import re
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("run.txt", "test.txt", "all.txt", "oracles.txt", "peers.txt")
KNOWN_BAD = ("jinja2", "2.4.1")
"""Anybody who holds advisories at all holds one about this version."""
OLDEST = timedelta(days=14)
"""A file without an advisory of the last two weeks is out of date: some are published every day."""
_SECONDS = 20
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.M)

Package = tuple[str, str]


class NotLookedUpError(Exception):
    """The package could not be looked up: nothing is known of it, good or bad."""


@dataclass
class Report:
    vulnerable: dict[Package, list[str]] = field(default_factory=dict)
    unknown: dict[Package, str] = field(default_factory=dict)


def locked(paths: Iterable[Path]) -> list[Package]:
    """Each pinned package and version of the lock files, once."""
    found = {(canonicalize_name(name), version) for path in paths for name, version in _PIN.findall(path.read_text())}
    return sorted(found)


class Service:
    """A package index's JSON pages: ADDRESS/NAME/VERSION/json."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")

    def advisories(self, package: Package) -> list[str]:
        """Ids of what is known against this version. Raises NotLookedUpError."""
        name, version = package
        request = urllib.request.Request(f"{self.address}/{name}/{version}/json")  # noqa: S310 - an option
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                page = json.load(answer)
        except urllib.error.HTTPError as error:
            said = "the service does not know this version" if error.code == 404 else f"it answered {error.code}"  # noqa: PLR2004
            raise NotLookedUpError(said) from error
        except (OSError, http.client.HTTPException) as error:
            raise NotLookedUpError(f"the service cannot be reached ({type(error).__name__})") from error
        except ValueError as error:
            raise NotLookedUpError("the service answered no JSON") from error
        listed = page.get("vulnerabilities") if isinstance(page, dict) else None
        if not isinstance(listed, list):
            raise NotLookedUpError("the service's page has no list of vulnerabilities")
        return sorted(_name_of(one) for one in listed if not one.get("withdrawn"))


class Database:
    """A file of all advisories in the OSV format: a zip of JSON files."""

    def __init__(self, path: Path, digest: str, now: datetime) -> None:
        content = path.read_bytes()
        found = hashlib.sha256(content).hexdigest()
        if found != digest.lower():
            raise NotLookedUpError(f"{path} has the SHA-256 {found}; expected {digest}")
        with zipfile.ZipFile(path) as archive:
            self._all = [json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")]
        newest = max((one.get("modified", "") for one in self._all), default="")
        if not newest or now - datetime.fromisoformat(newest.replace("Z", "+00:00")) > OLDEST:
            raise NotLookedUpError(f"the newest advisory in {path} is of {newest[:10] or 'no day'}: fetch a newer file")
        self._by_name: dict[str, list[Mapping[str, object]]] = {}
        for one in self._all:
            for affected in one.get("affected", ()):
                package = affected.get("package", {})
                if package.get("ecosystem") == "PyPI" and not one.get("withdrawn"):
                    entry = {**affected, "id": _name_of(one)}
                    self._by_name.setdefault(canonicalize_name(package["name"]), []).append(entry)

    def advisories(self, package: Package) -> list[str]:
        name, version = package
        return sorted({str(one["id"]) for one in self._by_name.get(name, ()) if _is_affected(one, version)})


def _name_of(advisory: Mapping[str, object]) -> str:
    return str(advisory.get("id", "an advisory without an id"))


def _is_affected(affected: Mapping[str, object], version: str) -> bool:
    """By the list of versions, and by the ranges between `introduced` and `fixed` or `last_affected`."""
    if version in affected.get("versions", ()):  # type: ignore[operator]
        return True
    ranges: Sequence[Mapping[str, object]] = affected.get("ranges", ())  # type: ignore[assignment]
    return any(_in_range(one.get("events", ()), version) for one in ranges if one.get("type") == "ECOSYSTEM")


def _in_range(events: object, text: str) -> bool:
    inside = False
    try:
        version = Version(text)
        for event in events:  # type: ignore[attr-defined]
            for kind, bound in event.items():
                start = Version("0") if bound == "0" else Version(bound)
                if kind == "introduced" and version >= start:
                    inside = True
                elif (kind == "fixed" and version >= start) or (kind == "last_affected" and version > start):
                    inside = False
    except InvalidVersion:
        return True  # better looked at than passed over
    return inside


def audit(source: Service | Database, packages: Sequence[Package]) -> Report:
    """Look up every package. Raises NotLookedUpError where the source holds no advisories at all."""
    if not source.advisories(KNOWN_BAD):
        raise NotLookedUpError(f"nothing is known against {'=='.join(KNOWN_BAD)}: this source holds no advisories")
    report = Report()

    def look(package: Package) -> None:
        try:
            found = source.advisories(package)
        except NotLookedUpError as error:
            report.unknown[package] = str(error)
        else:
            if found:
                report.vulnerable[package] = found

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(look, packages))
    return report


def _address_of_pip() -> str:
    """The JSON pages of the index that pip is configured with."""
    from pip._internal.configuration import Configuration
    from pip._internal.models.index import PyPI

    configuration = Configuration(isolated=False)
    configuration.load()
    address = dict(configuration.items()).get("global.index-url", "")
    return str(address).rstrip("/").removesuffix("/simple") + "/pypi" if address else PyPI.pypi_url


def _say(report: Report, count: int) -> int:
    for (name, version), found in sorted(report.vulnerable.items()):
        print(f"vulnerable: {name} {version}: {', '.join(found)}")
    for (name, version), why in sorted(report.unknown.items()):
        print(f"not looked up: {name} {version}: {why}")
    looked = count - len(report.unknown)
    print(f"audit: {looked} of {count} packages looked up, {len(report.vulnerable)} vulnerable")
    if report.unknown:
        print("audit FAILED: what was not looked up is not known to be sound; offline: docs/operations.md")
        return 2
    return 1 if report.vulnerable else 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make audit", description=__doc__)
    parser.add_argument("--service", help="address of the JSON pages; default: those of pip's index")
    parser.add_argument("--database", type=Path, help="a zip of advisories in the OSV format, instead of a service")
    parser.add_argument("--sha256", default="", help="what the file must be")
    parser.add_argument("locks", nargs="*", type=Path, help="lock files; default: all of requirements/")
    options = parser.parse_args(arguments)
    packages = locked(options.locks or [ROOT / "requirements" / name for name in LOCKS])
    if not packages:
        print("audit FAILED: found no pinned package; expected lock files with NAME==VERSION")
        return 2
    try:
        source: Service | Database
        if options.database is not None:
            source = Database(options.database, options.sha256, datetime.now(UTC))
        else:
            source = Service(options.service or _address_of_pip())
        report = audit(source, packages)
    except (NotLookedUpError, OSError, zipfile.BadZipFile, ValueError) as error:
        print(f"audit FAILED: no package could be looked up: {error}")
        return 2
    return _say(report, len(packages))


if __name__ == "__main__":
    sys.exit(main())
