"""The papers of the counter: which field ids each layout of assets/certificates/<layout>.yaml is given.

Every value is text, already formatted and (where it names a person) already masked as the rules ask; `materials` alone
is a list of lines. A layout may leave fields out, but may not use an id that is not in this table. The QR text and the
marks 预览 and 补打 第n次 are handed to PaperMaker.draw beside the facts.

A field with nothing to say is the empty text: the layout leaves its row out.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """`label` is what stands before the value; '' for values that stand alone (title, statement, notice).
    `many` marks a list of lines."""

    id: str
    label: str = ""
    many: bool = False


#: Who issues, where, when: on every paper.
_HOUSE = (
    Field("title"),                        # 个人住房公积金缴存证明
    Field("centre"),                       # 样例市住房公积金管理中心
    Field("place", "办理地点"),            # 样例市政务大厅 自助终端
    Field("machine", "机器编号"),          # 001
    Field("hotline", "咨询电话"),          # 12329
    Field("printed_at", "打印时间"),       # 2026年10月2日 09:30
)

#: 个人住房公积金缴存证明 (fund.md B4). number, verify_code and valid_until are '' in the preview.
CERTIFICATE_DEPOSIT = (
    *_HOUSE,
    Field("number", "证明编号"),           # KIOSK-20261002-001001
    Field("verify_code", "验证码"),        # 10 characters in two groups: "7K3PW 9XQ2M"
    Field("name", "姓名"),
    Field("id_masked", "证件号码"),        # 990***********1234 (the city pack may order the whole number)
    Field("account", "个人账号"),
    Field("employer", "单位名称"),
    Field("state", "账户状态"),            # 正常
    Field("base", "缴存基数"),             # 8,000.00 元
    Field("monthly_unit", "单位月缴存额"),
    Field("monthly_own", "个人月缴存额"),
    Field("monthly", "月缴存额合计"),
    Field("balance", "账户余额"),          # 12,345.67 元
    Field("balance_capital", "余额大写"),  # 壹万贰仟叁佰肆拾伍元陆角柒分
    Field("opened_on", "开户日期"),        # 2010年7月5日
    Field("paid_until", "缴至年月"),       # 2026年8月
    Field("purpose", "用途"),
    Field("issued_on", "开具日期"),        # 2026年10月2日
    Field("valid_until", "有效期至"),
    Field("statement"),                    # 本证明由自助终端根据中心记录开具……
    Field("verify_hint"),                  # 扫二维码，或凭编号和验证码到大厅核验
)

#: 提取凭证 / 回执: what the visitor takes home after a withdrawal.
WITHDRAWAL_SLIP = (
    *_HOUSE,
    Field("number", "回执编号"),           # TQ-20261002-001001
    Field("status", "办理结果"),           # 已受理 / 正在核实
    Field("kind", "提取原因"),             # 退休提取
    Field("extent", "提取方式"),           # 全部提取并销户
    Field("name_masked", "办理人"),        # 王*
    Field("id_masked", "证件号码"),
    Field("account_masked", "个人账号"),
    Field("principal", "本金"),
    Field("interest", "利息"),
    Field("total", "合计"),
    Field("total_capital", "合计大写"),
    Field("balance_after", "提取后余额"),
    Field("bank", "收款银行"),
    Field("card_masked", "收款卡号"),      # **** 1234
    Field("booked_at", "办理时间"),
    Field("arrival", "预计到账"),          # 2026年10月9日前
    Field("next_time", "下次可提取"),      # 账户已销户，以后不用再来
    Field("notice"),                       # 公积金业务不收费，请勿找代办
    Field("advice"),                       # 到期没有收到钱，请拿这张回执打 12329
)

#: 引导条: handing over to a person.
HANDOFF_SLIP = (
    *_HOUSE,
    Field("matter", "您要办的事"),
    Field("reason", "情况说明"),
    Field("todo", "接下来怎么办"),
    Field("window", "请到窗口"),
    Field("hours", "窗口时间"),
    Field("materials", "请带上", many=True),
    Field("have", "您说已经带了", many=True),
    Field("missing", "还缺这些", many=True),
    Field("rule_source", "依据"),
    Field("notice"),                       # 公积金业务不收费，请勿找代办
    Field("advice"),                       # 仅供参考，以窗口答复为准
)

LAYOUTS: dict[str, tuple[Field, ...]] = {
    "certificate_deposit": CERTIFICATE_DEPOSIT,
    "withdrawal_slip": WITHDRAWAL_SLIP,
    "handoff_slip": HANDOFF_SLIP,
}

#: Said and printed wherever money or help is asked for.
NO_FEE = "公积金业务不收费，请勿找代办"
