"""For the lead insurer's actuary: studies of price, renewal and other designs, on a synthetic city."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huimin.errors import HuiminError
from huimin.money import format_yuan
from huimin.platform.catalogue.api import terms_of
from huimin.platform.desk.api import (
    NUMBERS,
    Kind,
    StudyFacts,
    cancel_study,
    latest_studies,
    numbers_of,
    request_study,
    study_by_id,
    study_result,
)
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.web.days import page_language
from huimin.platform.web.downloads import excel_file
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.plans import CatalogueForm, StudyForm
from huimin.platform.web.sentences import error_sentence, task_sentence
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.views.resident import plan_year_or_404
from huimin.terms import plan_names, plan_texts

__all__ = ["cancel", "document", "result", "studies", "study", "workbook"]

_USUAL = {
    "people": "100000",
    "seed": "1",
    "trend": "6",
    "expenses": "8",
    "margin": "2",
    "insured": "1000000",
    "shock": "5",
    "price": "100",
    "take_up": "40",
    "years": "8",
    "target": "85",
    "selection": "0.25",
    "subsidy": "0",
    "account": "0",
    "designs": "200",
    "fixed": "0",
    "expected": "0",
}
_TRIANGLE = """period,0,1,2,3
2022-03,412000,655000,700000,708000
2022-04,388000,640000,684000
2022-05,431000,702000
2022-06,405000
"""
"""An invented triangle as an example of the expected form."""


def _kinds() -> list[tuple[str, str, str]]:
    return [
        (Kind.PRICE, _("定价"), _("这份条款的成本、每一条的成本、人群之间的补贴，以及差年景可能赔多少")),
        (Kind.RENEW, _("续保推演"), _("谁会参保、谁会留下，下一年的价格，会不会进入死亡螺旋")),
        (Kind.DESIGN, _("方案前沿"), _("改变免赔额、比例、限额和价格，看哪些方案更好；每个方案都是一份条款文件")),
        (Kind.LOOKBACK, _("精算回溯"), _("本市本年度的实际与预期、准备金、赔付率与理算赔付率；预期值来自合成城市")),
        (Kind.RESERVE, _("准备金"), _("粘贴自己的赔付三角形：链梯法及 Mack 标准误、B-F 法、预期损失法")),
        (Kind.CITY, _("合成城市"), _("试算用的城市有多接近真实：与公开数据对照，列出每个参数的来源和可信程度")),
    ]


def _labels() -> dict[str, str]:
    return {
        "people": _("合成城市人数"),
        "seed": _("随机种子"),
        "trend": _("费用趋势（%）"),
        "expenses": _("费用占保费（%）"),
        "margin": _("利润占保费（%）"),
        "insured": _("参保人数"),
        "shock": _("共同冲击（%）"),
        "price": _("首年价格（元）"),
        "take_up": _("首年参保率（%）"),
        "years": _("年数"),
        "target": _("目标赔付率（%）"),
        "selection": _("选择强度（正为逆选择）"),
        "subsidy": _("每人补贴（元）"),
        "account": _("个人账户可支付（1 是，0 否）"),
        "designs": _("方案个数"),
        "fixed": _("固定费用（元/年）"),
        "expected": _("每个发生期的预期赔付（元，0 表示不用）"),
    }


@staff_page(Action.STUDY)
def studies(request: CityRequest) -> HttpResponse:
    """The latest studies, and the form for a new one. `?kind=` chooses its kind, `?plan=` a plan of the catalogue."""
    plan_year = plan_year_or_404(request.city)
    kind = request.GET.get("kind", "")
    kind = kind if kind in NUMBERS else Kind.PRICE
    name = request.GET.get("plan", "")
    text, sources = plan_texts(name) if name in plan_names() else (plan_year.plan_text, plan_year.sources_text)
    opened = {**_USUAL, "text": text, "sources": sources, "triangle": _TRIANGLE}
    price = terms_of(plan_year).plan.premium.fen
    if price is not None:
        opened["price"] = format_yuan(price)
    labels = _labels()
    form = StudyForm(
        posted(request),
        initial=opened,
        labels={one: labels[one] for one in numbers_of(kind)},
        triangle=kind == Kind.RESERVE,
    )
    found = _ask(request, kind, form) if form.is_valid() else None
    if found is not None:
        return redirect("study", study_id=found)
    plans = [("", _("本市在售的条款")), *((one, one) for one in plan_names())]
    catalogue = CatalogueForm(initial={"plan": name}, plans=plans, label=_("换一份目录中的条款"))
    context: dict[str, Any] = {"form": form, "numbers": [form[one] for one in form.labels], "catalogue": catalogue}
    context |= {"kind": kind, "kinds": _kinds(), "chosen": name}
    context["list"] = latest_studies(request.city, page_number(request.GET.get("page")))
    context["rows"] = _titled(context["list"])
    return render(request, "staff/studies.html", context)


def _ask(request: CityRequest, kind: str, form: StudyForm) -> int | None:
    """The new study's id; None where the service refused it. The form then says why."""
    given = form.cleaned_data
    try:
        return request_study(
            actor=request.actor,
            kind=kind,
            plan_text=given["text"],
            sources_text=given["sources"],
            triangle_text=given.get("triangle", ""),
            numbers={name: given[name] for name in form.labels},
        )
    except HuiminError as error:
        _refuse(form, error)
    return None


