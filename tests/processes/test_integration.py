"""Whoever has the documents alone connects a hospital and a channel: each of their blocks meets a real server."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from documents.blocks import ROOT, run, without_settings
from served import Server, served

pytestmark = pytest.mark.slow

WITHOUT = [name for name in ("curl", "openssl") if shutil.which(name) is None]
needs_curl = pytest.mark.skipif(bool(WITHOUT), reason=f"{WITHOUT} is not installed: what is typed with it is not tried")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("integration")) as server:
        yield server


def environment(server: Server) -> dict[str, str]:
    """What `huimin` is told of this server: the documents' commands would take the default port."""
    address = f"http://127.0.0.1:{server.port}"
    return {"HUIMIN_HOME": str(server.home), "DATABASE_URL": "", "HUIMIN_PUBLIC_ADDRESS": address}


def keys(server: Server, client: str) -> dict[str, str]:
    command = [sys.executable, "-m", "huimin.cli", "keys", "demonstration", client]
    done = subprocess.run(
        command, env={**without_settings(), **environment(server)}, capture_output=True, text=True, check=True
    )
    return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)


@needs_curl
def test_the_guide_for_hospitals_is_followed_from_the_first_block_to_the_last(server: Server, tmp_path: Path) -> None:
    assert run(ROOT / "docs/how-to/hospital.md", tmp_path, environment(server)) == 9


def test_the_guide_for_channels_is_followed_from_the_first_block_to_the_last(server: Server, tmp_path: Path) -> None:
    assert run(ROOT / "docs/how-to/channel.md", tmp_path, keys(server, "channel-1")) == 6


def test_the_python_client_of_the_examples_prints_what_the_plan_pays(server: Server, tmp_path: Path) -> None:
    examples = ROOT / "examples"
    bill = json.loads((examples / "bill.json").read_text("utf-8"))
    sent = tmp_path / "bill.json"
    command = [sys.executable, str(examples / "hospital.py"), str(sent)]
    sent.write_text(json.dumps({**bill, "setl_id": "PYTHON-1", "psn_no": "P00002690"}))
    assert _typed(command, keys(server, "hospital-2")) == "69025.20\n"
    sent.write_text(json.dumps({**bill, "setl_id": "PYTHON-2", "psn_no": "nobody"}))
    assert _typed(command, keys(server, "hospital-2")) == "unknown_member: no policy has this psn_no\n"
    lines = (examples / "hospital.py").read_text("utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= 34


@needs_curl
def test_the_guide_and_the_examples_show_one_program(server: Server) -> None:
    guide = (ROOT / "docs/how-to/hospital.md").read_text("utf-8")
    program = (ROOT / "examples/settle.sh").read_text("utf-8").partition("set -eu\n")[2]
    assert program in guide
    assert (ROOT / "examples/bill.json").read_text("utf-8") in guide


def _typed(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, env={**without_settings(), **environment}, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout
