"""Sentences for errors and reasons, by code, in the language of the page that shows them.

The core's own messages are in English, for programs and the command line. A page never shows them: it takes the
sentence for the code from here and puts in the `values` of the error or refusal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huimin.errors import Fault, HuiminError, Refusal
from huimin.platform.tasks.api import Standing, Status
from huimin.platform.web.code_words import AMOUNT_WORDS, FIELD_WORDS, QUANTITY_WORDS, REASON_WORDS
from huimin.platform.web.days import day_in_words, page_language
from huimin.platform.web.plan_words import found_in_chinese, in_chinese

__all__ = ["SENTENCES", "error_sentence", "plan_fault_sentence", "refusal_sentence", "sentence", "task_sentence"]

SENTENCES: dict[str, Promise | str] = {
    "account_line_state": gettext_lazy("这笔缴费已处于其他状态，请重新打开清单。"),
    "account_line_unknown": gettext_lazy("清单中没有缴费编号 %(key)s。"),
    "bank_other_amount": gettext_lazy("银行到账 %(found)s 元，划拨金额是 %(expected)s 元，两者不符，未入账。"),
    "day_closed": gettext_lazy("这一天的对账已经结束。"),
    "day_not_explained": gettext_lazy("还有 %(count)s 笔差异没有查明，请先在收付款核对中逐笔说明。"),
    "day_to_come": gettext_lazy("这一天还没有过完，请选择今天以前的日期。"),
    "day_unknown": gettext_lazy("这一天还没有核对过。"),
    "file_faults": gettext_lazy("文件有 %(count)s 处不符，一笔也没有处理。"),
    "line_twice": gettext_lazy("同一笔缴费只能选择一种处理。"),
    "nothing_to_list": gettext_lazy("本统筹区没有待列入清单的缴费。"),
    "nothing_to_settle": gettext_lazy("这个月统筹区之间没有待清算的款项。"),
    "nothing_to_transfer": gettext_lazy("没有待划拨的款项。"),
    "transfer_in_future": gettext_lazy("划拨日期不能在今天以后。"),
    "transfer_known": gettext_lazy("这个凭证号已经登记过。"),
    "transfer_not_open": gettext_lazy("这笔划拨已经核对过。"),
    "transfer_other_amount": gettext_lazy("应划拨 %(expected)s 元，填写的是 %(found)s 元。"),
    "transfer_unknown": gettext_lazy("没有这笔划拨。"),
    "bad_identity_number": gettext_lazy("身份证号码有误，请逐位核对。"),
    "not_in_register": gettext_lazy("姓名与身份证号码不匹配，或不在本市基本医保参保名册中。请核对，或联系人工客服。"),
    "too_many_codes": gettext_lazy(
        "验证码获取次数过多，请一小时后再试。您以前登录过的手机或电脑不受影响；也可联系人工客服。"
    ),
    "too_many_lookups": gettext_lazy("查询不到的姓名和号码过多，请明天再试，或联系人工客服。"),
    "no_telephone": gettext_lazy("参保名册里没有这位家人的手机。请带本人到柜台办理，或由您声明本人已当面同意。"),
    "asked_too_often": gettext_lazy("今天已请求过三次，请明天再试，或请本人自己登录查看。"),
    "bad_card_number": gettext_lazy("银行卡号有误，请逐位核对；应为 16 至 19 位数字。"),
    "bank_missing": gettext_lazy("请填写开户银行，不超过 40 个字。"),
    "same_account": gettext_lazy("这就是已登记的账户，无需更换。"),
    "not_claimable": gettext_lazy("这张保单不能由您一键理赔：保障还没有开始，或不是本人和未成年子女的保单。"),
    "bad_claim_key": gettext_lazy("申请没有成功，请重新打开“一键理赔”再试。"),
    "claim_not_known": gettext_lazy("没有找到这次理赔。"),
    "consent_not_known": gettext_lazy("没有找到这次同意。"),
    "nothing_owed_back": gettext_lazy("这份保单没有需要退还的赔款，请重新打开列表查看。"),
    "payout_not_open": gettext_lazy("这笔赔款不在等待两人核对，请重新打开列表查看。"),
    "wrong_code": gettext_lazy("验证码不正确，请重新输入。"),
    "code_expired": gettext_lazy("验证码已失效，请返回重新获取。"),
    "person_twice": gettext_lazy("同一人只需添加一次。"),
    "nobody_insured": gettext_lazy("请先添加要投保的人。"),
    "too_many_people": gettext_lazy("一次最多为十人投保。"),
    "answered_already": gettext_lazy("这一条之前已经回答过，以第一次的回答为准。"),
    "not_asked": gettext_lazy("没有找到这条确认。"),
    "shown_page_differs": gettext_lazy("这一页的内容与当时发送的不一致，记录可能被改动，请管理员核对封存记录。"),
    "task_is_kept": gettext_lazy("这一件记录着已确认收到的付款，不能取消，请重试。"),
    "terms_not_opened": gettext_lazy("请先打开并阅读保障内容。"),
    "key_terms_not_confirmed": gettext_lazy("请先阅读并确认重要条款。"),
    "window_closed": gettext_lazy("现在不在集中投保期内。"),
    "cover_over": gettext_lazy("本年度保障已经结束，或已来不及生效，不能再投保。"),
    "edition_unknown": gettext_lazy("请先选择投保的版本。"),
    "nothing_to_pay": gettext_lazy("保费由他人全额承担，无需在此支付，请联系人工客服。"),
    "fund_used_up": gettext_lazy("原定承担部分保费的资助资金刚刚用完，价格已更新，请核对后再付款。"),
    "bad_fund": gettext_lazy("资助资金的填写有误，请核对代码、名称、资助标准和起止日期。"),
    "fund_exists": gettext_lazy("代码或使用顺序已被占用，请换一个。"),
    "bad_contribution": gettext_lazy(
        "到账信息有误：请填写大于 0 的金额、收款账户、转账流水号，以及不晚于今天的到账日期。"
    ),
    "contribution_differs": gettext_lazy("这笔转账已登记过，但金额或资金不同，请核对银行流水。"),
    "bad_roster_file": gettext_lazy("请选择不超过 20 MB 的 CSV 或 XLSX 文件。"),
    "roster_file_known": gettext_lazy("同一份文件已上传过，结果见下方列表。"),
    "version_passed": gettext_lazy("已有更新的版本生效，请重新上传名单。"),
    "bad_organisation": gettext_lazy("请填写代码（小写字母、数字、连字符）和单位名称。"),
    "organisation_exists": gettext_lazy("代码或统一社会信用代码已登记过。"),
    "bad_credit_code": gettext_lazy("统一社会信用代码有误：应为 18 位，请对照营业执照逐位核对。"),
    "bad_organisation_money": gettext_lazy("请填写大于 0 的金额、银行账户、转账流水号，以及不晚于今天的到账日期。"),
    "transfer_recorded": gettext_lazy("这笔转账已登记过。"),
    "organisation_short": gettext_lazy("单位余额不足。"),
    "bad_bulk_file": gettext_lazy("请选择不超过 200 MB 的 CSV 或 XLSX 文件。"),
    "bulk_file_known": gettext_lazy("同一份文件已上传过，结果见列表。"),
    "too_many_bulk_files": gettext_lazy("该渠道一天内报送的文件已达上限。"),
    "bad_bulk_part": gettext_lazy("这一段的序号或大小不对。"),
    "bulk_part_differs": gettext_lazy("这一段此前收到的内容不同。"),
    "bulk_file_not_open": gettext_lazy("这份文件不在等待这一步，请重新打开。"),
    "bulk_file_changed": gettext_lazy("有错误的行数已变化，请核对后重新确认。"),
    "group_not_asked": gettext_lazy("这项请求已答复或已取消。"),
    "cash_not_expected": gettext_lazy("这张订单现在不在本柜收现金：可能还在核对、已付款，或由其他人收款。"),
    "cash_not_owed": gettext_lazy("这笔现金已退付，或没有应退的金额。"),
    "till_short": gettext_lazy("您的现金不够退付，请先补足备用金或由其他人办理。"),
    "till_empty": gettext_lazy("没有可清点的现金，或清点金额不大于 0。"),
    "sample_answered": gettext_lazy("这笔抽查账单已经认定，请重新打开列表。"),
    "closing_not_open": gettext_lazy("这次清点已核对到账。"),
    "nothing_to_write_off": gettext_lazy("这次清点没有可核销的差额，请在该柜面最近一次清点处核销。"),
    "bad_bank_slip": gettext_lazy("请填写银行账户和没有用过的缴款单号。"),
    "paper_number_missing": gettext_lazy("请填写纸质告知书编号。"),
    "own_part_left": gettext_lazy("资助资金没有承担全部保费。"),
    "nothing_to_grant": gettext_lazy("名册还没有生效的版本。"),
    "bad_decline_day": gettext_lazy("请选择今天以后的日期。"),
    "not_granted": gettext_lazy("这份参保已取消或已出具保单，如需帮助请联系人工客服。"),
    "month_closed": gettext_lazy("这一天所在的月份已经结平，日历不能调回去。"),
    "case_closed": gettext_lazy("这一件已经处理完毕。"),
    "finding_needed": gettext_lazy("与银行的差异须选择认定结论，不能只写说明。"),
    "wrong_difference_answer": gettext_lazy("这个结论不适用于这种差异，请从所列结论中选择。"),
    "nothing_to_repay": gettext_lazy("所填保单没有待归还的赔款，请核对保单号。"),
    "payout_not_paid": gettext_lazy("这笔付款已不是“已到账”，请先查看它现在的状态。"),
    "refund_not_open": gettext_lazy("该笔退款不在等待这一步，请重新打开列表。"),
    "refund_too_high": gettext_lazy("退款合计将超过该笔付款的金额。"),
    "not_known_to_bureau": gettext_lazy("医保部门查不到这个证件号码，请核对后重新投保。"),
    "name_differs_at_bureau": gettext_lazy("姓名与医保部门登记的不一致，请核对后重新投保。"),
    "price_changed": gettext_lazy("核对后价格有变化，请重新投保，按新的价格付款。"),
    "bad_name": gettext_lazy("这不是一个姓名：请按证件填写，不要填写电话号码或符号。"),
    "relation_impossible": gettext_lazy("按出生日期，这个关系不可能：子女应比父母年轻。请核对关系和证件号码。"),
    "means_not_of_order": gettext_lazy("付款方式与订单不符，请返回重新选择。"),
    "means_failed": gettext_lazy("个人账户或资助资金未能支付这一份。"),
    "too_many_checks": gettext_lazy("从这个网络查询保单过于频繁，请十分钟后再试。"),
    "id_number_taken": gettext_lazy("这个证件号码属于名册中的另一个人，请核对，或联系人工客服。"),
    "fact_not_changeable": gettext_lazy("姓名和证件号码只能更正，不能从某天起变更；请不要填写起始日期。"),
    "fact_unreadable": gettext_lazy("填写的内容不在可选范围内，请重新选择。"),
    "nothing_to_correct": gettext_lazy("填写的内容与保单现有内容一致，请只填写有误的。"),
    "paper_missing": gettext_lazy("请上传证明材料：身份证、证明或病历的照片或 PDF。"),
    "too_many_papers": gettext_lazy("一次最多上传五份材料。"),
    "paper_too_large": gettext_lazy("文件超过 5 MB，请降低分辨率重新拍照。"),
    "paper_unreadable": gettext_lazy("请上传 JPEG、PNG 图片或 PDF。"),
    "too_many_policy_requests": gettext_lazy("您对这张保单已有五件申请在办理，请等待办结。"),
    "day_outside_cover": gettext_lazy("起始日期应在保障期间内；一直如此的不填。"),
    "day_in_future": gettext_lazy("日期还没有到，请填写实际发生的日期。"),
    "death_source_unknown": gettext_lazy("请选择证明材料种类。"),
    "record_not_found": gettext_lazy("没有找到这条健康记录，请重新打开健康记录页面。"),
    "contested_already": gettext_lazy("这条记录已提出异议，正在核实。"),
    "request_closed": gettext_lazy("这件申请已经办结，请重新打开列表。"),
    "two_people_needed": gettext_lazy("这类申请须提请另一人复核，不能直接办结。"),
    "answer_missing": gettext_lazy("请选择记录是否属于本人。"),
    "cover_has_begun": gettext_lazy("保障已经开始，开始前才能更换版本。"),
    "difference_open": gettext_lazy("这张保单有一笔差额尚未支付，请先支付。"),
    "edition_for_a_person": gettext_lazy("保费有一部分由他人承担，更换版本请联系人工客服。"),
    "invoice": gettext_lazy("发票申请无法受理。"),
    "bad_invoice_title": gettext_lazy("请填写单位全称，2 至 100 个字。"),
    "bad_tax_rate": gettext_lazy("税率或项目名称不对：税率以万分之几填写，免税的不填。"),
    "invoice_asked": gettext_lazy("这一笔已申请过发票。要换抬头，请等开好后再换。"),
    "invoice_not_found": gettext_lazy("没有找到这张发票。"),
    "invoice_not_issued": gettext_lazy("发票开好后才能换抬头。"),
    "invoice_not_open": gettext_lazy("这张发票不在等待这一步，请重新打开列表。"),
    "invoices_not_issued": gettext_lazy("这一年度暂未开通电子发票，请联系人工客服。"),
    "title_of_organisation": gettext_lazy("单位名单的发票抬头为本单位，不能另填。"),
    "nothing_to_invoice": gettext_lazy("这一笔没有可以开票的金额：没有付款，或已全部退回。"),
    "title_for_person_only": gettext_lazy("个人账户的钱只能开给账户本人，不能开给单位。"),
    "title_unchanged": gettext_lazy("抬头与现有发票相同。"),
    "too_many_titles": gettext_lazy("抬头最多换两次，如仍有误请联系人工客服。"),
    "not_by_certificate": gettext_lazy("这位被保险人已经有自己的证件号码；要更正，请到“更正或变更保单信息”。"),
    "other_birth_date": gettext_lazy("这个号码的出生日期或性别与保单不符，请对照户口簿核对。"),
    "policy_not_found": gettext_lazy("没有找到这张保单。"),
    "nothing_owed": gettext_lazy("没有需要补缴的保费。"),
    "policy_ended": gettext_lazy("这张保单已经退保或已终止，无需再办。"),
    "withdrawal_not_possible": gettext_lazy("保障已经生效，按条款不能退保。"),
    "withdrawal_not_in_terms": gettext_lazy("保障已经生效，条款没有写明此时能退多少；请联系人工客服，由人核对合同。"),
    "claims_on_policy": gettext_lazy("这张保单已有账单或赔付，不能退保。"),
    "road_back_unknown": gettext_lazy("这张保单有一部分保费由个人账户或资助资金支付，请联系人工客服办理退保。"),
    "bad_earlier_file": gettext_lazy("请选择不超过 20 MB 的文件，写明资料来源和不晚于今天的资料日期。"),
    "earlier_file_known": gettext_lazy("同一份文件已上传过，结果见下方列表。"),
    "shown_words_differ": gettext_lazy("页面上的文字与刚才显示的不同，请再看一遍后同意。"),
    "consent_given_already": gettext_lazy("您已同意过自动续保，仍然有效。"),
    "renewal_not_open": gettext_lazy("这份续保已取消或已结束，请重新打开页面查看。"),
    "renewal_price_differs": gettext_lazy("保费高于预告的金额，因此没有扣款。"),
    "not_insured": gettext_lazy("基本医保当前未在参保状态。"),
    "other_basic_insurance": gettext_lazy("该基本医保类型不在本产品的投保范围内。"),
    "covered_elsewhere": gettext_lazy("同一时间已有其他惠民保；本产品条款规定，这样不能再投保。"),
    "covered_already": gettext_lazy("已有本年度保单，无需重复投保。"),
    "not_eligible": gettext_lazy("名单中有人现在不能投保，请返回第一步查看原因。"),
    "nothing_given": gettext_lazy("请至少填写一个金额，例如 50000。"),
    "amount_unreadable": gettext_lazy("“%(found)s”不是有效的金额，请填写数字，例如 50000 或 50000.00。"),
    "amount_out_of_range": gettext_lazy("“%(found)s”不在 0 至 %(most)s 元之间，请核对。"),
    "number_out_of_range": gettext_lazy("“%(found)s”不是 0 至 %(most)s 之间的整数，请核对。"),
    "bad_number": gettext_lazy("“%(found)s”不在 %(least)s 至 %(most)s 之间，请核对。"),
    **{
        code: gettext_lazy(
            "%(whole)s为 %(whole_amount)s 元，而 %(parts)s 合计 %(parts_amount)s 元，差额 %(difference)s 元没有说明。"
        )
        for code in ("unbalanced_scope", "unbalanced_total", "unbalanced_funds", "unbalanced_personal")
    },
    **{
        code: gettext_lazy("%(parts)s 合计 %(parts_amount)s 元，大于%(whole)s %(whole_amount)s 元。")
        for code in ("self_funded_above_personal", "other_payers_above_personal")
    },
    "negative_amount": gettext_lazy("%(field)s为 %(found)s 元；应为不小于 0 的金额。"),
    "bad_amount": gettext_lazy("%(field)s“%(found)s”不是有效的金额，请填写数字，例如 50000 或 50000.00。"),
    "bad_date": gettext_lazy("%(field)s“%(found)s”不是有效的日期，应写作 2022-03-01 这样的形式。"),
    "unknown_med_type": gettext_lazy("%(field)s“%(found)s”不是已知的代码。"),
    "unknown_terms": gettext_lazy("条款没有写明%(field)s“%(found)s”是否保障，须由人工判断。"),
    "bad_care": gettext_lazy("%(field)s无法识别，请与原件核对。"),
    "missing_amount": gettext_lazy("没有报送%(field)s。"),
    "missing_fact": gettext_lazy("条款需要%(fact)s，但这一项没有报送。"),
    "uncovered_date": gettext_lazy("账单日期为 %(day)s，不在保障期间（%(periods)s）内。"),
    "settlement_in_future": gettext_lazy("结算日期为 %(found)s，还没有到。"),
    "reverses_reversal": gettext_lazy("它冲销的 %(named)s 本身就是一笔冲销。"),
    "reverses_other_member": gettext_lazy("它冲销的 %(named)s 是别人的账单。"),
    "already_reversed": gettext_lazy("它冲销的 %(named)s 已被冲销过。"),
    "thin_data": gettext_lazy("数据太少：有 %(found)s，至少需要 %(least)s，更少则得不出可靠的结果。"),
    "bad_triangle": gettext_lazy("三角形的“%(period)s”一行有误：有 %(found)s 个金额，应为 %(least)s 个。"),
    "holes": gettext_lazy("三角形的“%(period)s”一行缺一个金额；每个经过期都应有一个。"),
    "worker_lost": gettext_lazy("计算进程中断了 %(times)s 次，不再重试。请缩小规模后重新提出，或请管理员查看日志。"),
    "books_differ": gettext_lazy("账簿或封存记录有 %(count)s 处与事实不符，请管理员运行 huimin ledger verify 查看。"),
    "bad_account_number": gettext_lazy("银行账号有误：请填写 8 至 32 位数字。"),
    "holder_missing": gettext_lazy("请按银行登记的户名填写，不超过 80 个字。"),
    "line_not_disputed": gettext_lazy("这一笔没有异议，或已经认定；请重新打开结算单查看现状。"),
    "note_missing": gettext_lazy("请写明处理依据，它是记录的一部分。"),
    "not_allowed": gettext_lazy("您的角色不能这样处理。"),
    "same_person": gettext_lazy("复核须由另一人进行。"),
    "taken_by_another": gettext_lazy("这一件已由他人领取，请等其办理或退回队列；复核人员可以代为退回。"),
    "not_taken": gettext_lazy("这一件没有人领取。"),
    "queue_differs": gettext_lazy(
        "有 %(count)s 件挂起账单在队列中的状态与处理经过不符，已按处理经过更正，请管理员查看日志。"
    ),
    "nothing_to_agree": gettext_lazy("这一件没有待复核的结论。"),
    "already_proposed": gettext_lazy("同一事项已经提请，正在等待复核；请等待复核，或先撤回原来的提请。"),
    "outcome_changed": gettext_lazy(
        "初审之后本年度有了变化：初审时本账单赔付 %(bill_then)s 元、全年合计增减 %(years_then)s 元，"
        "现为 %(bill_now)s 元、%(years_now)s 元。没有付款，须由初审人员重新审核。"
    ),
    "wrong_finding": gettext_lazy("请选择处理结论。"),
    "conflicting_duplicate": gettext_lazy("同一结算号先后收到两份不同的内容；作出结论前，已答复的结果不变。"),
    "reverses_of_other_sender": gettext_lazy("它冲销的 %(named)s 是其他机构发送的，只有发送方或医保局可以冲销。"),
    "two_policies": gettext_lazy("保单 %(policies)s 都可适用，须由人工判断归属。"),
    "review_closed": gettext_lazy("这一件已经处理完毕。"),
    "not_a_demonstration": gettext_lazy("只有演示城市有自己的日历。"),
}
"""What happened and what to do about it. `%(name)s` stands for the value of that name."""


_NAMES: dict[str, Promise | str] = {**FIELD_WORDS, **AMOUNT_WORDS, **QUANTITY_WORDS}


def sentence(code: str, values: Mapping[str, str]) -> str:
    """The sentence for a code with its values; if some values are missing, the code's short name."""
    words = SENTENCES.get(code)
    if words is not None:
        try:
            return str(words) % {name: _worded(value) for name, value in values.items()}
        except KeyError:
            pass
    if code in REASON_WORDS:
        return _("%(reason)s。") % {"reason": REASON_WORDS[code]}
    return _("这一步没有完成（代码 %(code)s）。请检查所填内容后重试，或联系人工客服。") % {"code": code}


