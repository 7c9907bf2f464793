"""Facts of invented people for every layout: an everyday paper, and the longest that can happen."""

from __future__ import annotations

HOUSE = {
    "centre": "样例市住房公积金管理中心", "place": "样例市政务大厅一楼", "machine": "001", "hotline": "12329",
    "printed_at": "2026年10月2日 09:30", "notice": "公积金业务不收费，请勿找代办",
}

CERTIFICATE: dict[str, object] = {
    **HOUSE, "title": "个人住房公积金缴存证明", "number": "KIOSK-20261002-001001", "verify_code": "7K3PW 9XQ2M",
    "name": "王春和", "id_masked": "990***********1234", "account": "990012345678", "employer": "样例市第一纺织厂",
    "state": "正常", "base": "8,000.00 元", "monthly_unit": "960.00 元", "monthly_own": "960.00 元",
    "monthly": "1,920.00 元", "balance": "12,345.67 元", "balance_capital": "壹万贰仟叁佰肆拾伍元陆角柒分",
    "opened_on": "2010年7月5日", "paid_until": "2026年8月", "purpose": "本人办事使用", "issued_on": "2026年10月2日",
    "valid_until": "2026年12月1日",
    "statement": "本证明由自助终端依据住房公积金管理中心当日数据开具，不盖实体印章，"
                 "扫描二维码或凭编号和验证码核验后有效。本证明只说明开具当日的缴存情况，不作为担保。",
    "verify_hint": "任何一台自助终端或大厅窗口，扫二维码，或报编号和验证码，都可以核验。",
}

LONGEST_CERTIFICATE = {
    **CERTIFICATE, "centre": "样例壮族苗族自治州住房公积金管理中心", "name": "欧阳䶮㛃𬭎",
    "id_masked": "99010119491231002X", "employer": "样例省样例市高新技术产业开发区第一建筑工程总公司", "account": "990012345678901234",
    "balance": "1,234,567.89 元", "balance_capital": "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分",
    "base": "38,000.00 元", "monthly": "9,120.00 元", "monthly_unit": "4,560.00 元", "monthly_own": "4,560.00 元",
    "purpose": "申请异地住房公积金个人住房贷款使用", "place": "样例市高新技术产业开发区政务服务中心二楼",
    "state": "封存（停缴保管）",
}

WITHDRAWAL: dict[str, object] = {
    **HOUSE, "title": "住房公积金提取回执", "number": "TQ-20261002-001001", "status": "已受理", "kind": "退休提取",
    "extent": "全部提取并销户", "name_masked": "王**", "id_masked": "990***********1234", "account_masked": "99**5678",
    "principal": "86,420.15 元", "interest": "312.06 元", "total": "86,732.21 元",
    "total_capital": "捌万陆仟柒佰叁拾贰元贰角壹分", "balance_after": "0.00 元", "bank": "样例银行",
    "card_masked": "**** 1234", "booked_at": "2026年10月2日 09:30", "arrival": "2026年10月9日前",
    "next_time": "账户已销户，以后不用再来", "advice": "到期没有收到钱，请拿这张回执打 12329。",
    "rule_source": "《住房公积金管理条例》：离休、退休可以提取（2026年8月18日）（2026年10月2日查）",
}

LONGEST_WITHDRAWAL = {
    **WITHDRAWAL, "centre": "样例壮族苗族自治州住房公积金管理中心", "kind": "偿还异地住房公积金贷款本息提取",
    "principal": "1,234,567.89 元", "interest": "18,518.51 元", "total": "1,253,086.40 元",
    "total_capital": "壹佰贰拾伍万叁仟零捌拾陆元肆角整", "bank": "样例省样例市农村商业银行股份有限公司",
    "place": "样例市高新技术产业开发区政务服务中心二楼", "name_masked": "欧阳**",
}

HANDOFF: dict[str, object] = {
    **HOUSE, "title": "办事引导条", "matter": "退休提取", "reason": "您的账户还没有封存，单位要先办停缴。",
    "todo": "请单位经办人先办封存，办好第二天就可以来提取。", "window": "3号窗口",
    "hours": "周一到周五，上午九点到下午五点", "materials": ["身份证原件", "本人一类银行卡", "退休证，或者退休审批表"],
    "have": ["户口本"], "missing": ["结婚证：丢了，到民政局补领"],
    "rule_source": "《住房公积金管理条例》第二十四条", "advice": "以窗口答复为准。",
}

LONGEST_HANDOFF = {
    **HANDOFF, "centre": "样例壮族苗族自治州住房公积金管理中心", "matter": "继承人提取去世职工的住房公积金",
    "materials": [f"{n}、能证明继承人身份和亲属关系的公证书、人民法院生效判决书或者调解书原件和复印件"
                  for n in range(8)],
    "reason": "这件事要核对继承关系，机器上办不了，请到窗口，工作人员会一步一步帮您办好，不用着急。" * 2,
    "todo": "请先打 12329 问清楚要带什么，再带齐材料来。" * 3,
}

ESTIMATE: dict[str, object] = {
    **HOUSE, "title": "贷款估算单", "amount": "800,000.00 元", "amount_capital": "捌拾万元整",
    "plans": [[f"{years} 年", "2.6%", "每月一样多", "4,278.30", "226,793.06"] for years in (10, 20, 30)],
    "rule_source": "2025年5月8日起执行的个人住房公积金贷款利率", "advice": "能不能贷、贷多少，由中心审批。",
}

LONGEST_ESTIMATE = {
    **ESTIMATE, "centre": "样例壮族苗族自治州住房公积金管理中心", "amount": "99,999,999.00 元",
    "amount_capital": "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元整", "place": "样例市高新技术产业开发区政务服务中心二楼",
    "plans": [["30 年", "3.075%", "先多后少", "955,555.56 到 278,490.04", "46,253,125.00"] for _ in range(6)],
}

COMPLAINT: dict[str, object] = {
    **HOUSE, "title": "意见登记单", "number": "YJ-20261002-001001", "about": "对记录有异议", "filed_on": "2026年10月2日",
    "answer_by": "2026年10月7日以前", "advice": "中心五天里书面答复。请带身份证和这个编号到窗口登记。",
    "rule_source": "《住房公积金管理条例》（2019年修订）第三十六条：五日内书面答复",
}

EVERYDAY = {"complaint_slip": COMPLAINT, "loan_estimate": ESTIMATE, "certificate_deposit": CERTIFICATE, "withdrawal_slip": WITHDRAWAL, "handoff_slip": HANDOFF}
LONGEST = {"complaint_slip": {**COMPLAINT, "centre": "样例壮族苗族自治州住房公积金管理中心"}, "loan_estimate": LONGEST_ESTIMATE, "certificate_deposit": LONGEST_CERTIFICATE, "withdrawal_slip": LONGEST_WITHDRAWAL,
           "handoff_slip": LONGEST_HANDOFF}
QR = "XYK1.0a1b2c3d.7K3PW9XQ2M." + "A1b2-_" * 14 + "AB." + (
    '{"account":"990012345678","balance":123456789,"base":3800000,"centre":"样例壮族苗族自治州住房公积金管理中心",'
    '"employer":"样例省样例市高新技术产业开发区第一建筑工程总公司","id":"99010119491231002X","issued":"2026-10-02T09:30",'
    '"kind":"certificate.deposit","machine":"001","name":"欧阳䶮㛃𬭎","number":"KIOSK-20261002-001001",'
    '"opened":"2010-07-05","own":456000,"paid":"2026-08","purpose":"申请异地住房公积金个人住房贷款使用","state":"正常",'
    '"unit":456000,"until":"2026-12-01"}')
