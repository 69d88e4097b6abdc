"""Huimin (惠民): runs a Chinese city's supplementary medical insurance, from its terms to its last claim."""

__version__ = "0.2.0"
