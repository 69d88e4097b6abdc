"""No box is ticked and no choice made for anybody: in no form, no template, and no page before paying."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from django import forms as django_forms

from huimin.platform.foundation.models import City
from huimin.platform.web import forms
from huimin.platform.web.forms.base import PageForm
from platform_support import resident, signed_in

WEB = Path(forms.__file__).parents[1]
TICKED = re.compile(r"<(?:input|option)\b[^>]*?(?:[\s}](?:checked|selected)(?=[\s>={/]))[^>]*>", re.S)


def every_form() -> list[type[PageForm]]:
    for found in iter_modules(forms.__path__):
        import_module(f"{forms.__name__}.{found.name}")
    return PageForm.__subclasses__()


def test_the_pattern_finds_a_ticked_box_and_leaves_an_empty_one() -> None:
    assert TICKED.search('<input type="checkbox" name="renew" checked>')
    assert TICKED.search('<input checked="checked" type="checkbox">')
    assert TICKED.search('<input type="checkbox" {% if so %}checked{% endif %}>')
    assert not TICKED.search('<input type="checkbox" name="checked">')


@pytest.mark.parametrize("form", every_form(), ids=lambda form: form.__name__)
def test_no_box_of_a_form_begins_ticked_and_no_radio_chosen(form: type[PageForm]) -> None:
    for name, field in form.base_fields.items():
        if isinstance(field, django_forms.BooleanField):
            assert not field.initial, name
            assert "checked" not in field.widget.attrs, name
        if isinstance(field.widget, django_forms.RadioSelect):
            assert field.initial is None, name


@pytest.mark.parametrize("path", sorted(WEB.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_ticks_a_box(path: Path) -> None:
    """What staff have ticked themselves may come back with a fault beside it: nothing of that is shown to residents."""
    for found in TICKED.finditer(path.read_text("utf-8")):
        own = path.parent.name == "staff" and "in chosen %}" in found.group(0)
        assert "<option" in found.group(0) or own, found


def test_no_page_before_paying_is_sent_with_a_ticked_box(city: City) -> None:
    browser = signed_in(resident(city))
    for address in ("enrol/", "enrol/terms/", "enrol/key-terms/", "enrol/pay/"):
        page = browser.get(f"/{city.code}/{address}", follow=True).content.decode()
        boxes = [one for one in re.findall(r"<input\b[^>]*>", page) if 'type="checkbox"' in one or "radio" in one]
        assert not [box for box in boxes if TICKED.search(box)], address
        assert ("consent" in page) is (address == "enrol/pay/")
