"""The `type` of a problem document is an address that exists: a page that explains the code, in both languages."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.test import Client

from huimin.error_catalogue import error_catalogue
from huimin.platform.api.problems import problem
from huimin.platform.foundation.models import City
from huimin.platform.web.templatetags.huimin import typed


@pytest.mark.parametrize("code", ["bad_signature", "uncovered_date", "database_busy", "unavailable"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_type_of_a_problem_leads_to_a_page_that_says_what_to_do(city: City, code: str, language: str) -> None:
    address = json.loads(problem(code, "found something").content)["type"]
    page = Client(HTTP_ACCEPT_LANGUAGE=language).get(address)
    sentence, mend = error_catalogue()[code].words(language)
    assert page.status_code == 200
    words = unescape(re.sub(r"</?code>", "`", page.content.decode()))
    assert sentence in words
    assert mend in words


def test_the_list_of_problems_leads_to_every_one(city: City) -> None:
    listed = Client().get("/problems/").content.decode()
    assert [code for code in error_catalogue() if f'href="/problems/{code}"' not in listed] == []


def test_a_code_that_nobody_gives_has_no_page(city: City) -> None:
    assert Client().get("/problems/no_such_code").status_code == 404


def test_the_status_of_a_problem_is_the_one_in_the_catalogue() -> None:
    assert problem("unknown_member", "").status_code == 404
    assert problem("uncovered_date", "").status_code == 422


def test_what_is_to_be_typed_is_marked_as_such_and_nothing_of_it_is_taken_for_html() -> None:
    assert typed("See `huimin errors` & <b>.") == "See <code>huimin errors</code> &amp; &lt;b&gt;."
