"""Lists of cover years from older insurers: sending one, and what came of each."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huimin.errors import HuiminError
from huimin.platform.foundation.permissions import Action
from huimin.platform.renewal.api import EarlierFault, earlier_files, send_earlier_years
from huimin.platform.web.forms.base import posted
from huimin.platform.web.forms.staff import EarlierFileForm
from huimin.platform.web.session import CityRequest, staff_page

__all__ = ["earlier_years"]

_SHOWN = 200
_FIELDS = {
    "name": gettext_lazy("姓名"),
    "id_number": gettext_lazy("证件号码"),
    "plan": gettext_lazy("产品"),
    "first_day": gettext_lazy("保障起"),
    "last_day": gettext_lazy("保障止"),
    "claimed": gettext_lazy("是否理赔"),
}
_FAULTS = {
    "other_ending": gettext_lazy("文件类型不是 CSV 或 XLSX。"),
    "unreadable": gettext_lazy("文件无法读出，请用表格软件打开检查后另存为 XLSX 或 UTF-8 的 CSV。"),
    "no_rows": gettext_lazy("文件里没有人。"),
    "column_missing": gettext_lazy("缺少这一列。"),
    "column_twice": gettext_lazy("这一列出现了两次。"),
    "missing": gettext_lazy("没有填写。"),
    "number_wrong": gettext_lazy("校验位或出生日期不对，请逐位核对。"),
    "plan_too_long": gettext_lazy("超过 80 个字。"),
    "claimed_unknown": gettext_lazy("请填写“是”或“否”。"),
    "day_unreadable": gettext_lazy("日期无法读出，请写作 2022-01-31。"),
    "ends_before_it_begins": gettext_lazy("保障止早于保障起。"),
    "longer_than_a_year": gettext_lazy("超过一年，请每个年度写一行。"),
    "not_yet": gettext_lazy("保障还没有开始。"),
    "year_twice": gettext_lazy("同一人的同一年度在文件中重复。"),
    "not_in_register": gettext_lazy("姓名与号码不匹配，或不在本市基本医保参保名册中。"),
    "years_overlap": gettext_lazy("与已知的参保年度部分重叠，请核对起止日期。"),
}


@staff_page(Action.IMPORT_YEARS)
def earlier_years(request: CityRequest) -> HttpResponse:
    """Send a list with its source and date; below, the latest ones with every fault by row."""
    form = EarlierFileForm(posted(request), request.FILES if request.method == "POST" else None)
    if form.is_valid():
        sent = form.cleaned_data["file"]
        source, day = form.cleaned_data["source"], form.cleaned_data["source_day"]
        try:
            send_earlier_years(
                actor=request.actor, file_name=sent.name, data=sent.read(), source=source, source_day=day
            )
        except HuiminError as error:
            form.refuse(error, field="file")
        else:
            return redirect("earlier-years")
    files = [(one, [_said(fault) for fault in one.faults[:_SHOWN]]) for one in earlier_files(request.city)]
    context = {"form": form, "files": files}
    return render(request, "staff/earlier_years.html", context, status=422 if form.errors else 200)


def _said(fault: EarlierFault) -> tuple[str, str]:
    where = _("第 %(row)s 行") % {"row": fault.row} if fault.row else _("整个文件")
    column = str(_FIELDS.get(fault.field, ""))
    said = str(_FAULTS[fault.code])
    return (f"{where} · {column}" if column else where), f"“{fault.found}”：{said}" if fault.found else said
