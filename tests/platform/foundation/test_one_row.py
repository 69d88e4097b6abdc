"""One row that no two share: found, not there, of another city, and asked for by values that several have."""

from __future__ import annotations

import pytest

from huimin.platform.foundation.models import City
from huimin.platform.pool.models import Insurer

pytestmark = pytest.mark.django_db


def test_one_row_is_of_its_city_or_there_is_none(city: City) -> None:
    other = City.objects.create(code="elsewhere", name_zh="别处", name_en="Elsewhere")
    for where in (city, other):
        Insurer.objects.create(city=where, code="one-row", name_zh=where.code, name_en=where.code)
    found = Insurer.objects.fetch_one(city, {"code": "one-row"}, lock=True)
    assert (found.city_id, found.name_zh) == (city.pk, city.code)
    assert Insurer.objects.fetch_one(city, {"code": "nobody"}) is None


def test_values_that_several_rows_have_ask_for_no_single_row(city: City) -> None:
    for code in ("first", "second"):
        Insurer.objects.create(city=city, code=code, name_zh="同名", name_en="The same")
    with pytest.raises(ValueError, match="too many values"):
        Insurer.objects.fetch_one(city, {"name_zh": "同名"})
