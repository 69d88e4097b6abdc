"""The resident's pages: the plan, who one is, policies and claims."""

from __future__ import annotations

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import plan_on_sale, terms_of
from huimin.platform.claims.selectors import claim_detail, claims_of_policies
from huimin.platform.enrolment.selectors import policies_of
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.foundation.selectors import all_cities
from huimin.platform.people.services import check_code, send_code
from huimin.platform.web.explaining import explanation_context
from huimin.platform.web.session import (
    CityRequest,
    city_page,
    resident_page,
    sign_in_resident,
    sign_out_resident,
)
from huimin.platform.web.templatetags.huimin import page_language
from huimin.terms import summarise

__all__ = ["cities", "claim", "claims", "code", "display", "help_page", "home", "identity", "leave", "plan", "policies"]


def cities(request: HttpRequest) -> HttpResponse:
    """The cities on this server; where there is one, its page."""
    found = all_cities()
    if len(found) == 1:
        return redirect("home", city_code=found[0].code)
    return render(request, "resident/cities.html", {"cities": found})


def plan_year_or_404(city: City) -> PlanYear:
    plan_year = plan_on_sale(city)
    if plan_year is None:
        raise Http404
    return plan_year


@city_page
def home(request: CityRequest) -> HttpResponse:
    plan_year = plan_year_or_404(request.city)
    day = today(request.city)
    context = {
        "words": summarise(terms_of(plan_year).plan, page_language()),
        "plan_year": plan_year,
        "window_open": plan_year.window_open(day),
        "days_left": (plan_year.window_last_day - day).days + 1,
    }
    return render(request, "resident/home.html", context)


@city_page
def plan(request: CityRequest) -> HttpResponse:
    plan_year = plan_year_or_404(request.city)
    words = summarise(terms_of(plan_year).plan, page_language())
    return render(request, "resident/plan.html", {"words": words, "plan_year": plan_year})


@city_page
def identity(request: CityRequest) -> HttpResponse:
    """Name and ID number; a code goes to the telephone in the register."""
    next_address = _safe_next(request)
    context = {"next": next_address, "name": "", "id_number": "", "fault": ""}
    if request.method == "POST":
        context |= {"name": request.POST.get("name", ""), "id_number": request.POST.get("id_number", "")}
        try:
            check = send_code(city=request.city, id_number=context["id_number"], name=context["name"])
        except HuiminError as error:
            context["fault"] = sentence(error)
        else:
            request.session["identity_check"] = check.pk
            request.session["identity_telephone"] = check.resident.telephone[-4:]
            request.session["identity_next"] = next_address
            return redirect("code", city_code=request.city.code)
    return render(request, "resident/identity.html", context)


@city_page
def code(request: CityRequest) -> HttpResponse:
    """The code that was sent."""
    check_id = request.session.get("identity_check")
    if check_id is None:
        return redirect("identity", city_code=request.city.code)
    fault = ""
    if request.method == "POST":
        try:
            resident = check_code(city=request.city, check_id=check_id, code=request.POST.get("code", ""))
        except HuiminError as error:
            fault = sentence(error)
        else:
            next_address = request.session.pop("identity_next")
            del request.session["identity_check"]
            sign_in_resident(request, resident)
            return redirect(next_address)
    return render(request, "resident/code.html", {"fault": fault, "last_digits": request.session["identity_telephone"]})


@city_page
@require_POST
def leave(request: CityRequest) -> HttpResponse:
    sign_out_resident(request)
    return redirect("home", city_code=request.city.code)


@resident_page
def policies(request: CityRequest) -> HttpResponse:
    found = policies_of(request.city, request.resident)
    return render(request, "resident/policies.html", {"policies": [(policy, qr(policy.number)) for policy in found]})


@resident_page
def claims(request: CityRequest) -> HttpResponse:
    found = policies_of(request.city, request.resident)
    rows = claims_of_policies(request.city, found)
    by_policy = {policy.pk: policy for policy in found}
    return render(request, "resident/claims.html", {"rows": [(row, by_policy[row.fact.policy_id]) for row in rows]})


@resident_page
def claim(request: CityRequest, setl_id: str) -> HttpResponse:
    """One bill: who pays what of it, and the steps. Only for who has or bought the policy."""
    detail = claim_detail(request.city, setl_id)
    if detail is None or request.resident.pk not in (detail.policy.insured_id, detail.policy.holder_id):
        raise Http404
    language = page_language()
    names = detail.terms.names(language)
    context = {"detail": detail, "changed": len({version.cause_id for version in detail.versions}) > 1}
    if detail.explanation is not None:
        context |= explanation_context(detail.explanation, names, language)
    return render(request, "resident/claim.html", context)


@city_page
def help_page(request: CityRequest) -> HttpResponse:
    words = summarise(terms_of(plan_year_or_404(request.city)).plan, page_language())
    return render(request, "resident/help.html", {"words": words})


@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Larger letters and back; the choice stays for a year."""
    address = request.POST.get("next", "/")
    allowed = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    response = redirect(address if allowed else "/")
    large = "0" if request.COOKIES.get("large") == "1" else "1"
    response.set_cookie("large", large, max_age=365 * 24 * 3600, samesite="Lax")
    return response


def sentence(error: HuiminError) -> str:
    """What a resident is told about an error, and how to mend it."""
    sentences = {
        "bad_identity_number": _("身份证号码有误，请逐位核对。"),
        "not_in_register": _("姓名与身份证号码不匹配，或不在本市基本医保参保名册中。请核对，或联系人工服务。"),
        "too_many_codes": _("验证码获取次数过多，请十分钟后再试。"),
        "wrong_code": _("验证码不正确，请重新输入。"),
        "code_expired": _("验证码已失效，请返回重新获取。"),
        "person_twice": _("同一人只需添加一次。"),
        "too_many_people": _("一次最多为十人投保。"),
        "terms_not_opened": _("请先打开并阅读保障内容。"),
        "payment_provider": _("支付机构暂未响应，请稍后再看。"),
        "window_closed": _("现在不在集中投保期内。"),
        "not_insured": _("基本医保当前未在参保状态。"),
        "other_basic_insurance": _("该基本医保类型不在本产品的投保范围内。"),
        "covered_already": _("已有本年度保单，无需重复投保。"),
    }
    return sentences.get(error.code, error.message)


def reason_sentence(reason: str) -> str:
    return sentence(HuiminError(reason, code=reason))


def qr(text: str) -> str:
    """A QR code as inline SVG."""
    return segno.make(text, error="m", micro=False).svg_inline(scale=3, border=1, omitsize=True)


def _safe_next(request: CityRequest) -> str:
    home_address = reverse("enrol", kwargs={"city_code": request.city.code})
    address = request.POST.get("next") or request.GET.get("next") or home_address
    inside = address.startswith(f"/{request.city.code}/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None
    )
    return address if inside else home_address