def _refuse(form: StudyForm, error: HuiminError) -> None:
    """Put the field's label before the sentence about a number: the summary stands far from the field."""
    field = error.values.get("field", "")
    if field in form.labels:
        said = {"label": form.labels[field], "sentence": error_sentence(error)}
        form.add_error(field, _("%(label)s：%(sentence)s") % said)
    else:
        form.refuse(error, field="triangle")


@staff_page(Action.STUDY)
def study(request: CityRequest, study_id: int) -> HttpResponse:
    """The progress of a study; once it is done, links to its result."""
    found = _found(request, study_id)
    labels = _labels()
    asked = [(labels["people"], f"{found.people:,}"), (labels["seed"], str(found.seed))] if found.people else []
    asked += [(labels[name], f"{value:,.10g}") for name, value in found.numbers.items()]
    title = next(title for kind, title, _said in _kinds() if kind == found.kind)
    context = {"found": found, "asked": asked, "title": title, "said": task_sentence(found.task)}
    context["workbooks"] = study_result(request.city, found.id).workbooks
    return render(request, "staff/study.html", context)


@staff_page(Action.STUDY)
def result(request: CityRequest, study_id: int) -> HttpResponse:
    found = _found(request, study_id)
    page = study_result(request.city, found.id).pages.get(page_language())
    if page is None:
        raise Http404
    return HttpResponse(page)


@staff_page(Action.STUDY)
def document(request: CityRequest, study_id: int) -> HttpResponse:
    found = _found(request, study_id)
    said = study_result(request.city, found.id).document
    if said is None:
        raise Http404
    response = JsonResponse(said, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{found.kind}-{found.id}.json"'
    return response


@staff_page(Action.STUDY)
def workbook(request: CityRequest, study_id: int) -> HttpResponse:
    found = _found(request, study_id)
    book = study_result(request.city, found.id).workbooks.get(page_language())
    if book is None:
        raise Http404
    return excel_file(b64decode(book), f"{found.kind}-{found.id}.xlsx")


@staff_page(Action.STUDY)
def cancel(request: CityRequest, study_id: int) -> HttpResponse:
    found = _found(request, study_id)
    if request.method == "POST":
        cancel_study(actor=request.actor, study_id=found.id)
    return redirect("study", study_id=found.id)


def _found(request: CityRequest, study_id: int) -> StudyFacts:
    found = study_by_id(request.city, study_id)
    if found is None:
        raise Http404
    return found


def _titled(rows: Iterable[StudyFacts]) -> list[tuple[str, StudyFacts]]:
    titles = {kind: title for kind, title, _said in _kinds()}
    return [(titles[row.kind], row) for row in rows]
