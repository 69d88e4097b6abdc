"""Words for the kinds of work in the queue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

__all__ = ["KIND_WORDS", "kind_in_words"]

KIND_WORDS = {
    "message": gettext_lazy("验证码短信"),
    "notice": gettext_lazy("通知短信"),
    "ask_was_it_you": gettext_lazy("老年人投保确认"),
    "undo_enrolment": gettext_lazy("撤销老年人投保"),
    "pay_back": gettext_lazy("退款"),
    "pay_claims": gettext_lazy("生成赔款支付"),
    "send_payout": gettext_lazy("向银行发起赔款支付"),
    "fetch_settlements": gettext_lazy("快速理赔：向医保部门查询结算"),
    "due_payouts": gettext_lazy("到期发起赔款支付"),
    "hospital_statements": gettext_lazy("生成医疗机构结算单"),
    "pay_hospitals": gettext_lazy("支付医疗机构结算款"),
    "remind_people": gettext_lazy("提醒答复单位参保"),
    "settle_overpayments": gettext_lazy("核对多付赔款"),
    "remind_of_overpayments": gettext_lazy("提醒退还多付赔款"),
    "bank_statement": gettext_lazy("取银行对账单并核对"),
    "ask_agreement": gettext_lazy("查询代扣签约结果"),
    "end_agreement": gettext_lazy("解除代扣协议"),
    "issue_invoice": gettext_lazy("开具电子发票"),
    "after_refund": gettext_lazy("退款后核对发票"),
    "sweep_invoices": gettext_lazy("每晚核对发票与退款"),
    "confirm_id_number": gettext_lazy("核对新生儿身份证号"),
    "study": gettext_lazy("精算试算"),
    "recalculation": gettext_lazy("全年重算"),
    "even_out": gettext_lazy("每月结平取整差额"),
    "check_books": gettext_lazy("账实核对"),
    "ask_bureau": gettext_lazy("向医保局核实参保人"),
    "remove_old_sessions": gettext_lazy("删除到期的投保过程记录"),
    "means_moved": gettext_lazy("订单各项付款到位"),
    "complete_order": gettext_lazy("订单完成出单"),
    "notice_taken": gettext_lazy("收到付款，出单"),
    "grant_cover": gettext_lazy("免申即享参保"),
    "announce_renewals": gettext_lazy("预告自动续保"),
    "begin_renewals": gettext_lazy("到期办理自动续保"),
    "check_proofs": gettext_lazy("核对续保同意凭据"),
    "renew_one": gettext_lazy("自动续保"),
    "read_earlier": gettext_lazy("读取以往参保年度名单"),
    "count_years": gettext_lazy("重新计算参保年限"),
    "finish_grants": gettext_lazy("免申即享出单"),
    "read_roster": gettext_lazy("读取资助名册"),
    "check_bulk": gettext_lazy("批量参保：核对名单"),
    "enrol_bulk": gettext_lazy("批量参保：办理"),
    "ask_people": gettext_lazy("批量参保：征求同意"),
    "account_balance": gettext_lazy("查询个人账户余额"),
    "account_hold": gettext_lazy("冻结个人账户款项"),
    "account_charge": gettext_lazy("个人账户扣款"),
    "account_release": gettext_lazy("个人账户解冻"),
    "account_lists": gettext_lazy("生成个人账户缴费清单"),
    "reconcile": gettext_lazy("支付对账"),
    "check_cases": gettext_lazy("核对挂起账单队列"),
    "draw_sample": gettext_lazy("抽取自动理算的账单"),
    "recount_deadlines": gettext_lazy("重算办理期限"),
}


def kind_in_words(kind: str) -> str:
    return str(KIND_WORDS.get(kind, kind))
