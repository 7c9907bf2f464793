"""Views to look at: how every screen usually is, and how it is at its worst. All people and numbers are invented."""

from __future__ import annotations

from dataclasses import replace

from kiosk.dialogue.view import Choice, Pad, Role, Row, Screen, View

HALL = "样例市住房公积金管理中心"
PAD_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "X", "0", "delete", "enter")

_YES = Choice("yes", "对，打印出来", "", "printer", 1, Role.YES)

TYPICAL: dict[str, View] = {
    "attract": View(Screen.ATTRACT, strip=("staff",), mood="idle"),
    "choices": View(
        Screen.CHOICES, "", "您想办什么事？", mood="listening",
        choices=(Choice("withdraw", "取公积金", "退休、租房、还房贷、买房，都在这里。", "withdraw", 1, Role.LIKELY),
                 Choice("deposit", "打印缴存证明", "证明您交了多少公积金，当场打出来。", "certificate", 2),
                 Choice("balance", "查余额", "看看账户里有多少钱。", "balance", 3),
                 Choice("others", "别的事", "别的证明，问一件事，都在这里。", "more", 4))),
    "yes_no": View(
        Screen.CHOICES, "打印缴存证明", "纸出来了吗？", step=3, steps=3, mood="listening",
        choices=(Choice("yes", "出来了", "", "yes", 1, Role.YES), Choice("no", "没有出来", "", "no", 2, Role.NO))),
    "focus": View(
        Screen.CHOICES, "退休取钱", "钱转到您的哪张卡？", step=3, steps=5, focus=1, mood="speaking",
        choices=(Choice("card1", "工商银行 尾号 4821", "", "card", 1, Role.LIKELY),
                 Choice("card2", "建设银行 尾号 0936", "", "card", 2),
                 Choice("no", "不是这些卡", "", "question", 3))),
    "identify": View(
        Screen.IDENTIFY, "退休取钱", "请把身份证放在亮灯的地方。",
        step=1, steps=5, mood="speaking",
        choices=(Choice("keypad", "没带证，我打号码", "用按键打身份证号，再打查询密码。", "keypad", 1),)),
    "keypad": View(
        Screen.KEYPAD, "查余额", "请按您的身份证号，一共十八位。", step=1, steps=2, mood="idle",
        pad=Pad("••••••••1", PAD_KEYS, 18)),
    "amount": View(
        Screen.KEYPAD, "租房取钱", "要取多少？说个数，或者按出来。", step=2, steps=5, mood="listening",
        pad=Pad("12,500 元", PAD_KEYS[:9] + PAD_KEYS[10:])),
    "facts": View(
        Screen.FACTS, "退休取钱", "都对的话，请说“对，没错”。",
        step=4, steps=5, mood="speaking",
        rows=(Row("一共取出", "86,532.17 元", large=True, words="八万六千五百三十二元一角七分"),
              Row("转到", "工商银行 尾号 4821")),
        choices=(Choice("yes", "对，转到这张卡", "", "", 1, Role.YES), Choice("other", "换一张卡", "", "card", 2),
                 Choice("no", "先不取了", "", "no", 3, Role.NO), Choice("get_staff", "叫工作人员", "", "staff", 4))),
    "preview": View(
        Screen.PREVIEW, "打印缴存证明", "证明在屏幕上，请您看看对不对。", step=2, steps=3, mood="idle",
        choices=(_YES, Choice("big", "打大字的", "", "zoom", 2), Choice("no", "先不打了", "", "no", 3, Role.NO))),
    "working": View(
        Screen.WORKING, "打印缴存证明", "正在打印，请稍等。",
        step=3, steps=3, mood="thinking", strip=("repeat", "staff"), picture="print"),
    "waiting": View(
        Screen.WORKING, "退休取钱", "正在看您能不能取，请稍等。", step=2, steps=5, mood="thinking", strip=("repeat", "staff")),
    "done": View(
        Screen.DONE, "退休取钱", "钱11月26日前后到您卡上。", mood="glad",
        rows=(Row("取出", "86,532.17 元", large=True, words="八万六千五百三十二元一角七分"),
              Row("转到", "工商银行 尾号 4821"), Row("大约到账", "11月26日"), Row("编号", "T2026 1121 0007")),
        choices=(Choice("finish", "不用了，办完了", "", "done", 1, Role.LIKELY),
                 Choice("next", "还要办别的", "", "more", 2))),
    "staff": View(
        Screen.STAFF, "", "已经叫了工作人员，请您在这里稍等。", mood="glad",
        choices=(Choice("go_on", "不等了，我自己接着办", "", "back", 1),)),
    "trouble": View(
        Screen.TROUBLE, "", "对不起，现在连不上中心。这件事没有办，您的钱没有动。", mood="sorry",
        choices=(Choice("try_again", "再试一次", "", "repeat", 1, Role.LIKELY),
                 Choice("get_staff", "叫工作人员", "", "staff", 2), Choice("to_menu", "回到开头", "", "home", 3))),
    "goodbye": View(
        Screen.DONE, "", "请取走证件和证明。您慢走。", mood="glad", strip=(),
        rows=(Row("请带走", "身份证、缴存证明"),)),
    "deaf_attract": View(Screen.ATTRACT, strip=("staff",), mood="idle"),
    "deaf": View(
        Screen.CHOICES, "", "您想办什么事？", mood="idle", notice="现在听不见，请点屏幕办理",
        choices=(Choice("withdraw", "取公积金", "", "withdraw", 1, Role.LIKELY),
                 Choice("deposit", "打印缴存证明", "", "certificate", 2), Choice("balance", "查余额", "", "balance", 3),
                 Choice("others", "别的事", "", "more", 4))),
}

