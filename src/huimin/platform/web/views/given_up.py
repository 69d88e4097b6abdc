"""The administrator's page of messages that could not be delivered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.foundation.leaving import given_up, send_again
from huimin.platform.foundation.models import Role
from huimin.platform.foundation.paging import page_number
from huimin.platform.web.session import CityRequest, staff_page

__all__ = ["again", "given_up_messages"]


def _reason(failure: str) -> str:
    """The reason of a failure in words; an unknown code of the gateway is shown as it is."""
    words = {
        "names_nobody": _("收件人不在名册中"),
        "unreadable": _("内容无法读出"),
        "unknown_topic": _("没有可接收此类消息的一方"),
    }
    return words.get(failure) or _("网关没有接收（%(code)s）") % {"code": failure.removeprefix("refused_")}


@staff_page(Role.ADMINISTRATOR)
def given_up_messages(request: CityRequest) -> HttpResponse:
    rows = given_up(request.city, page_number(request.GET.get("page")))
    shown = [(message, _reason(message.failure)) for message in rows]
    return render(request, "staff/given_up.html", {"rows": rows, "shown": shown})


@staff_page(Role.ADMINISTRATOR)
@require_POST
def again(request: CityRequest, message_id: int) -> HttpResponse:
    try:
        send_again(city=request.city, message_id=message_id, actor=f"staff:{request.user.pk}")
    except HuiminError:
        messages.error(request, _("这条消息已经处理过了。"))
    else:
        messages.success(request, _("已重新排队发送。"))
    return redirect("given-up")
