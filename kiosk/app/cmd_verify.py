"""`kiosk verify FILE|CODE`: is this certificate genuine?

FILE is a certificate as PDF, or a scan or photograph of one (PNG, JPG): its QR code is read and its signature checked,
which needs no network. Of a PDF the printed text is compared with the signed facts too, field by field, and lists line
by line; of a picture the facts are shown, to be compared by eye (the lines of a list cannot be checked from a picture). CODE is the verification code, looked up in this terminal's journal.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from kiosk.adapters import paper_reader, pdf_pages
from kiosk.adapters.paper_layout import load as load_layout
from kiosk.adapters.paper_reader import Difference
from kiosk.adapters.pdf_pages import PaperError
from kiosk.app.settings import Site
from kiosk.counter.checking import Checker
from kiosk.counter.papers import LAYOUTS
from kiosk.fund.certificate import CODE_LENGTH, QrError, Verification, grouped, lines_digest, read_qr, tidy_code
from kiosk.fund.money import Money
from kiosk.fund.rules import CertificateRule, Rules

VALID, INVALID, UNREADABLE = 0, 1, 2
#: Words of the paper that the signature does not cover: another hall's differ from ours without being false.
UNSIGNED = frozenset({"place", "hotline", "statement", "verify_hint", "mark", "page"})
NO_FILE = "找不到这个文件：{path}。"
#: 日期, 摘要, 发生额, 余额: the lines of a statement add up.
_STATEMENT_COLUMNS = 4
LINES_ALTERED, LINES_SIGNED = "（有一行被改动、删掉或添加）", "开具时的每一行"
BY_EYE = "请用眼睛核对：纸上写的要和上面一样。"
ONLY_SUMS = "照片只能核对合计，一行一行的明细没有核对；要核对明细，请用 PDF 文件。"
NO_CODE = "没有在上面找到二维码。请换一张更清楚、更平整的扫描件（300 点），或者直接输入验证码。"
NOT_A_CODE = "验证码是 10 位数字和字母，印在二维码旁边，例如 7K3PW 9XQ2M。要核验文件，请写文件名。"


RulesOn = Callable[[date], Rules]


@dataclass(frozen=True)
class Finding:
    """`altered` are texts of the paper that contradict the signature, `other` texts it does not cover that differ from
    this terminal's; `compared` tells whether there was a text to compare."""

    verification: Verification
    compared: bool = False
    altered: tuple[Difference, ...] = ()
    other: tuple[Difference, ...] = ()

    @property
    def unchecked_lines(self) -> bool:
        """A picture of a paper that lists lines: only their sums have been checked."""
        return bool(self.verification.lines) and not self.compared

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        altered = self.verification.valid and self.altered
        return "证明上的文字被改动过，无效。" if altered else self.verification.sentence

    @property
    def exit_code(self) -> int:
        good = self.verification.valid and not self.verification.expired and not self.altered
        return VALID if good else INVALID


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", metavar="FILE|CODE", nargs="+", help="PDF、照片、扫描件，或者验证码 a file or the code")
    parser.add_argument("--site", help="site file (TOML)")
    parser.epilog = "Exit codes: 0 genuine, 1 not genuine or out of date, 2 cannot be read."


def run(args: argparse.Namespace) -> int:
    """Exit code 0 valid, 1 invalid or expired, 2 cannot read."""
    from kiosk.app import compose, settings

    site = settings.load(args.site)
    return verify(" ".join(args.what), compose.checker(site), compose.rule_book(site).on, as_json=args.json, own=own_words(site))


def verify_file(path: Path, site: Site, checker: Checker) -> Finding:
    """For other parts of the program: check the paper in a file. Raises PaperError (cannot be read) or QrError (no
    certificate of this system). Needs the main thread, or a QGuiApplication that lives already."""
    from kiosk.app import compose

    return examine(path, checker, compose.rule_book(site).on, own_words(site))


def own_words(site: Site) -> dict[str, str]:
    """What this terminal prints that no signature covers."""
    return {"place": site.machine.place, "hotline": site.machine.hotline}


def verify(what: str, checker: Checker, rules_on: RulesOn, *, as_json: bool, own: Mapping[str, str]) -> int:
    """Check, print the answer, return the exit code. `own` are this terminal's words that are not signed."""
    path = Path(what).expanduser()
    try:
        finding = (examine(path, checker, rules_on, own) if path.is_file()
                   else Finding(checker.code(_code(what))))
    except PaperError as error:
        return _say(UNREADABLE, error.sentence, as_json)
    except QrError as error:
        return _say(INVALID, error.sentence, as_json)
    rule = rules_on(date.today()).certificates.get(finding.verification.kind)
    title = rule.title if rule else ""
    print(json.dumps({**_as_json(finding), "title": title}, ensure_ascii=False) if as_json else _as_text(finding, title))
    return finding.exit_code


def examine(path: Path, checker: Checker, rules_on: RulesOn, own: Mapping[str, str]) -> Finding:
    """Check a paper. Raises PaperError (cannot be read) or QrError (no certificate of this system)."""
    found = paper_reader.read_qr(path)
    if not found:
        raise PaperError("no code", NO_CODE)
    # A paper may carry other codes too (a visiting card lying on the scan): ours is the one that can be read as ours.
    text = next((one for one in found if _is_ours(one)), found[0])
    verification = checker.qr(text)
    if not verification.facts or not paper_reader.is_pdf(path) or pdf_pages.has_pictures(path):
        return Finding(verification)  # a picture: to be compared by eye
    rule = rules_on(_issued(text)).certificates[verification.kind]
    table = load_layout(rule.layout).table
    lines = paper_reader.table_lines(path, table) if table else []
    differing = compare(pdf_pages.rows(path), text, verification, rule, own, lines)
    if lines_digest(lines) != verification.lines and (lines or verification.lines):
        differing.insert(0, _line_difference(lines, differing))
    altered = tuple(one for one in differing if not UNSIGNED.intersection(one.facts))
    return Finding(verification, True, altered, tuple(one for one in differing if one not in altered))