_LONG = (
    Choice("a", "对，转到工商银行尾号四八二一的那张储蓄卡", "一类卡，户名和身份证一致，三个工作日内到账", "card", 1,
           Role.LIKELY),
    Choice("b", "换一张卡，转到建设银行尾号零九三六的卡", "一类卡，户名和身份证一致，三个工作日内到账", "card", 2),
    Choice("c", "先不取，我回家和家里人商量一下再来办", "您的钱不会动，什么时候来都可以", "", 3, Role.NO),
    Choice("d", "我看不懂，请叫一位工作人员过来帮我办", "大约两分钟就到，请在这里等", "staff", 4),
)
_LONG_SENTENCE = ("您已经退休了，可以把公积金账户里的钱全部取出来，取完以后账户就注销了。"
                  "钱转到这张银行卡，对吗？")
_LONG_AMOUNT = Row("合计", "1,286,532.17 元", large=True, words="一百二十八万六千五百三十二元一角七分")
_LONG_CARD = Row("收款卡", "中国邮政储蓄银行 尾号 4821")

WORST: dict[str, View] = {
    "choices_long": View(
        Screen.CHOICES, "退休一次性提取", _LONG_SENTENCE, choices=_LONG, step=3, steps=5,
        help="说“再说一遍”，我就再说一遍。", notice="还需要时间吗？请说“需要”，或者按任意键。", focus=0),
    "facts_long": View(
        Screen.FACTS, "退休一次性提取", _LONG_SENTENCE, step=4, steps=5,
        rows=(Row("户名", "欧阳**"), Row("单位", "样例市第一建筑安装工程有限责任公司"), _LONG_CARD, _LONG_AMOUNT),
        choices=tuple(replace(choice, help="") for choice in _LONG)),
    "facts_help": View(
        Screen.FACTS, "查公积金余额", "您的公积金都在这里。要听我念一遍吗？", focus=3,
        help="余额是您和单位一共存的钱。利息每年六月三十号结一次。想知道能取多少，请说“我想取钱”。",
        rows=(replace(_LONG_AMOUNT, label="余额"), Row("今年利息", "1,286.53 元"), Row("每月缴存", "2,480.00 元"),
              Row("缴存到", "2026年10月"), Row("账户状态", "正常缴存")),
        choices=(Choice("read", "念给我听", "", "sound", 1, Role.YES), Choice("seen", "看好了", "", "eye", 2, Role.NO),
                 Choice("get_staff", "叫工作人员", "", "staff", 3))),
    "keypad_long": View(
        Screen.KEYPAD, "输入身份证号", "号码好像不对，请看着身份证，再一位一位按一遍。", step=1, steps=5, focus=4,
        pad=Pad("••••••••••••••••1X", PAD_KEYS, 18, "第七位到第十四位应该是您的生日，请再看一眼。"),
        choices=(Choice("card", "我带了身份证，放卡办", "", "card", 1),)),
    "done_long": View(
        Screen.DONE, "退休一次性提取", "办好了。钱三个工作日内到您的卡上，到账会有短信。",
        rows=(replace(_LONG_AMOUNT, label="转出"), _LONG_CARD, Row("到账", "2026年11月26日以前"),
              Row("回执号", "T2026 1121 0007"), Row("请带走", "身份证、银行卡、回执单、您的包")),
        choices=(Choice("next", "还要办别的", "不用再放身份证", "more", 1),
                 Choice("finish", "办完了，再见", "", "done", 2, Role.LIKELY))),
    "preview_long": View(
        Screen.PREVIEW, "打印缴存证明", "这是您的缴存证明，请看一看名字和金额。对的话我就打印，一共两张。",
        step=2, steps=3,
        rows=(Row("户名", "欧阳**"), Row("余额", "1,286,532.17 元"), Row("缴存到", "2026年10月")),
        choices=(replace(_YES, label="对，打印两张"), Choice("big", "字印大一点", "内容一样，字大一倍", "zoom", 2),
                 Choice("copies", "换个张数", "", "copy", 3), Choice("no", "先不打印", "", "", 4, Role.NO))),
    "trouble_long": View(
        Screen.TROUBLE, "退休一次性提取", mood="sorry",
        sentence="对不起，这件事要到窗口办。您的账户还有一笔贷款没有还清，要先还清才能取。",
        help="请带身份证、银行卡和退休证，到3号窗口找工作人员，周一到周五上午九点到下午五点都可以。",
        rows=(Row("窗口", "3号窗口"), Row("要带的", "身份证、银行卡、退休证"), Row("热线", "12329")),
        choices=(Choice("slip", "打印一张办事条", "窗口一看就明白", "printer", 1, Role.LIKELY),
                 Choice("get_staff", "叫工作人员", "", "staff", 2), Choice("finish", "知道了，再见", "", "done", 3))),
}

VIEWS = TYPICAL | WORST
