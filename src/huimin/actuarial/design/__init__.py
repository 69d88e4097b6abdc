"""Other terms than a plan's own: what they cost, at which take-up they break even, and whom they protect."""

from huimin.actuarial.design.searching import Point, Search, search
from huimin.actuarial.design.variants import Change, variant
from huimin.actuarial.design.welfare import Relief, relief

__all__ = ["Change", "Point", "Relief", "Search", "relief", "search", "variant"]
