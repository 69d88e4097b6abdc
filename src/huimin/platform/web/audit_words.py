"""The words of the page of recent actions: what was done, by whom and to what, for each code of the audit."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huimin.platform.foundation.actors import ActorKind

__all__ = ["ACTION_WORDS", "ACTOR_WORDS", "SUBJECT_WORDS", "action_in_words", "actor_in_words", "subject_in_words"]

ACTION_WORDS = {
    "account_area_set": _("设定个人账户缴费规则"),
    "account_lines_decided": _("审核个人账户缴费"),
    "account_list_made": _("生成个人账户缴费清单"),
    "account_list_opened": _("查看个人账户缴费清单"),
    "account_transfer_received": _("个人账户划拨到账"),
    "account_debt_paid": _("付款人已补缴被剔除的保费"),
    "account_returns_sent": _("退回个人账户的保费已付给经办机构"),
    "account_transfer_recorded": _("登记个人账户划拨"),
    "account_transfer_returned": _("个人账户划拨被退回"),
    "areas_settled": _("统筹区之间已清算"),
    "payout_account_given": _("登记收款账户"),
    "window_extended": _("延长集中投保期"),
    "company_file_asked": _("要求取支付机构对账文件"),
    "day_closed": _("结束对账日"),
    "day_reconciled": _("支付对账"),
    "account_made": _("新建工作人员账号"),
    "approval_approved": _("同意提请"),
    "approval_outdated": _("提请已过时"),
    "approval_proposed": _("提请复核"),
    "approval_sent_back": _("退回提请"),
    "approval_withdrawn": _("撤回提请"),
    "books_check_asked": _("发起账实核对"),
    "books_checked": _("完成账实核对"),
    "case_given_back": _("挂起账单：退回队列"),
    "case_taken": _("挂起账单：领取"),
    "city_opened": _("开通城市"),
    "claim_viewed": _("查看理赔详情"),
    "cover_declined": _("婉拒免申即享"),
    "cover_granted": _("免申即享参保"),
    "contribution_recorded": _("登记资助资金到账"),
    "client_registered": _("登记接入系统"),
    "day_off_declared": _("公布休息日"),
    "demonstration_day_set": _("调整演示日期"),
    "figures_opened": _("查看统计"),
    "finding_asked_again": _("复核：请重发"),
    "finding_first_stands": _("复核：先收到的属实"),
    "finding_outdated": _("复核：金额已变"),
    "finding_refused": _("复核：不予理算"),
    "finding_released": _("复核：按原内容理算"),
    "finding_released_credited": _("复核：按原内容理算，医院已垫付"),
    "finding_second_stands": _("复核：后收到的属实"),
    "finding_sent_back": _("复核：退回初审"),
    "earlier_years_sent": _("上传以往参保年度名单"),
    "fund_opened": _("设立资助资金"),
    "insurer_registered": _("登记保险公司"),
    "medical_consent_given": _("同意家人查看理赔"),
    "medical_consent_withdrawn": _("撤回家人查看理赔的同意"),
    "moratorium_declared": _("公布顺延期"),
    "moratorium_taken_back": _("撤回顺延期"),
    "notice_contradiction": _("付款通知前后矛盾"),
    "notice_other_amount": _("付款金额与订单不符"),
    "notice_paid_again": _("重复付款"),
    "notice_unknown_payment": _("付款找不到订单"),
    "notice_unreadable": _("付款通知无法识别"),
    "payment_case_closed": _("来款案件已办结"),
    "old_sessions_removed": _("清理期满的投保过程记录"),
    "plan_year_published": _("发布产品年度"),
    "death_recorded": _("登记身故"),
    "policy_endorsed": _("保单批改"),
    "policy_request_done": _("保全事项：已处理"),
    "policy_request_granted": _("保全申请：已办理"),
    "policy_request_made": _("提出保全申请"),
    "policy_request_opened": _("查看保全申请"),
    "policy_request_refused": _("保全申请：不予办理"),
    "policy_withdrawn": _("保单退保"),
    "premium_owed_back": _("保费待退还"),
    "refund_tried_again": _("退款再次办理"),
    "renewal_consent_given": _("同意自动续保"),
    "renewal_consent_taken_back": _("收回自动续保同意"),
    "renewal_given_back": _("无凭据续保退款"),
    "renewal_proof_searched": _("查找续保同意凭据"),
    "renewal_telephones_opened": _("查看须告知续保的电话"),
    "renewal_told": _("登记续保告知"),
    "renewal_undone": _("取消自动续保"),
    "refunds_begun": _("发起应退款项（记录）"),
    "receipt_allocated": _("来款已对上订单"),
    "recalculation_requested": _("发起全年重算"),
    "resident_signed_in": _("参保人登录"),
    "review_asked_again": _("挂起账单：请重发"),
    "review_corrected": _("挂起账单：已更正并理算"),
    "review_decided_on_resend": _("挂起账单：重发后已理算"),
    "review_first_stands": _("挂起账单：先收到的属实"),
    "review_opened": _("查看挂起账单"),
    "review_refused": _("挂起账单：不予理算"),
    "review_released": _("挂起账单：按原内容理算"),
    "review_released_credited": _("挂起账单：按原内容理算，医院已垫付"),
    "review_second_stands": _("挂起账单：后收到的属实"),
    "reviews_searched": _("搜索挂起账单"),
    "role_given": _("授予角色"),
    "role_taken": _("收回角色"),
    "roster_in_force": _("资助名册版本生效"),
    "roster_opened": _("设立资助名册"),
    "roster_version_opened": _("查看名册版本"),
    "rounding_evened": _("结平月度尾差"),
    "second_person_above_set": _("调整须复核的金额"),
    "session_page_opened": _("回放投保页面"),
    "session_replayed": _("回放投保过程"),
    "sessions_searched": _("查找投保过程"),
    "roster_sent": _("上传资助名册"),
    "shares_set": _("设定共保份额"),
    "sponsor_opened": _("设立资助方"),
    "staff_sign_in_failed": _("工作人员登录失败"),
    "staff_signed_in": _("工作人员登录成功"),
    "study_cancelled": _("取消精算任务"),
    "study_requested": _("提交精算任务"),
    "task_cancelled": _("取消后台任务"),
    "task_retried": _("重试后台任务"),
    "bulk_file_accepted": _("确认批量参保文件"),
    "bulk_file_cancelled": _("取消批量参保文件"),
    "bulk_file_sent": _("上传批量参保文件"),
    "group_cover_agreed": _("同意由单位参保"),
    "group_cover_declined": _("不同意由单位参保"),
    "organisation_opened": _("登记参保单位"),
    "organisation_paid_in": _("单位缴款到账"),
    "organisation_paid_out": _("退还单位款项"),
    "cash_forgone": _("柜面订单未付款取消"),
    "cash_paid_out": _("退付现金"),
    "cash_taken": _("收取现金"),
    "counter_enrolled": _("柜面投保"),
    "counter_order_opened": _("查看柜面订单"),
    "counter_person_found": _("柜面查找参保人"),
    "counter_policy_printed": _("打印保单"),
    "till_banked": _("核对柜面现金到账"),
    "till_closed": _("清点柜面现金"),
    "worked_day_declared": _("公布上班日"),
    "was_it_you_meant": _("确认是本人投保"),
    "was_it_you_searched": _("查找老年人投保确认"),
    "was_it_you_undo": _("要求撤销投保"),
}
"""By the code in the audit. A test compares them with every code that the program writes."""

ACTOR_WORDS = {
    ActorKind.STAFF: _("工作人员"),
    ActorKind.RESIDENT: _("参保人"),
    ActorKind.CLIENT: _("接入系统"),
    ActorKind.PROVIDER: _("支付机构"),
    ActorKind.COMMAND: _("服务器命令"),
    ActorKind.QUEUE: _("任务队列"),
    ActorKind.DEMONSTRATION: _("演示数据"),
}

SUBJECT_WORDS = {
    "account_list": _("个人账户缴费清单"),
    "account_transfer": _("个人账户划拨"),
    "area": _("统筹区"),
    "area_settlement": _("统筹区清算"),
    "day": _("对账日"),
    "approval": _("审批"),
    "cash": _("柜面现金"),
    "till_closing": _("现金清点"),
    "bulk_file": _("批量参保文件"),
    "bulk_row": _("批量参保人员"),
    "organisation": _("参保单位"),
    "city": _("城市"),
    "fund": _("资助资金"),
    "message": _("收到的消息"),
    "notice": _("付款通知"),
    "order": _("订单"),
    "payment": _("付款"),
    "payment_case": _("来款案件"),
    "plan_year": _("产品年度"),
    "policy": _("保单"),
    "policy_request": _("保全申请"),
    "receipt": _("收款"),
    "refund": _("退款"),
    "resident": _("参保人"),
    "review": _("挂起账单"),
    "reviews": _("挂起账单列表"),
    "roster": _("资助名册"),
    "rounding": _("月度尾差"),
    "sales_session": _("投保过程"),
    "sessions": _("投保过程列表"),
    "settlement": _("结算"),
    "sponsor": _("资助方"),
    "staff": _("工作人员"),
    "task": _("任务"),
    "was_it_you": _("老年人投保确认"),
}
"""What an action was about: the first word of its subject."""


def action_in_words(code: str) -> str:
    """The words for a code. A code without words, from an older version, is shown as it is."""
    return str(ACTION_WORDS.get(code, code))


def actor_in_words(text: str) -> str:
    """`staff:12` as 工作人员 12. Other texts are shown as they are, except `unknown`."""
    if text == "unknown":
        return gettext("未知")
    kind, _colon, name = text.partition(":")
    word = ACTOR_WORDS.get(ActorKind(kind)) if kind in set(ActorKind) else None
    return text if word is None else f"{word} {name}".rstrip()


def subject_in_words(text: str) -> str:
    """`review:7` as 挂起账单 7. Other subjects, such as a day or a plan's name, are shown as they are."""
    kind, _colon, name = text.partition(":")
    word = SUBJECT_WORDS.get(kind)
    return text if word is None else f"{word} {name.replace(':', ' · ')}".rstrip()
