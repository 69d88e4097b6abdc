"""Words of payments from personal accounts and of reconciliation: states, reasons, and what is wrong with a file."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huimin.errors import HuiminError
from huimin.platform.payments.api import FileFault, FileFaults
from huimin.platform.web.sentences import error_sentence

__all__ = ["DAY_STATES", "LINE_STATES", "STRIKE_REASONS", "TRANSFER_STATES", "file_fault_sentence", "file_sentences"]

LINE_STATES: dict[str, Promise | str] = {
    "requested": gettext_lazy("待冻结"),
    "unclear": gettext_lazy("冻结结果待查"),
    "held": gettext_lazy("已冻结"),
    "refused": gettext_lazy("冻结未成功"),
    "releasing": gettext_lazy("正在解冻"),
    "released": gettext_lazy("已解冻"),
    "listed": gettext_lazy("待审核"),
    "approved": gettext_lazy("已同意"),
    "struck_out": gettext_lazy("已剔除"),
    "transferred": gettext_lazy("已划拨"),
    "received": gettext_lazy("已到账"),
    "returned": gettext_lazy("划拨被退回"),
}
STRIKE_REASONS: dict[str, Promise | str] = {
    "balance_too_low": gettext_lazy("余额不足"),
    "account_frozen": gettext_lazy("账户已冻结或注销"),
    "not_a_relative": gettext_lazy("不是可共济的亲属"),
    "not_filed": gettext_lazy("未办理共济备案"),
    "insured_elsewhere": gettext_lazy("被保险人参保地不符"),
    "paid_twice": gettext_lazy("重复缴费"),
    "payer_withdrew": gettext_lazy("付款人撤回"),
    "other": gettext_lazy("其他（须说明）"),
    "no_account": gettext_lazy("没有个人账户"),
    "relative_not_filed": gettext_lazy("未办理共济备案"),
    "released": gettext_lazy("已解冻"),
    "hold_not_known": gettext_lazy("没有这笔冻结"),
}
"""Why a line was struck out by its agency, or refused by the bureau."""
TRANSFER_STATES: dict[str, Promise | str] = {
    "sent": gettext_lazy("待核对到账"),
    "received": gettext_lazy("已到账"),
    "returned": gettext_lazy("已退回"),
}
DAY_STATES: dict[str, Promise | str] = {
    "open": gettext_lazy("有差异待查明"),
    "agrees": gettext_lazy("差异已查明，待结束"),
    "closed": gettext_lazy("已结束"),
}
_FAULTS: dict[str, Promise | str] = {
    "too_large": gettext_lazy("文件太大（%(found)s 字节），最多 %(expected)s。"),
    "not_a_workbook": gettext_lazy("这不是可以读取的 Excel 文件（.xlsx）。请用下载的清单填写后上传。"),
    "macros_or_links": gettext_lazy("文件含有宏或外部链接。请在下载的清单上填写，另存为普通 .xlsx。"),
    "several_sheets": gettext_lazy("文件有不止一张工作表（%(found)s）。请只保留清单。"),
    "merged_cells": gettext_lazy("%(place)s 是合并单元格，请取消合并。"),
    "formula": gettext_lazy("%(place)s 是公式（%(found)s），请改为数值。"),
    "error_value": gettext_lazy("%(place)s 是错误值（%(found)s）。"),
    "beside_the_table": gettext_lazy("%(place)s 在表格以外（%(found)s），请删去。"),
    "hidden": gettext_lazy("第 %(place)s 行或列被隐藏，请取消隐藏后核对。"),
    "head_changed": gettext_lazy("%(place)s 现为“%(found)s”，应为“%(expected)s”。表头不能改动。"),
    "other_list": gettext_lazy("%(place)s 现为“%(found)s”，应为“%(expected)s”：这不是本清单的文件。"),
    "column_changed": gettext_lazy("%(place)s 的列名现为“%(found)s”，应为“%(expected)s”。列名和顺序不能改动。"),
    "empty_row": gettext_lazy("第 %(place)s 行是空行，请删去。"),
    "unknown_line": gettext_lazy("%(place)s 的缴费编号“%(found)s”不在本清单内。"),
    "line_twice": gettext_lazy("%(place)s 的缴费编号“%(found)s”与第 %(expected)s 行重复。"),
    "line_missing": gettext_lazy("缺少第 %(expected)s 笔（缴费编号 %(found)s）。"),
    "value_changed": gettext_lazy("%(place)s 现为“%(found)s”，清单上是“%(expected)s”。"),
    "amount_not_a_number": gettext_lazy("%(place)s 的金额不是数字（%(found)s），清单上是 %(expected)s。"),
    "amount_below_fen": gettext_lazy("%(place)s 的金额 %(found)s 不足一分，清单上是 %(expected)s。"),
    "amount_changed": gettext_lazy("%(place)s 的金额 %(found)s 与清单上的 %(expected)s 不符。"),
    "answer_missing": gettext_lazy("%(place)s 没有填写审核结果（%(expected)s）。"),
    "answer_unknown": gettext_lazy("%(place)s 的审核结果“%(found)s”无法识别，应为 %(expected)s。"),
    "decided_already": gettext_lazy("%(place)s 填的是“%(found)s”，而这一笔先前已是“%(expected)s”。"),
    "reason_without_strike": gettext_lazy("%(place)s 同意的一笔填了剔除原因（%(found)s）。"),
    "reason_missing": gettext_lazy("%(place)s 剔除的一笔没有填写原因。"),
    "reason_unknown": gettext_lazy("%(place)s 的剔除原因“%(found)s”无法识别，应为：%(expected)s。"),
    "note_missing": gettext_lazy("%(place)s 剔除原因为“其他”时须写明说明。"),
    "total_missing": gettext_lazy("缺少合计行（应为 %(expected)s）。"),
    "total_changed": gettext_lazy("%(place)s 的合计 %(found)s 与清单上的 %(expected)s 不符。"),
    "after_the_total": gettext_lazy("第 %(place)s 行在合计以后，请删去。"),
    "empty_file": gettext_lazy("文件是空的。"),
    "not_a_text": gettext_lazy("这不是文本文件（CSV）。"),
    "totals_missing": gettext_lazy("缺少合计行（%(expected)s），文件可能不完整。"),
    "totals_changed": gettext_lazy("第 %(place)s 行应为合计的列名（%(expected)s）。"),
    "fields_missing": gettext_lazy("第 %(place)s 行有 %(found)s 栏，应为 %(expected)s 栏。"),
    "bad_time": gettext_lazy("第 %(place)s 行的时间“%(found)s”无法读出，应如 %(expected)s。"),
    "other_day": gettext_lazy("第 %(place)s 行的交易时间 %(found)s 不在 %(expected)s。"),
    "bad_number": gettext_lazy("第 %(place)s 行的单号“%(found)s”无法读出（应为 %(expected)s）。"),
    "unknown_status": gettext_lazy("第 %(place)s 行的交易状态“%(found)s”无法识别，应为 %(expected)s。"),
    "bad_amount": gettext_lazy("第 %(place)s 行的金额“%(found)s”无法读出，应如 %(expected)s。"),
    "not_above_zero": gettext_lazy("第 %(place)s 行的金额 %(found)s 应大于零。"),
    "payment_with_refund": gettext_lazy("第 %(place)s 行是付款，却填有退款（%(found)s）。"),
    "refund_without_number": gettext_lazy("第 %(place)s 行是退款，却没有退款单号。"),
    "negative_fee": gettext_lazy("第 %(place)s 行的手续费 %(found)s 小于零。"),
    "bad_count": gettext_lazy("第 %(place)s 行的笔数“%(found)s”无法读出。"),
    "count_differs": gettext_lazy("第 %(place)s 行合计 %(found)s 笔，各行共 %(expected)s 笔。"),
    "total_differs": gettext_lazy("第 %(place)s 行合计 %(found)s 元，各行相加为 %(expected)s 元。"),
    "both_directions": gettext_lazy("第 %(place)s 行借方和贷方都有金额（%(found)s），应只有一方。"),
    "after_the_totals": gettext_lazy("第 %(place)s 行在合计以后（%(found)s）。"),
}


def file_fault_sentence(fault: FileFault) -> str:
    """One thing that is wrong with a file, and where."""
    values = {"place": fault.place, "found": fault.found or _("空"), "expected": fault.expected}
    return str(_FAULTS[fault.kind]) % values


def file_sentences(error: HuiminError) -> list[str]:
    """Everything that is wrong: of a file each fault, of anything else the error's own sentence."""
    faults = error.faults if isinstance(error, FileFaults) else ()
    return [file_fault_sentence(fault) for fault in faults] or [error_sentence(error)]