def _issued(qr: str) -> date:
    return date.fromisoformat(str(read_qr(qr)[0].facts["issued"])[:10])


def compare(written: Sequence[str], qr: str, verification: Verification, rule: CertificateRule,
            own: Mapping[str, str], lines: Sequence[Sequence[str]]) -> list[Difference]:
    """Where a PDF's text differs from the paper that the signed facts make, with the lines as they stand on it. Main
    thread only: it measures text."""
    from kiosk.adapters.paper_fonts import application
    from kiosk.adapters.qt_paper import QtPaper

    made, _ = read_qr(qr)
    facts: dict[str, object] = {**own, **(verification.facts or {}), "number": made.number,
                                "verify_code": grouped(made.code), "title": rule.title, "statement": rule.statement,
                                "verify_hint": rule.verify_hint, "rows": lines}
    again = re.search(r"补打第(\d+)次", "".join(written))
    mark = f"补打 第{again[1]}次" if again else ""
    keep = application()
    drawn = [QtPaper().plan(rule.layout, facts, enlarged=enlarged, qr=qr, mark=mark) for enlarged in (False, True)]
    del keep
    best = max(drawn, key=lambda plan: paper_reader.likeness(written, plan))
    return paper_reader.differences(written, best)


def _line_difference(lines: Sequence[Sequence[str]], others: Sequence[Difference]) -> Difference:
    """The first line whose balance does not follow from the line before, where that can be told."""
    suspect = next((one.paper for one in others if "rows" in one.facts), "")
    for before, line in pairwise(lines):
        try:
            sums = [Money.parse(cell.removeprefix("+")) for cell in (before[-1], line[-2], line[-1])]
        except ValueError:
            break
        if sums[0] + sums[1] != sums[2] and len(line) == _STATEMENT_COLUMNS:
            suspect = suspect or " ".join(line)
            break
    return Difference(("rows",), suspect or LINES_ALTERED, LINES_SIGNED)


def _is_ours(text: str) -> bool:
    try:
        read_qr(text)
    except QrError:
        return False
    return True


def _code(what: str) -> str:
    if len(tidy_code(what)) == CODE_LENGTH and what.isascii() and "." not in what and "/" not in what:
        return what
    raise PaperError("neither file nor code", NO_FILE.format(path=what) if "." in what or "/" in what else NOT_A_CODE)


# ------------------------------------------------ telling


def _labels() -> dict[str, str]:
    # papers call one fact by different names: the certificates' names come last and win
    named = {field.id: field.label for name in sorted(LAYOUTS, reverse=True) for field in LAYOUTS[name] if field.label}
    return {**named, "title": "标题", "centre": "开具单位", "statement": "说明", "verify_hint": "核验办法",
            "mark": "补打记号", "page": "页码"}


def _label(difference: Difference) -> str:
    labels = _labels()
    return "、".join(labels.get(fact, fact) for fact in difference.facts) or "版式文字"


def _as_text(finding: Finding, title: str = "") -> str:
    verification, labels = finding.verification, _labels()
    lines = [finding.sentence, *([f"这是：{title}"] if title else [])]
    for one in finding.altered:
        lines.append(f"  {_label(one)}：纸上写的是“{one.paper}”，签名的是“{one.signed}”。")
    facts = dict(verification.facts or {})
    if facts:
        lines.append("签名的内容：")
        lines += [f"  {labels.get(name, name)}：{value}" for name, value in facts.items() if value]
    if finding.compared and not finding.altered and verification.valid:
        lines.append("纸上的文字和签名的内容一致。")
    elif not finding.compared and verification.valid and facts:
        lines.append(BY_EYE)
        if finding.unchecked_lines:
            lines.append(ONLY_SUMS)
    if finding.other:
        lines.append("下面的文字不在签名里，和本机的不一样，请留意：")
        lines += [f"  {_label(one)}：{one.paper or '（没有）'}" for one in finding.other]
    return "\n".join(lines)


def _plain(differences: Sequence[Difference]) -> list[dict[str, object]]:
    return [{"fields": list(one.facts), "label": _label(one), "paper": one.paper, "signed": one.signed}
            for one in differences]


def _as_json(finding: Finding) -> dict[str, object]:
    verification = finding.verification
    return {"valid": finding.exit_code == VALID, "kind": verification.kind, "validity": verification.validity.value,
            "expired": verification.expired, "number": verification.number, "facts": dict(verification.facts or {}),
            "prints": verification.prints, "reprints": verification.reprints,
            "text": "different" if finding.altered else "same" if finding.compared else "not compared",
            "lines": "not compared" if finding.unchecked_lines else "",
            "altered": _plain(finding.altered), "other": _plain(finding.other),
            "sentence": finding.sentence}


def _say(code: int, sentence: str, as_json: bool) -> int:
    print(json.dumps({"valid": False, "readable": code != UNREADABLE, "sentence": sentence}, ensure_ascii=False)
          if as_json else sentence)
    return code
