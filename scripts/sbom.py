"""`make sbom`: everything that Huimin brings along, as a CycloneDX bill of materials in `dist/`.

Listed are the packages of `requirements/all.txt` (what `huimin[all]` brings) with their hashes, the conditions under
which they are installed, the extras that need them, and what each needs in turn; and the files of others that the
package ships.
Licences are those that the packages in this environment state. The same commit gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tomllib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "all.txt"
VENDOR = ROOT / "src/huimin/platform/web/static/huimin/vendor"
_PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[^ ;]+)(?: ; (?P<marker>.+?))? \\")
_HASH = re.compile(r" {4}--hash=sha256:(?P<hash>[0-9a-f]{64})(?: \\)?")
_ROOT_NAME = "huimin"
_UNSTATED = {"tabmat": "BSD-3-Clause"}
"""Packages whose metadata leave the licence out, and what the LICENSE file says that they install."""
_NAMESPACE = uuid.UUID("2f6b6c0e-6f6a-5b6e-9d59-5b0c7e0f4a11")


class UnreadableLockError(Exception):
    """A line of the lock file is of none of the forms that `make lock` writes. The list would not be complete."""


@dataclass
class Pin:
    """One locked package: its version, where it is installed (a marker), its files' digests and who asks for it."""

    name: str
    version: str
    marker: str
    hashes: list[str]
    asked_by: list[str]

    @property
    def ref(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


def pins(text: str) -> list[Pin]:
    """Raises UnreadableLockError."""
    found: list[Pin] = []
    for number, line in enumerate(text.splitlines(), 1):
        if pin := _PIN.fullmatch(line):
            found.append(Pin(pin["name"], pin["version"], pin["marker"] or "", [], []))
        elif found and (digest := _HASH.fullmatch(line)):
            found[-1].hashes.append(digest["hash"])
        elif found and (asked := re.fullmatch(r"    #(?: via| {2}) (\S+)(?: \(pyproject\.toml\))?", line)):
            found[-1].asked_by.append(asked[1])
        elif not re.fullmatch(r"    # +via( -r .+)?|    # +-[rc] .+", line):
            raise UnreadableLockError(f"line {number}: found {line!r}; expected a form that `make lock` writes")
    bare = [pin.name for pin in found if not pin.hashes]
    if bare or not found:
        raise UnreadableLockError(f"found {', '.join(bare) or 'no package'} without a hash; expected one of each")
    return found


def extras(project: Mapping[str, Any], name: str) -> Iterator[str]:
    """The packages that an extra names, with those of the extras within it."""
    for line in project["optional-dependencies"][name]:
        requirement = Requirement(line)
        if requirement.name == _ROOT_NAME:
            for inner in requirement.extras:
                yield from extras(project, inner)
        else:
            yield canonicalize_name(requirement.name)


def reached(from_names: Iterable[str], every: Sequence[Pin]) -> set[str]:
    """These packages, what they ask for, and so on."""
    found, left = set[str](), list(from_names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += [pin.name for pin in every if name in pin.asked_by]
    return found


def licence(name: str) -> tuple[list[Any], str]:
    """As the package itself states it, and the version that does; nothing where it is not installed here."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return [], ""
    classified = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or () if line.startswith("License")]
    words = (
        _UNSTATED.get(name)
        or said.get("License-Expression")
        or " AND ".join(classified)
        or (said.get("License") or "").partition("\n")[0]
    )
    return [LicenseFactory().make_from_string(words)] if words else [], said["Version"]


def component(pin: Pin, core: set[str], by_extra: Mapping[str, set[str]]) -> Component:
    properties = [Property(name="huimin:extra", value=extra) for extra, names in by_extra.items() if pin.name in names]
    properties += [Property(name="huimin:installed-if", value=pin.marker)] if pin.marker else []
    stated, stated_by = licence(pin.name)
    if stated and stated_by != pin.version:  # one package locked in two versions, for older and newer Pythons
        properties.append(Property(name="huimin:licence-of-version", value=stated_by))
    digests = [HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in pin.hashes]
    files = ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(pin.ref), hashes=digests)
    return Component(
        name=pin.name,
        version=pin.version,
        bom_ref=pin.ref,
        purl=PackageURL("pypi", None, pin.name, pin.version),
        scope=ComponentScope.REQUIRED if pin.name in core else ComponentScope.OPTIONAL,
        licenses=stated,
        external_references=[files],
        properties=properties,
    )


def digest_of(content: bytes) -> HashType:
    return HashType(alg=HashAlgorithm.SHA_256, content=hashlib.sha256(content).hexdigest())


def shipped(folder: Path) -> Iterator[Component]:
    """What others wrote and the package ships: a component for each of them, one within it for each file."""
    for package in tomllib.loads((folder / "packages.toml").read_text("utf-8"))["package"]:
        group, _, name = package["name"].rpartition("/")
        files = [
            Component(
                name=file,
                type=ComponentType.FILE,
                bom_ref=f"file:{file}",
                hashes=[digest_of((folder / file).read_bytes())],
            )
            for file in package["files"]
        ]
        yield Component(
            name=name,
            group=group or None,
            version=package["version"],
            bom_ref=f"pkg:npm/{package['name'].replace('@', '%40')}@{package['version']}",
            purl=PackageURL("npm", group or None, name, package["version"]),
            scope=ComponentScope.OPTIONAL,
            licenses=[LicenseFactory().make_from_string(package["licence"])],
            properties=[Property(name="huimin:extra", value="platform")],
            components=files,
        )


def bill(lock: str, project: Mapping[str, Any], version: str, folder: Path, moment: datetime) -> Bom:
    """The bill of materials of this lock file and this folder of others' files."""
    every, vendored = pins(lock), list(shipped(folder))
    direct = [canonicalize_name(Requirement(line).name) for line in project["dependencies"]]
    names = [name for name in project["optional-dependencies"] if name != "all"]
    by_extra = {name: reached([*direct, *extras(project, name)], every) for name in names}
    core = reached(direct, every)
    components = [*(component(pin, core, by_extra) for pin in every), *vendored]
    root = Component(
        name=_ROOT_NAME,
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref=f"pkg:pypi/{_ROOT_NAME}@{version}",
        purl=PackageURL("pypi", None, _ROOT_NAME, version),
        description=project["description"],
        licenses=[LicenseFactory().make_from_string(project["license"])],
    )
    asks: dict[str, list[Dependency]] = {name: [] for name in [_ROOT_NAME, *(pin.name for pin in every)]}
    for one, pin in zip(components, every, strict=False):
        for name in pin.asked_by:
            asks.setdefault(name, []).append(Dependency(ref=one.bom_ref))
    asks[_ROOT_NAME] += [Dependency(ref=one.bom_ref) for one in vendored]
    depends = [Dependency(ref=root.bom_ref, dependencies=asks[_ROOT_NAME])]
    depends += [
        Dependency(ref=one.bom_ref, dependencies=asks[pin.name]) for one, pin in zip(components, every, strict=False)
    ]
    depends += [Dependency(ref=one.bom_ref) for one in vendored]
    serial = uuid.uuid5(_NAMESPACE, f"{version} {hashlib.sha256(lock.encode()).hexdigest()} {moment.isoformat()}")
    about = BomMetaData(component=root, timestamp=moment)
    return Bom(components=components, metadata=about, dependencies=depends, serial_number=serial)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Write the bill of materials.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--lock", type=Path, default=LOCK)
    options = parser.parse_args(arguments)
    epoch = (
        os.environ.get("SOURCE_DATE_EPOCH")
        or subprocess.run(
            ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
    )
    from huimin import __version__

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    try:
        found = bill(
            options.lock.read_text("utf-8"), project, __version__, VENDOR, datetime.fromtimestamp(int(epoch), UTC)
        )
    except UnreadableLockError as error:
        print(f"No bill of materials was written: {options.lock.name}: {error}", file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / f"huimin-{__version__}.cdx.json"
    path.write_text(JsonV1Dot6(found).output_as_string(indent=2) + "\n", "utf-8")
    bare = [one.name for one in found.components if not one.licenses]
    without = f"; without a licence, since not installed here: {', '.join(sorted(bare))}" if bare else ""
    print(f"{path}: {len(found.components)} components{without}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
