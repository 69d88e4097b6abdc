"""What the rest of the platform may use of `renewal`: nothing else of it is imported from outside."""

from __future__ import annotations

from huimin.platform.renewal.years.reading import YearsOfPerson, years_of_people

__all__ = ["YearsOfPerson", "years_of_people"]
