"""Makes the keys of one machine, for the embedded database."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

__all__ = ["ensure_keys"]


def ensure_keys(home: Path) -> None:
    """Make keys.json, readable by its owner only, unless it exists. Keys stay on the machine that made them."""
    path = home / "keys.json"
    if path.exists():
        return
    home.mkdir(parents=True, exist_ok=True)
    keys = {name: secrets.token_hex(32) for name in ("secret_key", "data_key", "payment_key")}
    path.touch(mode=0o600)
    path.write_text(json.dumps(keys, indent=2) + "\n", "utf-8")
