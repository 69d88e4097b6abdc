"""Words for codes that the core and the national interface know: field names and reasons, in the page's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

__all__ = ["AMOUNT_WORDS", "FIELD_WORDS", "FINDING_WORDS", "OUTCOME_WORDS", "QUANTITY_WORDS", "REASON_WORDS"]

FINDING_WORDS = {
    "released": _("挂起原因已核实，按原内容理算"),
    "second_stands": _("后收到的内容属实，以它为准"),
    "first_stands": _("先收到的内容属实，维持原结论"),
    "asked_again": _("请发送方更正后重发"),
    "refused": _("不予理算，关闭"),
    "sent_back": _("退回初审"),
}
"""What a person may find of a held bill."""

OUTCOME_WORDS = {
    **FINDING_WORDS,
    "corrected": _("已更正并理算"),
    "decided_on_resend": _("发送方重发后已理算"),
}
"""How a held bill left the queue."""

FIELD_WORDS = {
    "setl_id": _("结算号"),
    "psn_no": _("人员编号"),
    "setl_time": _("结算时间"),
    "med_type": _("医疗类别"),
    "begndate": _("入院日期"),
    "enddate": _("出院日期"),
    "reverses": _("冲销的结算号"),
    "fixmedins_code": _("医疗机构代码"),
    "hosp_lv": _("医院等级"),
    "place": _("就医地"),
    "ward": _("病房类别"),
    "insu_settled": _("是否经基本医保结算"),
    "accident": _("是否意外伤害"),
    "diag_codes": _("诊断代码"),
    "items": _("费用明细"),
}

AMOUNT_WORDS = {
    "medfee_sumamt": _("医疗费总额"),
    "fulamt_ownpay_amt": _("全自费"),
    "overlmt_selfpay": _("超限价"),
    "preselfpay_amt": _("先行自付"),
    "inscp_scp_amt": _("符合政策范围"),
    "fund_pay_sumamt": _("基金支付总额"),
    "hifp_pay": _("统筹基金"),
    "cvlserv_pay": _("公务员补助"),
    "hifob_pay": _("职工大额"),
    "hifmi_pay": _("居民大病"),
    "maf_pay": _("医疗救助"),
    "hifes_pay": _("企业补充"),
    "oth_pay": _("其他基金"),
    "hosp_part_amt": _("医院承担"),
    "psn_part_amt": _("个人负担总额"),
    "acct_pay": _("个人账户"),
    "psn_cash_pay": _("个人现金"),
    "acct_mulaid_pay": _("账户共济"),
    "mutual_aid_pay": _("工会互助"),
    "charity_pay": _("慈善援助"),
    "other_insu_pay": _("其他商业保险"),
}

QUANTITY_WORDS = {
    "total": _("医疗费总额"),
    "out_of_list": _("全自费"),
    "over_limit": _("超限价"),
    "first_self_pay": _("先行自付"),
    "in_policy": _("符合政策范围"),
    "funds": _("基金支付总额"),
    "personal": _("个人负担总额"),
    "self_funded": _("个人自费"),
    "self_paid": _("个人自付"),
    "edition": _("投保版本"),
    "basic_insurance": _("基本医保"),
    "age": _("年龄"),
    "pre_existing_group": _("参保前已有的疾病"),
    "disease": _("本次就诊的疾病"),
    "hospital_list": _("就诊的医院"),
    "hospital_level": _("医院等级"),
    "settled_by_basic_insurance": _("是否经基本医保结算"),
    "paid_before": _("此前已赔付"),
    "cell": _("单元格"),
}
"""Quantities and facts that terms name."""

REASON_WORDS = {
    "unbalanced_scope": _("费用四部分之和不等于总额"),
    "unbalanced_total": _("基金与个人之和不等于总额"),
    "unbalanced_funds": _("各基金之和不等于基金支付总额"),
    "unbalanced_personal": _("账户与现金之和不等于个人负担"),
    "self_funded_above_personal": _("全自费大于个人负担"),
    "other_payers_above_personal": _("其他各方支付大于个人负担"),
    "missing_date": _("缺少入院或出院日期"),
    "negative_amount": _("有负数金额"),
    "bad_amount": _("金额无法读出"),
    "bad_date": _("日期无法读出"),
    "missing_amount": _("缺少必要金额"),
    "missing_med_type": _("缺少医疗类别"),
    "unknown_member": _("没有此人的保单"),
    "uncovered_date": _("不在保障期间内"),
    "unknown_terms": _("条款未载明，需人工判断"),
    "missing_fact": _("缺少条款所问的信息"),
    "missing_items": _("缺少费用明细"),
    "bad_care": _("就医信息无法读出"),
    "settlement_in_future": _("结算日期在今天以后"),
    "conflicting_duplicate": _("同一结算号内容不同"),
    "already_reversed": _("该账单已被冲销"),
    "reverses_reversal": _("冲销了一笔冲销"),
    "reverses_other_member": _("冲销了他人的账单"),
    "thin_data": _("数据太少，得不出可靠的结果"),
    "few_people": _("人数太少，得不出可靠的结果"),
    "bad_triangle": _("三角形无法读出：首行应为标题，每行一个发生期，逐行少一个金额"),
    "holes": _("三角形中间缺少金额"),
    "unknown_ages": _("有人没有出生日期或性别，算不出分组价格"),
    "too_much": _("人数或方案数超过上限"),
    "never_pays": _("没有一笔损失超过免赔额，无从估计赔付"),
    "no_losses": _("没有损失可供估计"),
    "negative_loss": _("损失金额应大于 0"),
    "bad_loading": _("费用与利润合计应小于保费的 100%"),
    "bad_search": _("搜索条件超出范围"),
    "bad_portfolio": _("参保人数或冲击超出范围"),
    "no_premium": _("没有保费可供分摊"),
    "empty_history": _("没有参保人可供回溯"),
    "nothing_on_sale": _("本市没有在售的产品"),
    "internal_error": _("计算没有完成，原因已写入服务器日志，请联系管理员"),
    "case_closed": _("这一件已经处理完毕"),
    "reverses_unknown": _("要冲销的账单没有找到"),
    "duplicate": _("与先前的账单重复"),
    "missing_id": _("缺少结算号"),
    "missing_member": _("缺少人员编号"),
    "faulty_member": _("参保信息有误"),
    "unknown_med_type": _("医疗类别不是已知的代码"),
    "bad_text": _("含有不能读的字符，或内容过长"),
    "reverses_of_other_sender": _("冲销了其他机构发送的账单"),
    "reverses_ambiguous": _("两家机构用了同一结算号，不知冲销哪一笔"),
    "two_policies": _("两张保单都可适用"),
}
