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
    `many` marks a list of lines, or of rows."""

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

#: On every certificate (fund.md B4).
_CERTIFICATE = (
    *_HOUSE,
    Field("number", "证明编号"),           # KIOSK-20261002-001001
    Field("verify_code", "验证码"),        # 10 characters in two groups: "7K3PW 9XQ2M"
    Field("name", "姓名"),
    Field("id_masked", "证件号码"),  # 990***********1234 (the pack may order the whole number)
    Field("issued_on", "开具日期"),        # 2026年10月2日
    Field("valid_until", "有效期至"),
    Field("statement"),                    # 本证明由自助终端根据中心记录开具……
    Field("verify_hint"),                  # 扫二维码，或凭编号和验证码到大厅核验
)
_ACCOUNT = (
    Field("account", "个人账号"),
    Field("employer", "单位名称"),
)
_PAID_IN = (
    Field("base", "缴存基数"),             # 8,000.00 元
    Field("monthly", "月缴存额合计"),
    Field("balance", "账户余额"),  # 12,345.67 元
    Field("balance_capital", "余额大写"),  # 壹万贰仟叁佰肆拾伍元陆角柒分
    Field("opened_on", "开户日期"),        # 2010年7月5日
    Field("paid_until", "缴至年月"),  # 2026年8月
)
_LOAN = (
    Field("loan_account", "贷款账号"),
    Field("loan_amount", "借款金额"),
    Field("loan_amount_capital", "借款金额大写"),
    Field("loan_months", "借款期数"),      # 180 期
    Field("repayment", "还款方式"),        # 等额本息
    Field("lent_on", "放款日期"),
)

#: 个人住房公积金缴存证明
CERTIFICATE_DEPOSIT = (*_CERTIFICATE, *_ACCOUNT, Field("state", "账户状态"), *_PAID_IN,
                       Field("monthly_unit", "单位月缴存额"), Field("monthly_own", "个人月缴存额"),
                       Field("purpose", "用途"))

#: 异地贷款缴存使用证明. state_box and loan_box name the box that is ticked.
CERTIFICATE_CROSS_CITY_LOAN = (
    *_CERTIFICATE, *_ACCOUNT, *_PAID_IN,
    Field("paid_from", "缴存起始年月"),
    Field("unit_share", "单位缴存比例和月缴存额"),  # 12%，每月 960.00 元
    Field("own_share", "个人缴存比例和月缴存额"),
    Field("taken", "累计提取额"),
    Field("state_box", "账户状态"),  # 正常, 封存, 欠款, 其他
    Field("loan_box", "住房公积金贷款记录"),  # 无, 一次已还清, 两次以上已还清
)

#: 贷款结清证明
CERTIFICATE_LOAN_SETTLED = (*_CERTIFICATE, *_LOAN, Field("settled_on", "结清日期"))

#: 贷款余额证明及还款计划
CERTIFICATE_REPAYMENT_PLAN = (
    *_CERTIFICATE, *_LOAN,
    Field("loan_rate", "贷款利率"),        # 年利率 2.6%
    Field("loan_left", "剩余本金"),
    Field("loan_left_capital", "剩余本金大写"),
    Field("due", "下期应还"),
    Field("due_day", "还款日"),            # 每月 20 日
    Field("overdue", "已到期未还"),
    Field("to_come", "剩余期数"),
    Field("rows", "还款计划", many=True),
)

#: 账户明细
CERTIFICATE_STATEMENT = (
    *_CERTIFICATE, *_ACCOUNT,
    Field("state", "账户状态"),
    Field("period", "起止日期"),  # 2025年10月2日至2026年10月2日
    Field("opening", "期初余额"),
    Field("put_in", "存入合计"),
    Field("interest", "年度结息合计"),
    Field("taken_out", "提取合计"),
    Field("count", "明细笔数"),
    Field("closing", "期末余额"),
    Field("closing_capital", "期末余额大写"),
    Field("rows", "明细", many=True),
)

#: 提取凭证 of an earlier withdrawal
CERTIFICATE_WITHDRAWAL = (
    *_CERTIFICATE,
    Field("account", "个人账号"),
    Field("receipt", "回执编号"),
    Field("reason", "提取原因"),
    Field("extent", "提取方式"),
    Field("booked_on", "办理日期"),
    Field("principal", "提取本金"),
    Field("interest", "利息"),
    Field("total", "提取总额"),
    Field("total_capital", "提取总额大写"),
    Field("balance_after", "提取后余额"),
    Field("bank", "收款银行"),
    Field("card_masked", "收款卡号"),
    Field("arrival", "到账"),
    Field("next_time", "下次可提取日期"),
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
    Field("next_time", "下次可提取日期"),  # 账户已销户，以后不用再来
    Field("rule_source", "提取依据"),      # the rule, and the day it was published or took effect
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

#: 贷款估算单: three terms, both ways of paying back.
LOAN_ESTIMATE = (
    *_HOUSE,
    Field("amount", "贷款金额"),           # 800,000.00 元
    Field("amount_capital", "大写"),
    Field("plans", "比较", many=True),     # rows: 20 年, 2.6%, 每月一样多, 4,278.30, 226,793.06
    Field("rule_source", "利率依据"),
    Field("notice"),                       # 公积金业务不收费，请勿找代办
    Field("advice"),                       # 能不能贷、贷多少，由中心审批
)

#: 意见登记单: a number, and nothing that was said.
COMPLAINT_SLIP = (
    *_HOUSE,
    Field("number", "编号"),               # YJ-20261002-001001
    Field("about", "哪一类"),              # 投诉
    Field("filed_on", "登记日期"),
    Field("answer_by", "答复日期"),        # 2026年10月7日以前
    Field("advice"),
    Field("rule_source", "依据"),
    Field("notice"),
)

LAYOUTS: dict[str, tuple[Field, ...]] = {
    "certificate_cross_city_loan": CERTIFICATE_CROSS_CITY_LOAN,
    "certificate_deposit": CERTIFICATE_DEPOSIT,
    "certificate_loan_settled": CERTIFICATE_LOAN_SETTLED,
    "certificate_repayment_plan": CERTIFICATE_REPAYMENT_PLAN,
    "certificate_statement": CERTIFICATE_STATEMENT,
    "certificate_withdrawal": CERTIFICATE_WITHDRAWAL,
    "withdrawal_slip": WITHDRAWAL_SLIP,
    "handoff_slip": HANDOFF_SLIP,
    "loan_estimate": LOAN_ESTIMATE,
    "complaint_slip": COMPLAINT_SLIP,
}

#: What is shown beside the preview, large, to be compared: what matters, and no more than can be large.
PREVIEWED: dict[str, tuple[str, ...]] = {
    "certificate_cross_city_loan": ("name", "id_masked", "balance", "taken", "state_box", "loan_box"),
    "certificate_deposit": ("name", "id_masked", "employer", "state", "monthly", "balance", "paid_until"),
    "certificate_loan_settled": ("name", "id_masked", "loan_amount", "lent_on", "settled_on"),
    "certificate_repayment_plan": ("name", "id_masked", "loan_left", "due", "to_come", "overdue"),
    "certificate_statement": ("name", "period", "put_in", "taken_out", "closing"),
    "certificate_withdrawal": ("name", "id_masked", "reason", "booked_on", "total", "next_time"),
}

#: Said and printed wherever money or help is asked for.
NO_FEE = "公积金业务不收费，请勿找代办"
