"""Addresses of the pages. A city's pages stand under its code; staff pages take the city from the role."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from huimin.platform.web.accounts import account_urls
from huimin.platform.web.keeping import kept_addresses
from huimin.platform.web.views import (
    approvals,
    calculator,
    designer,
    desk,
    disclosing,
    enrolling,
    family,
    orders,
    payment_cases,
    problems,
    recalculation,
    refunds,
    replay,
    resident,
    reviews,
    staff,
    tasks,
)

staff_urls: list[URLPattern | URLResolver] = [
    path("", staff.door, name="staff"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:review_id>/", reviews.review, name="review"),
    path("reviews/<int:review_id>/take/", reviews.review_take, name="review-take"),
    path("reviews/<int:review_id>/give-back/", reviews.review_give_back, name="review-give-back"),
    path("payments/", payment_cases.payment_cases, name="payment-cases"),
    path("payments/<int:case_id>/close/", payment_cases.payment_case_close, name="payment-case-close"),
    path("refunds/", refunds.refunds, name="refunds"),
    path("refunds/begin/", refunds.begin, name="refunds-begin"),
    path("refunds/<int:refund_id>/", refunds.refund, name="refund"),
    path("sessions/", replay.sessions, name="sessions"),
    path("sessions/<slug:session>/", replay.session, name="session"),
    path("sessions/<slug:session>/<int:moment_id>/", replay.moment, name="session-moment"),
    path("sessions/<slug:session>/<int:moment_id>/page/", replay.page, name="session-page"),
    path("insurer/", staff.insurer, name="insurer"),
    path("recalculations/", recalculation.recalculations, name="recalculations"),
    path("recalculations/<int:recalculation_id>/", recalculation.one, name="recalculation"),
    path("desk/", desk.studies, name="studies"),
    path("desk/<int:study_id>/", desk.study, name="study"),
    path("desk/<int:study_id>/result/", desk.result, name="study-result"),
    path("desk/<int:study_id>/document/", desk.document, name="study-document"),
    path("desk/<int:study_id>/workbook/", desk.workbook, name="study-workbook"),
    path("desk/<int:study_id>/cancel/", desk.cancel, name="study-cancel"),
    path("bureau/", staff.bureau, name="bureau"),
    path("administration/", staff.administration, name="administration"),
    path("administration/calendar/", staff.calendar, name="calendar"),
    path("designer/", designer.designer, name="designer"),
    path("administration/messages/", tasks.failed_messages, name="failed-messages"),
    path("administration/tasks/", tasks.queue, name="tasks"),
    path("administration/tasks/<int:task_id>/retry/", tasks.retry, name="task-retry"),
    path("administration/tasks/<int:task_id>/cancel/", tasks.cancel, name="task-cancel"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:approval_id>/", approvals.approval, name="approval"),
    path("administration/verify/", staff.verify, name="verify"),
    path("accounts/", include(account_urls)),
]

city_urls: list[URLPattern | URLResolver] = [
    path("", resident.home, name="home"),
    path("plan/", resident.plan, name="plan"),
    path("help/", resident.help_page, name="help"),
    path("calculator/", calculator.calculator, name="calculator"),
    path("identity/", resident.identity, name="identity"),
    path("identity/code/", resident.code, name="code"),
    path("identity/leave/", resident.leave, name="leave"),
    path("enrol/", enrolling.who, name="enrol"),
    path("enrol/add/", enrolling.add, name="enrol-add"),
    path("enrol/remove/<int:resident_id>/", enrolling.remove, name="enrol-remove"),
    path("enrol/edition/<int:resident_id>/", enrolling.edition, name="enrol-edition"),
    path("enrol/terms/", enrolling.terms, name="enrol-terms"),
    path("enrol/key-terms/", disclosing.key_terms_page, name="enrol-key-terms"),
    path("enrol/advice/<int:resident_id>/", disclosing.advice, name="enrol-advice"),
    path("enrol/pay/", enrolling.pay, name="enrol-pay"),
    path("orders/<str:reference>/", orders.order, name="order"),
    path("orders/<str:reference>/status/", orders.order_status, name="order-status"),
    path("policies/", resident.policies, name="policies"),
    path("claims/", resident.claims, name="claims"),
    path("family/", family.family, name="family"),
    path("family/consent/<int:policy_id>/", family.consent, name="family-consent"),
    path("family/withdraw/<int:resident_id>/", family.withdraw, name="family-withdraw"),
    path("claims/<int:fact_id>/", resident.claim, name="claim"),
]

kept_addresses(city_urls)

urlpatterns = [
    path("", resident.cities, name="cities"),
    path("display/", resident.display, name="display"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("problems/", problems.problem_types, name="problems"),
    path("problems/<slug:code>", problems.problem_type, name="problem"),
    path("staff/", include(staff_urls)),
    path("<slug:city_code>/", include(city_urls)),
]
