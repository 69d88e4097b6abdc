"""What each role is called, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from huimin.platform.foundation.actors import Who

__all__ = ["NAMES"]

NAMES: Mapping[Who, tuple[str, str]] = {
    Who.ANYONE: ("任何人", "anyone"),
    Who.RESIDENT: ("居民", "resident"),
    Who.HANDLER: ("经办", "handler"),
    Who.APPROVER: ("复核", "approver"),
    Who.INSURER: ("保险公司", "insurer"),
    Who.LEAD_INSURER: ("主承保公司", "lead insurer"),
    Who.BUREAU: ("医保局", "bureau"),
    Who.ACCOUNT_AGENCY: ("个账经办机构", "account agency"),
    Who.SPONSOR: ("资助方", "sponsor"),
    Who.ADMINISTRATOR: ("管理员", "administrator"),
    Who.COUNTER: ("柜面", "counter"),
    Who.HOSPITAL: ("医院系统", "hospital's system"),
    Who.PHARMACY: ("药店系统", "pharmacy's system"),
    Who.CHANNEL: ("参保渠道系统", "channel's system"),
    Who.BUREAU_SYSTEM: ("医保局系统", "bureau's system"),
    Who.MESSAGE_GATEWAY: ("短信网关", "message gateway"),
    Who.PAYMENT_COMPANY: ("支付机构", "payment company"),
    Who.COMMAND: ("服务器命令行", "command line of the server"),
    Who.QUEUE: ("后台任务", "queue of work"),
    Who.DEMONSTRATION: ("演示数据装载", "loader of the demonstration"),
}
"""Chinese and English name of each role."""