def error_sentence(error: HuiminError) -> str:
    """The sentence that a reader sees for an error: what is wrong and what to do."""
    return sentence(error.code, error.values)


def plan_fault_sentence(fault: Fault) -> str:
    """One fault of a plan file: where it is, what was found and what was expected."""
    values = {"place": fault.place, "found": fault.found, "expected": fault.expected}
    if page_language() == "zh":
        values["found"] = found_in_chinese(fault.found)
        values["expected"] = in_chinese(fault.expected) or "符合条款文件格式的内容"
    return _("%(place)s：现为 %(found)s；应为 %(expected)s") % values


def task_sentence(task: Standing) -> str:
    """Why a task has failed; empty where it has not."""
    if task.status != Status.FAILED:
        return ""
    return sentence(task.fault_code or "internal_error", task.fault_values or {})


def refusal_sentence(refusal: Refusal) -> str:
    """Why a bill was not adjudicated."""
    return sentence(refusal.code, refusal.values)


def _worded(value: str) -> str:
    """A value as people read it: days in the page's way of writing, national field names by their words."""
    parts = [part.strip() for part in value.split("+")]
    if all(part in _NAMES for part in parts):
        return " + ".join(str(_NAMES[part]) for part in parts)
    return re.sub(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", _day, value)


def _day(match: re.Match[str]) -> str:
    try:
        return day_in_words(date.fromisoformat(match.group(0)))
    except ValueError:
        return match.group(0)
