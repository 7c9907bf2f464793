"""Pictures of every screen, typical and at its worst: for tests, documentation and `kiosk check --screens DIR`.

    gallery(Path("screens"))                                   # everything
    gallery(Path("screens"), sizes=(0,), themes=("paper",))    # the first text size in the standard theme
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.dialogue.events import Manner
from kiosk.dialogue.view import Choice, Pad, Role, Row, Screen, View
from kiosk.ports.ears import EarReport, HearingState
from kiosk.ui.bridge import Bridge
from kiosk.ui.buttons import RING, KioskButton
from kiosk.ui.theme import font_metrics
from kiosk.ui.window import KioskWindow, ScreenOptions

ORIENTATIONS = {"portrait": QSize(1080, 1920), "landscape": QSize(1920, 1080)}
HALL = "样例市住房公积金管理中心"
AMOUNT = Row("合计", "86,532.17 元", large=True, words="八万六千五百三十二元一角七分")
PAD_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "X", "0", "delete", "enter")

TYPICAL: dict[str, View] = {
    "attract": View(Screen.ATTRACT, strip=(), mood="idle"),
    "choices": View(Screen.CHOICES, "", "您想办什么？点一下，或者直接说。", choices=(
        Choice("balance", "查公积金余额", "看看还有多少钱", "balance", 1, Role.LIKELY),
        Choice("certificate.deposit", "打印缴存证明", "盖章有效，马上拿走", "certificate", 2),
        Choice("withdraw.retirement", "取退休的钱", "退休了，一次全取出来", "retire", 3),
        Choice("more", "别的事情", "", "more", 4)), mood="listening"),
    "yes_no": View(Screen.CHOICES, "打印缴存证明", "要打印一张缴存证明，对吗？", choices=(
        Choice("yes", "对，打印", "", "", 1, Role.YES), Choice("no", "不打印", "", "", 2, Role.NO)),
        step=2, steps=3, mood="listening"),
    "focus": View(Screen.CHOICES, "退休提取", "钱转到哪张卡？", choices=(
        Choice("card1", "工商银行", "尾号 4821，一类卡", "card", 1, Role.LIKELY),
        Choice("card2", "建设银行", "尾号 0936，一类卡", "card", 2),
        Choice("no", "先不取", "", "", 3, Role.NO)), step=3, steps=4, focus=1, mood="speaking"),
    "identify": View(Screen.IDENTIFY, "退休提取", "请把身份证放在读卡的地方。", help="放平，等我说“好了”再拿走。", choices=(
        Choice("keypad", "没带身份证", "用键盘输入号码", "keypad", 1),), step=1, steps=4, mood="speaking"),
    "keypad": View(Screen.KEYPAD, "输入身份证号", "请一位一位按您的身份证号。", pad=Pad("••••••••1", PAD_KEYS, 18),
                   step=1, steps=4, mood="idle"),
    "facts": View(Screen.FACTS, "退休提取", "您退休了，可以把公积金全部取出来。转到这张卡，对吗？", rows=(
        Row("户名", "王*"), Row("收款卡", "工商银行 尾号 4821"), AMOUNT), choices=(
        Choice("yes", "对，转到这张卡", "", "", 1, Role.YES), Choice("other", "换一张卡", "", "card", 2),
        Choice("no", "先不取", "", "", 3, Role.NO), Choice("staff", "叫工作人员", "", "bell", 4)),
        step=4, steps=4, mood="speaking"),
    "preview": View(Screen.PREVIEW, "打印缴存证明", "这张证明对吗？对的话我就打印。", choices=(
        Choice("yes", "对，打印", "", "printer", 1, Role.YES), Choice("big", "字印大一点", "", "zoom", 2),
        Choice("no", "先不打印", "", "", 3, Role.NO)), step=2, steps=3, mood="idle"),
    "working": View(Screen.WORKING, "打印缴存证明", "正在打印，请等一会儿。", help="纸从右手边下面出来。", step=3, steps=3,
                    mood="thinking"),
    "done": View(Screen.DONE, "退休提取", "办好了。钱三个工作日内到您的卡上。", rows=(
        Row("转出", "86,532.17 元"), Row("到账", "11月26日以前"), Row("回执号", "T2026 1121 0007"),
        Row("请带走", "身份证、回执单")), choices=(
        Choice("next", "还要办别的", "", "list", 1), Choice("finish", "办完了，再见", "", "yes", 2, Role.LIKELY)),
        mood="glad"),
    "staff": View(Screen.STAFF, "", "已经叫了工作人员，请在这里等一等。", help="叫错了也没关系。", choices=(
        Choice("cancel_staff", "不用来了", "我自己办", "no", 1),), mood="glad"),
    "trouble": View(Screen.TROUBLE, "", "对不起，机器现在连不上中心，您的钱没有动。", help="请到3号窗口办，或者过一会儿再来。", choices=(
        Choice("slip", "打印一张办事条", "窗口一看就明白", "printer", 1, Role.LIKELY),
        Choice("staff", "叫工作人员", "", "bell", 2)), mood="sorry"),
    "deaf": View(Screen.CHOICES, "", "您想办什么？点一下就行。", choices=(
        Choice("balance", "查公积金余额", "", "balance", 1, Role.LIKELY),
        Choice("certificate.deposit", "打印缴存证明", "", "certificate", 2),
        Choice("withdraw.retirement", "取退休的钱", "", "retire", 3)), mood="idle"),
}

_LONG = (
    Choice("a", "对，转到工商银行尾号四八二一的那张储蓄卡", "一类卡，户名和身份证一致，三个工作日内到账", "card", 1, Role.LIKELY),
    Choice("b", "换一张卡，转到建设银行尾号零九三六的卡", "一类卡，户名和身份证一致，三个工作日内到账", "card", 2),
    Choice("c", "先不取，我回家和家里人商量一下再来办", "您的钱不会动，什么时候来都可以", "", 3, Role.NO),
    Choice("d", "我看不懂，请叫一位工作人员过来帮我办", "大约两分钟就到，请在这里等", "bell", 4),
)
_LONG_SENTENCE = "您已经退休了，可以把公积金账户里的钱全部取出来，取完以后账户就注销了。钱转到这张银行卡，对吗？"

WORST: dict[str, View] = {
    "choices_long": View(Screen.CHOICES, "退休一次性提取", _LONG_SENTENCE, help="说“再说一遍”，我就再说一遍。", choices=_LONG, step=3,
                         steps=5, notice="还需要时间吗？请说“需要”，或者按任意键。", focus=0),
    "facts_long": View(Screen.FACTS, "退休一次性提取", _LONG_SENTENCE, rows=(
        Row("户名", "欧阳**"), Row("单位", "样例市第一建筑安装工程有限责任公司"), Row("收款卡", "中国邮政储蓄银行 尾号 4821"),
        Row("合计", "1,286,532.17 元", large=True, words="一百二十八万六千五百三十二元一角七分")), choices=tuple(
        replace(choice, help="") for choice in _LONG), step=4, steps=5),
    "keypad_long": View(Screen.KEYPAD, "输入身份证号", "号码好像不对，请看着身份证，再一位一位按一遍。", pad=Pad(
        "••••••••••••••••1X", PAD_KEYS, 18, "第七位到第十四位应该是您的生日，请再看一眼。"), choices=(
        Choice("card", "我带了身份证，放卡办", "", "idcard", 1),), step=1, steps=5, focus=4),
    "done_long": View(Screen.DONE, "退休一次性提取", "办好了。钱三个工作日内到您的卡上，到账会有短信。", rows=(
        Row("转出", "1,286,532.17 元", large=True, words="一百二十八万六千五百三十二元一角七分"),
        Row("收款卡", "中国邮政储蓄银行 尾号 4821"), Row("到账", "2026年11月26日以前"), Row("回执号", "T2026 1121 0007"),
        Row("请带走", "身份证、银行卡、回执单、您的包")), choices=(
        Choice("next", "还要办别的", "不用再放身份证", "list", 1), Choice("finish", "办完了，再见", "", "yes", 2, Role.LIKELY))),
    "preview_long": View(Screen.PREVIEW, "打印缴存证明", "这是您的缴存证明，请看一看名字和金额。对的话我就打印，一共两张。", rows=(
        Row("户名", "欧阳**"), Row("余额", "1,286,532.17 元"), Row("缴存到", "2026年10月")), choices=(
        Choice("yes", "对，打印两张", "", "printer", 1, Role.YES), Choice("big", "字印大一点", "内容一样，字大一倍", "zoom", 2),
        Choice("copies", "换个张数", "", "copy", 3), Choice("no", "先不打印", "", "", 4, Role.NO)), step=2, steps=3),
}


def hearing_of(name: str, view: View) -> EarReport:
    """Ears that go with the view."""
    if name == "deaf":
        return EarReport(HearingState.DEAF)
    return EarReport(HearingState.LISTENING, 0.6) if view.mood in ("listening", "idle") else EarReport(HearingState.READY)


def present(window: KioskWindow, name: str, view: View) -> None:
    """Show the view with the captions and ears that go with it."""
    window.show_view(view)
    window.show_ears(hearing_of(name, view))
    speaking = view.mood == "speaking"
    middle = max(view.sentence.find("。"), view.sentence.find("，")) + 1
    window.show_caption_kiosk(view.sentence if speaking else "", middle if speaking else 0,
                              len(view.sentence) if speaking else 0)
    window.set_speaking(0.6 if speaking else 0.0)
    window.show_caption_visitor("退休了，想把公积金取出来" if speaking and view.screen is not Screen.IDENTIFY else "")


def misfits(window: KioskWindow) -> list[str]:
    """What is wrong with the screen as it stands: text cut off or too small, things outside or upon each other,
    targets too small. Empty when all is well."""
    metrics = window.kit.metrics
    faults: list[str] = []
    shown = [widget for widget in window.findChildren(QWidget) if widget.isVisibleTo(window) and not widget.size().isEmpty()]
    for widget in shown:
        place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
        name = widget.objectName() or widget.accessibleName() or type(widget).__name__
        if not window.rect().contains(place):
            faults.append(f"{name}: outside the window")
        for laid, box in getattr(widget, "blocks", list)():
            lines = [laid.text[start:end].strip() for start, end in laid.lines]
            if laid.px < metrics.floor:
                faults.append(f"{name}: text of {laid.px} px is below {metrics.floor}")
            if laid.height > box.height() + 1 or max(font_metrics(laid.px).horizontalAdvance(s) for s in lines) > box.width() + 1:
                faults.append(f"{name}: text is cut off")
            if box.top() < -1 or box.bottom() > widget.height() + 1 or box.right() > widget.width() + 1:
                faults.append(f"{name}: text outside its widget")
        if isinstance(widget, KioskButton) and min(widget.width(), widget.height()) < metrics.target:
            faults.append(f"{name}: target of {widget.width()} x {widget.height()} px, {metrics.target} needed")
    page = window.current
    areas = {"top": window.top, "notice": window.notice, "guide": window.guide, "sentence": window.sentence,
             "help": window.help, "hearing": window.hearing, "exhibit": page.exhibit, "actions": page.actions,
             "bottom": window.bottom}
    ring = metrics.u(RING)
    places = {name: widget.geometry().adjusted(*((ring, ring, -ring, -ring) if name == "actions" else (0, 0, 0, 0)))
              for name, widget in areas.items() if widget in shown}
    faults += [f"{one} lies upon {other}" for one, other in combinations(places, 2)
               if places[one].intersects(places[other]) and {one, other} != {"guide", "sentence"}]
    return faults


def gallery(folder: Path, sizes: Iterable[int] = (0, 1, 2), themes: Iterable[str] = ("paper", "dark", "yellow"),
            orientations: Iterable[str] = ("portrait", "landscape"), names: Iterable[str] | None = None,
            document: str = "") -> list[Path]:
    """Render the views to PNG files and return them. Needs a QApplication (the offscreen platform will do).

    `document` is a page picture for the preview.
    """
    folder.mkdir(parents=True, exist_ok=True)
    views = {name: view for name, view in (TYPICAL | WORST).items() if names is None or name in names}
    made: list[Path] = []
    for orientation in orientations:
        window = KioskWindow(Bridge(), ScreenOptions(hall=HALL, reduced_motion=True))
        window.open_at(ORIENTATIONS[orientation].width(), ORIENTATIONS[orientation].height())
        for theme in themes:
            for size in sizes:
                window.show_manner(Manner(theme=theme, text_size=size))
                for name, view in views.items():
                    present(window, name, replace(view, document=document) if view.screen is Screen.PREVIEW else view)
                    QApplication.processEvents()
                    file = folder / f"{orientation}-{theme}-{size + 1}-{name}.png"
                    if not window.grab().save(str(file)):
                        raise OSError(f"cannot write {file}")
                    made.append(file)
        window.close()
        window.deleteLater()
    return made
