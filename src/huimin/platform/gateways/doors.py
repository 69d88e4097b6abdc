"""The doors of this process: one to each party, made when it is first asked for, by the settings of the moment."""

from __future__ import annotations

from functools import lru_cache

from huimin.platform.foundation.keys import shared_key
from huimin.platform.gateways.door import Door
from huimin.platform.gateways.signing import Signer

__all__ = ["door_to"]


def door_to(party: str, address: str, *, request_key: str, answer_key: str) -> Door:
    """The door to a party at an address. The keys are given by their purposes (foundation/keys.py)."""
    return _door(party, address, Signer(shared_key(request_key), shared_key(answer_key)))


@lru_cache(maxsize=32)
def _door(party: str, address: str, signer: Signer) -> Door:
    return Door(party, address, signer)
