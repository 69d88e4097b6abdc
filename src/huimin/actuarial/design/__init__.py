"""Other terms than a plan's: what they cost, from which take-up on they carry themselves, whom they spare."""

from huimin.actuarial.design.searching import Point, Search, search
from huimin.actuarial.design.variants import Change, variant
from huimin.actuarial.design.welfare import Relief, relief

__all__ = ["Change", "Point", "Relief", "Search", "relief", "search", "variant"]
