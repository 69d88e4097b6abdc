"""The JSON Schema of plan files, generated from the model, with what each key means in Chinese and English.

With it an editor that knows JSON Schema for TOML completes keys and marks faults. The loader finds more faults than the
schema can describe (semantics.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huimin.terms.model import Plan

__all__ = ["plan_schema"]

_MEANINGS: Mapping[str, tuple[str, str]] = {
    "above_parameter": ("分段起点，取自公共参数", "where the band starts: the amount of a parameter"),
    "above_yuan": ("分段起点（元，不含）", "where the band starts, in yuan, not included"),
    "accident": ("是否意外伤害", "whether it was an accident"),
    "adjustments": ("赔付比例的加减", "percentage points added or taken when a condition holds"),
    "after": ("保障生效后能否退保：不能，或按剩余天数退", "given up once cover has begun: not_possible or days_left"),
    "age_from": ("保障起始日满多少周岁起", "completed years on the first day of cover, at least"),
    "age_to": ("保障起始日不超过多少周岁", "completed years on the first day of cover, at most"),
    "allowance": ("津贴：按次、按天或按月给付", "a sum for each bill, day of the stay or month"),
    "assumed": ("出处未载明时的假定及理由", "what is assumed where the sources are silent, and why"),
    "balance_above_yuan": ("个人账户须保留的余额（元）", "what a personal account must keep, in yuan"),
    "base": ("责任基数：费用口径", "the costs that the benefit counts"),
    "basic_insurance": ("基本医保险种：职工或居民", "basic insurance: employee or resident"),
    "before": ("先于本产品支付的一方", "those who pay before this plan does"),
    "begins": ("保障何时开始", "when cover begins"),
    "benefit": ("保险责任，按赔付顺序", "the benefits, in the order in which they are decided"),
    "benefits": ("所涉责任；不写则为全部", "the benefits concerned; none named: all"),
    "bill_date": ("账单归属年度的日期口径", "which date of a bill places it in a cover year"),
    "by": ("结算、入院或出院日期", "by settlement, admission or discharge"),
    "channels": ("购药渠道：医院、双通道药店或直供", "where it is bought: hospital, dual_channel or direct"),
    "claimed_apart": ("为何不随账单赔付（另行申请）", "why it is not claimed by a bill but asked for apart"),
    "claim_free": ("怎样算一年未理赔", "what makes a year one without a claim"),
    "claim_free_years_from": ("连续未理赔年数，至少", "years without a claim, at least"),
    "code": ("药品或耗材代码", "code of the drug or item"),
    "codes": ("ICD-10 编码范围", "ranges of ICD-10 codes"),
    "continuous_years_from": ("已连续参保年数，至少", "cover years without a break before this one, at least"),
    "cover": ("保障期间", "the cover year"),
    "cooling_off_days": ("签单后多少天内可全额退保", "days after the policy was issued in which the whole comes back"),
    "days": ("天数", "days"),
    "deductible": ("免赔额", "borne by the insured before the benefit starts"),
    "diagnosed_before": ("以哪一日之前的诊断为既往症", "before which day a diagnosis is pre-existing"),
    "disease": ("就诊疾病属于哪一组", "the groups into which the bill's diagnoses fall"),
    "disease_group": ("疾病分组", "groups of diseases that terms name"),
    "documents": ("申请理赔所需材料", "what must be shown for a claim"),
    "edition": ("产品版本", "forms of the plan that members choose or belong to"),
    "eligibility": ("参保资格", "who may join"),
    "en": ("英文", "in English"),
    "enrolment": ("集中投保期", "the enrolment window"),
    "exceptions": ("除外情形的例外", "what is covered all the same"),
    "exclusion": ("不保障的内容", "what is not covered"),
    "fees": ("从保费中列支的费用", "what is taken of each premium"),
    "first": ("起始编码（含）", "first code, included"),
    "first_day": ("首日（含）", "first day, included"),
    "first_enrolment": ("是否首次参保", "whether it is the member's first enrolment"),
    "format": ("文件格式版本", "version of the file's format"),
    "free_days": ("每次住院最初不计的天数", "days at the start of each stay that bring nothing"),
    "from_day": ("自哪一天起（含）", "from this day on, included"),
    "gene_tests": ("基因检测结果", "what a gene test must have found"),
    "gives": ("奖励内容", "what the reward is"),
    "good_to_know": ("请您知道", "what people should know"),
    "groups": ("疾病分组", "groups of diseases"),
    "highest_percent": ("调整后赔付比例上限", "the highest rate after adjustments"),
    "hospital_level_from": ("医院等级，至少", "level of the hospital, at least"),
    "hospital_level_to": ("医院等级，至多", "level of the hospital, at most"),
    "hospital_list": ("医疗机构名单", "lists of institutions that terms name"),
    "how": ("舍去或四舍五入", "down or half_up"),
    "id": ("标识，供其他条款引用", "name by which other terms refer to it"),
    "indications": ("限定的适应症", "indications to which it is limited"),
    "insurer": ("保险公司", "the insurer"),
    "item": ("清单内的药品或耗材", "drugs and items on the list"),
    "item_list": ("药品、耗材清单", "lists of drugs and items"),
    "items_on": ("以哪份清单内的费用为基数", "the list whose items' cost is the base"),
    "keeps_percent": ("退保时扣除的比例（%）", "what is kept of the part that would come back, in percent"),
    "kind": ("费用类别", "what the fee is for"),
    "last": ("结束编码（含）", "last code, included"),
    "last_day": ("末日（含）", "last day, included"),
    "late": ("集中投保期之后的投保", "joining after the window"),
    "lead": ("是否主承保", "whether it leads the pool"),
    "less": ("从基数中减去的费用", "quantities taken away from the base"),
    "less_benefits": ("从基数中减去的前序责任赔付", "earlier benefits whose payments are taken away"),
    "limits": ("限额", "the most that is paid"),
    "lines": ("治疗线数", "lines of therapy"),
    "lowest_percent": ("调整后赔付比例下限", "the lowest rate after adjustments"),
    "means": ("未赔付，或没有账单", "no payment, or no bill at all"),
    "minimum": ("低于此数不予赔付", "a payment below it is not made"),
    "month_limit_yuan": ("每月计入费用上限（元）", "most of its cost that counts in a month, in yuan"),
    "most_a_year": ("每年最多给付次数、天数或月数", "most bills, days or months a year"),
    "most_people": ("一个账户最多可为几人支付", "for how many people one account may pay"),
    "name": ("名称", "name"),
    "note": ("用平实语言说明", "in plain words"),
    "on_death": ("被保险人身故时是否退还保费", "on the insured's death: nothing or days_left"),
    "optional": ("须由投保人选择", "only where the insured asks for it"),
    "order_of_payers": ("各方支付的先后", "who pays before this plan"),
    "other_cover": (
        "同一时间已有其他惠民保的：告知，或不能参保",
        "of whoever has cover in another plan for the same days: told or refused",
    ),
    "parameter": ("公共参数，如大病保险起付标准", "a public figure such as the critical-illness threshold"),
    "parts": ("保费由谁分担", "what other payers bear of the premium"),
    "payer": ("支付方", "the payer"),
    "pays_for": ("赔付什么，用平实语言说明", "what it pays for, in plain words"),
    "per": ("按年、按次或终身", "per year, per settlement or once in life"),
    "percent": ("计划赔付的百分比", "share that the plan pays, in percent"),
    "percentage_points": ("加减的百分点", "percentage points, negative to take away"),
    "place": ("就医地：本地、转诊备案、其他异地", "in the city, elsewhere with a referral, elsewhere without"),
    "pool": ("共保份额与费用", "shares of the pool, and fees"),
    "pre_existing": ("是否有既往症", "whether the member has a pre-existing condition"),
    "pre_existing_group": ("既往症属于哪一组", "the groups of the member's pre-existing conditions"),
    "premium": ("保费", "the price"),
    "quantity": ("费用口径", "the quantity"),
    "region": ("行政区划代码（GB/T 2260）", "code of the area (GB/T 2260)"),
    "related_pre_existing": ("就诊疾病是否属于既往症", "whether the bill is for an earlier condition"),
    "reward": ("连续参保或未理赔的奖励（非金钱）", "rewards that are not money"),
    "rounding": ("每次赔付的取整", "how one bill's payment is rounded"),
    "setting": ("就医类型", "care setting"),
    "settings": ("适用的就医类型", "care settings to which the benefit applies"),
    "settled_by_basic_insurance": ("是否经基本医保结算", "whether basic insurance settled the bill"),
    "share": ("各公司份额", "each insurer's share"),
    "shared": ("同名者合并计算", "those of one name are used up together"),
    "shares": ("自某日起的共保份额", "the shares from a day on"),
    "source": ("出处：文件或文件:条款", "where it stands: document, or document:clause"),
    "tiers": ("分段赔付比例", "bands and the share that is paid of each"),
    "tiers_on": ("分段按超出免赔额部分还是按费用全额", "whether bands start at the deductible or at zero"),
    "tiers_unknown": ("赔付比例未知的原因", "why the rates are not here"),
    "to": ("取整到角或元", "to the jiao or the yuan"),
    "to_day": ("到哪一天止（含）", "to this day, included"),
    "undecided": ("部分纳入而清单未知的就医类型", "settings covered in part, by a list that is not known"),
    "unit_limit_yuan": ("单件计入费用上限（元）", "most of the cost of one item that counts, in yuan"),
    "unknown": ("未知的原因", "why it is not known"),
    "values": ("按日期和人群的取值", "values by date and by whom"),
    "variants": ("满足条件者适用的其他取值；条件较窄者优先", "what holds instead where a condition is met"),
    "waiting": ("等待期", "the waiting period"),
    "waived": ("不适用等待期的情形", "when the waiting period does not apply"),
    "ward": ("普通或特需病房", "ordinary or special ward"),
    "when": ("须同时满足的条件", "conditions that must all hold"),
    "who": ("面向的人群", "for whom"),
    "withdrawal": ("退保", "what comes back of whoever gives the policy up"),
    "within_months": ("诊断距今不超过多少个月", "how many months before it at most"),
    "year_limit_yuan": ("该药品每年最多计入的费用（元）", "most of its cost that counts in a year, in yuan"),
    "yuan": ("金额（元，加引号）", "amount in yuan, in quotes"),
    "zh": ("中文", "in Chinese"),
}  # fmt: skip


def plan_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a plan file. Raises KeyError for a key without a meaning."""
    schema = Plan.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for definition in (schema, *schema["$defs"].values()):
        for name, entry in definition.get("properties", {}).items():
            zh, en = _MEANINGS[name]
            entry["description"] = f"{zh} · {en}"
            entry.pop("title", None)
    for entry in schema["$defs"]["When"]["properties"].values():
        _allow_one(entry)
    return schema


def _allow_one(entry: dict[str, Any]) -> None:
    """Let the schema accept one value without brackets where a condition takes a list, as the loader does."""
    for option in entry.get("anyOf", []):
        if option.get("type") == "array":
            entry["anyOf"] = [option["items"], *entry["anyOf"]]
            return
