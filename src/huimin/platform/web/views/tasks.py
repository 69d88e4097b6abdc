"""The administrator's page of the queue: what waits, what is being done, what failed, and the buttons for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huimin.errors import HuiminError
from huimin.platform.foundation.paging import page_number
from huimin.platform.foundation.permissions import Action
from huimin.platform.tasks.api import Task, View, cancel_task, counts, retry_task, tasks
from huimin.platform.web.forms.staff import WorkForm
from huimin.platform.web.sentences import sentence
from huimin.platform.web.session import CityRequest, staff_page
from huimin.platform.web.task_words import KIND_WORDS, kind_in_words

__all__ = ["cancel", "failed_messages", "queue", "retry"]

_REASONS = {
    "names_nobody": gettext_lazy("收件人不在名册中"),
    "unreadable": gettext_lazy("内容无法识别"),
    "not_received": gettext_lazy("网关已接收，但没有送达手机"),
    "unknown_topic": gettext_lazy("没有可接收此类消息的一方"),
}


@staff_page(Action.SEE_TASKS)
def queue(request: CityRequest) -> HttpResponse:
    """`?view=` chooses those that failed, are open, done or cancelled; `?kind=` one kind of work."""
    asked, form = request.GET.get("view", ""), WorkForm(request.GET, kinds=KIND_WORDS.items())
    kind = form.cleaned_data.get("kind", "") if form.is_valid() else ""
    numbers = counts(request.city)
    view = View(asked) if asked in set(View) else (View.FAILED if numbers[View.FAILED] else View.OPEN)
    found = tasks(request.city, view, page_number(request.GET.get("page")), kind)
    context: dict[str, Any] = {
        "list": found,
        "rows": [(task, kind_in_words(task.kind), _reason(task)) for task in found],
        "view": view.value,
        "views": [(one.value, _view_words()[one], numbers[one]) for one in View],
        "form": form,
    }
    return render(request, "staff/tasks.html", context)


@staff_page(Action.SEE_TASKS)
def failed_messages(request: CityRequest) -> HttpResponse:
    """The old address of the page of undelivered messages, from before there was one page for all work."""
    return redirect(f"{reverse('tasks')}?view={View.FAILED.value}")


@staff_page(Action.RETRY_TASK)
@require_POST
def retry(request: CityRequest, task_id: int) -> HttpResponse:
    try:
        retry_task(actor=request.actor, task_id=task_id)
    except HuiminError:
        messages.error(request, _("这一件已经处理过了。"))
    else:
        messages.success(request, _("已重新排队。"))
    return redirect("tasks")


@staff_page(Action.CANCEL_TASK)
@require_POST
def cancel(request: CityRequest, task_id: int) -> HttpResponse:
    try:
        cancel_task(actor=request.actor, task_id=task_id)
    except HuiminError as error:
        kept = sentence(error.code, {}) if error.code == "task_is_kept" else ""
        messages.error(request, kept or _("这一件已经结束，不能取消。"))
    else:
        messages.success(request, _("已取消。"))
    return redirect("tasks")


def _view_words() -> dict[View, str]:
    return {View.FAILED: _("未能完成"), View.OPEN: _("未结束"), View.DONE: _("已完成"), View.CANCELLED: _("已取消")}


def _reason(task: Task) -> str:
    """Why the last attempt failed, in words. A code that the party itself gave is shown as it is."""
    code = task.fault_code
    if not code:
        return ""
    if code.startswith("refused_"):
        return _("网关没有接收（%(code)s）") % {"code": code.removeprefix("refused_")}
    if code.startswith("unclear_"):
        return _("不知道网关是否收到（%(code)s）") % {"code": code.removeprefix("unclear_")}
    return str(_REASONS.get(code) or sentence(code, task.fault_values or {}))
