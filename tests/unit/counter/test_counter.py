"""The tasks of the catalogue, one by one, on the demonstration centre."""

from __future__ import annotations

import json
from datetime import date

import pytest
from counter_kit import Kit, number_of, people

from kiosk.counter.catalogue import TASKS
from kiosk.fund.account import State
from kiosk.fund.identity import IdNumber
from kiosk.fund.money import Money
from kiosk.ports.devices import IdCard
from kiosk.ports.printer import PrintState
from kiosk.ports.tasks import Outcome

P = PrintState
ABLE = ["王样例", "李示范", "张试用", "赵演示", "许示范", "欧阳试用", "韩演示", "彭测试", "龚䶮样例", "阿依·示范"]


def gives_what_the_catalogue_says(task: str, outcome: Outcome) -> None:
    assert outcome.name in TASKS[task].gives
    assert set(TASKS[task].gives[outcome.name]) <= outcome.facts.keys()


# ------------------------------------------------------------------ the seam


def test_the_seam_is_the_catalogue(kit: Kit) -> None:
    assert kit.counter.outcomes().keys() == TASKS.keys()
    assert all("failed" in names for names in kit.counter.outcomes().values())
    assert kit.counter.once_tasks() == {"certificate.print", "certificate.reprint", "withdrawal.book",
                                        "withdrawal.slip", "handoff.slip", "loan.paper", "complaint.file"}


@pytest.mark.parametrize(("task", "facts", "key"), [
    ("account.look", {}, ""), ("withdrawal.slip", {"receipt_number": "x"}, ""),
    ("identity.by_card", {"card": 1}, "key")])
def test_a_flow_that_asks_wrongly_is_a_mistake(kit: Kit, task: str, facts: dict[str, object], key: str) -> None:
    with pytest.raises(ValueError, match=task):
        kit.do(task, facts, key)


# ------------------------------------------------------------------ who is it


def test_by_card(kit: Kit) -> None:
    found = kit.do("identity.by_card", {"card": IdCard("王样例", number_of("王样例").clear, "长期")})
    gives_what_the_catalogue_says("identity.by_card", found)
    facts = found.facts
    assert (facts["surname"], facts["name_masked"], facts["state"]) == ("王", "王*", "02")
    assert facts["state_words"] == "您的账户现在是停缴保管状态"
    assert (facts["balance"], facts["monthly_deposit"]) == (Money.parse("86543.21"), Money.yuan(1_920))
    assert str(facts["paid_until"]) == "2024年3月"
    assert "王样例" not in repr(found)
    assert number_of("王样例").clear not in repr(found)


@pytest.mark.parametrize(("card", "outcome"), [
    (IdCard("王样例", "990101196403180114", ""), "unreadable"),
    (IdCard("王样例", "990101196403180113", "2026-10-01"), "expired"),
    (IdCard("王样例", "990101196403180113", "20261002"), "found"),
    (IdCard("李样例", "990101196403180113", ""), "unknown"),
    (IdCard("王样例   ", "990101196403180113", "20261399"), "found"),
    (IdCard("阿依•示范", "990101197509093426", "长期"), "found"),
    (IdCard("甲", "11010519491231002X", ""), "unknown"),
    ("not a card", "unreadable"),
])
def test_cards_that_cannot_serve(kit: Kit, card: object, outcome: str) -> None:
    assert kit.do("identity.by_card", {"card": card}).name == outcome


def test_by_number_and_password(kit: Kit) -> None:
    number = number_of("陈样本").clear
    assert kit.do("identity.by_number", {"typed_number": number}).name == "password"
    wrong = kit.do("identity.by_password", {"typed_number": number, "typed_password": "000000"})
    assert (wrong.name, wrong.facts) == ("wrong", {"tries_left": 4})
    right = kit.do("identity.by_password", {"typed_number": IdNumber.parse(number), "typed_password": "246810"})
    gives_what_the_catalogue_says("identity.by_password", right)
    assert right.name == "found"


def test_five_wrong_passwords_lock_until_tomorrow(kit: Kit) -> None:
    from datetime import timedelta

    facts = {"typed_number": number_of("陈样本").clear, "typed_password": "000000"}
    names = [kit.do("identity.by_password", facts).name for _ in range(6)]
    assert names == ["wrong"] * 4 + ["locked"] * 2
    right = facts | {"typed_password": "246810"}
    assert kit.do("identity.by_password", right).name == "locked"
    kit.clock.time += timedelta(days=1)
    assert kit.do("identity.by_password", right).name == "found"


def test_numbers_that_cannot_be(kit: Kit) -> None:
    wrong = kit.do("identity.by_number", {"typed_number": "990101196403180114"})
    assert wrong.name == "wrong_number"
    assert "再看一遍" in str(wrong.facts["hint"])
    assert kit.do("identity.by_number", {"typed_number": "11010519491231002X"}).name == "unknown"


# ------------------------------------------------------------------ balance


def test_balance_with_interest(kit: Kit) -> None:
    shown = kit.do("account.look", kit.identified("王样例"))
    gives_what_the_catalogue_says("account.look", shown)
    # 86,543.21 for 93 days (1 July to 1 October) at 1.5 %
    assert shown.facts["interest_so_far"] == Money.parse("335.35")
    assert shown.facts["as_of"] == date(2026, 10, 2)


def test_every_holder_can_look(kit: Kit) -> None:
    """Every state of B5 is there, and none breaks the enquiry."""
    states = set()
    for person in people():
        facts = kit.identified(person.name)
        shown = kit.do("account.look", facts)
        gives_what_the_catalogue_says("account.look", shown)
        states.add(facts["state"])
    assert states == {state.value for state in State}
    assert len(people()) >= 30


# ------------------------------------------------------------------ certificates


DEPOSIT = {"certificate_kind": "certificate.deposit", "enlarged": False, "copies": 1}


def printed_certificate(kit: Kit, key: str = "c1", **more: object) -> dict[str, object]:
    facts = kit.identified("王样例") | DEPOSIT | more
    outcome = kit.do("certificate.print", facts, key)
    assert outcome.name == "printed", outcome
    return facts | dict(outcome.facts)


def test_check_and_preview(kit: Kit) -> None:
    facts = kit.identified("王样例") | DEPOSIT
    able = kit.do("certificate.check", facts)
    gives_what_the_catalogue_says("certificate.check", able)
    assert (able.name, able.facts["valid_days"]) == ("able", 31)
    ready = kit.do("certificate.preview", facts)
    gives_what_the_catalogue_says("certificate.preview", ready)
    assert ("姓名", "王*") in ready.facts["preview_rows"]  # type: ignore[operator]
    drawn = json.loads((kit.folder / "papers" / "visit" / "preview.pdf").read_text(encoding="utf-8"))
    assert (drawn["mark"], drawn["facts"]["number"], drawn["facts"]["verify_code"]) == ("预览", "打印时生成", "打印时生成")
    # its code is only as long as the real one will be: nothing is signed for a preview
    assert not kit.counter.checker.qr(drawn["qr"]).valid
    assert not kit.journal.pending()


@pytest.mark.parametrize(("name", "kind", "answer"), [
    ("吴示范", "certificate.deposit", "window"), ("林测试", "certificate.deposit", "unable"),
    ("徐试用", "certificate.deposit", "window"), ("王样例", "certificate.loan_settled", "unable")])
def test_certificates_that_cannot_be_printed(kit: Kit, name: str, kind: str, answer: str) -> None:
    facts = kit.identified(name) | DEPOSIT | {"certificate_kind": kind}
    outcome = kit.do("certificate.check", facts)
    gives_what_the_catalogue_says("certificate.check", outcome)
    assert outcome.name == answer
    assert kit.do("certificate.print", facts, "k").name == "failed"
    assert kit.printer.jobs == 0


def test_print_number_sign_journal_verify(kit: Kit) -> None:
    facts = printed_certificate(kit, copies=2)
    gives_what_the_catalogue_says("certificate.print", Outcome("printed", facts))
    assert facts["certificate_number"] == "KIOSK-20261002-001001"
    assert facts["copies_printed"] == 2
    assert kit.told == ["waiting", "printing"]
    text, copies = kit.printer.came_out[0]
    drawn = json.loads(text)
    assert (copies, drawn["facts"]["name"], drawn["mark"]) == (2, "王样例", "")
    assert drawn["facts"]["balance_capital"] == Money.parse("86543.21").capital

    by_qr = kit.counter.checker.qr(drawn["qr"])
    assert (by_qr.valid, by_qr.prints, by_qr.reprints, by_qr.expired) == (True, 2, 0, False)
    assert by_qr.facts is not None
    assert by_qr.facts.items() <= drawn["facts"].items()
    code = str(facts["verify_code"])
    by_code = kit.counter.checker.code(f"{code[:5]} {code[5:].lower()}")
    assert (by_code.valid, by_code.number) == (True, "KIOSK-20261002-001001")
    assert by_code.facts is not None
    assert by_code.facts["name"] == "王*"
    assert kit.counter.verify_journal().good


def test_numbers_run_on_and_the_day_starts_anew(kit: Kit) -> None:
    from datetime import timedelta

    first, second = printed_certificate(kit, "a"), printed_certificate(kit, "b")
    kit.clock.time += timedelta(days=1)
    third = printed_certificate(kit, "c")
    assert [one["certificate_number"] for one in (first, second, third)] == [
        "KIOSK-20261002-001001", "KIOSK-20261002-001002", "KIOSK-20261003-001001"]
    assert len({one["verify_code"] for one in (first, second, third)}) == 3


def test_the_same_key_prints_once(kit: Kit) -> None:
    facts = printed_certificate(kit)
    again = kit.do("certificate.print", facts, "c1")
    assert (again.name, again.facts["certificate_number"]) == ("printed", facts["certificate_number"])
    assert kit.printer.jobs == 1


@pytest.mark.parametrize(("script", "trouble", "told"), [
    ((P.WAITING, P.PRINTING, P.PAPER_OUT, P.FAILED), "paper_out", ["waiting", "printing", "paper_out"]),
    ((P.WAITING, P.JAM, P.PRINTING, P.CANCELED), "canceled", ["waiting", "jam", "printing"]),
    ((P.REJECTED,), "rejected", []), ((P.UNREACHABLE, P.FAILED), "unreachable", ["unreachable"])])
def test_no_paper_then_a_reprint(kit: Kit, script: tuple[P, ...], trouble: str, told: list[str]) -> None:
    kit.printer.script = script
    facts = kit.identified("王样例") | DEPOSIT
    outcome = kit.do("certificate.print", facts, "c1")
    gives_what_the_catalogue_says("certificate.print", outcome)
    assert (outcome.name, outcome.facts["print_trouble"], kit.told) == ("not_printed", trouble, told)

    kit.printer.script = (P.DONE,)
    again = kit.do("certificate.reprint", facts | dict(outcome.facts), "c2")
    gives_what_the_catalogue_says("certificate.reprint", again)
    drawn = json.loads(kit.printer.came_out[0][0])
    assert (again.name, drawn["mark"]) == ("printed", "补打 第1次")
    assert drawn["facts"]["number"] == outcome.facts["certificate_number"]
    kit.do("certificate.reprint", facts | dict(outcome.facts), "c3")
    assert json.loads(kit.printer.came_out[1][0])["mark"] == "补打 第2次"
    checked = kit.counter.checker.qr(drawn["qr"])
    assert (checked.valid, checked.prints, checked.reprints) == (True, 2, 2)


def test_another_visitor_cannot_reprint(kit: Kit) -> None:
    facts = printed_certificate(kit)
    kit.counter.end_visit()
    assert kit.do("certificate.reprint", facts, "c2").name == "failed"
    assert kit.printer.jobs == 1


def test_nothing_of_the_visitor_is_left_at_the_end(kit: Kit) -> None:
    facts = kit.ready_to_book("张试用") | DEPOSIT
    kit.do("certificate.preview", facts)
    kit.do("certificate.print", facts, "c1")
    booked = kit.do("withdrawal.book", facts, "w1")
    kit.do("withdrawal.slip", facts | dict(booked.facts), "s1")
    kit.counter.end_visit()
    assert list((kit.folder / "papers" / "visit").iterdir()) == []
    kit.journal.close()
    kept = b"".join(path.read_bytes() for path in kit.folder.glob("journal.db*")).decode("utf-8", "replace")
    holder = next(person for person in people() if person.name == "张试用")
    secrets = [holder.name, holder.number, holder.account.number, *(card.number for card in holder.cards)]
    assert not [secret for secret in secrets if secret in kept]


@pytest.mark.parametrize("what", ["drawn", "printer"])
def test_a_broken_paper_maker_or_printer(kit: Kit, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    from kiosk.fund.errors import WorldError

    def broken(*_: object, **__: object) -> None:
        raise WorldError("broken")

    monkeypatch.setattr(*((kit.paper, "draw") if what == "drawn" else (kit.printer, "print")), broken)
    outcome = kit.do("certificate.print", kit.identified("王样例") | DEPOSIT, "c1")
    assert outcome.name == ("failed" if what == "drawn" else "not_printed")
    assert not kit.journal.pending()


def test_verification_tells_cases_apart(kit: Kit, tmp_path_factory: pytest.TempPathFactory, book) -> None:  # type: ignore[no-untyped-def]
    printed_certificate(kit)
    qr = json.loads(kit.printer.came_out[0][0])["qr"]
    assert kit.counter.checker.qr(qr.replace("王样例", "李样例")).validity == "altered"
    assert kit.counter.checker.code("ABCDE23456").validity == "unknown_number"

    other = Kit(tmp_path_factory.mktemp("other"), book)
    assert other.counter.checker.qr(qr).validity == "unknown_key"
    trusted = other.folder / "keys" / "trusted"
    trusted.mkdir()
    (trusted / "hall.pub").write_bytes((kit.folder / "keys" / "certificate.pub").read_bytes())
    other.close()
    trusting = Kit(other.folder, book)
    offline = trusting.counter.checker.qr(qr)
    assert (offline.validity, offline.reprints) == ("valid", None)  # another machine's paper, without its journal
    trusting.close()

    (kit.folder / "journal.db").unlink()  # the key is known, the number is not
    kit.journal.close()
    lost = Kit(kit.folder, book)
    assert lost.counter.checker.qr(qr).validity == "unknown_number"
    lost.close()


def test_validity_ends(kit: Kit) -> None:
    from datetime import timedelta

    facts = printed_certificate(kit)
    kit.clock.time += timedelta(days=31)
    assert not kit.counter.checker.code(str(facts["verify_code"])).expired
    kit.clock.time += timedelta(days=1)
    checked = kit.counter.checker.code(str(facts["verify_code"]))
    assert (checked.valid, checked.expired) == (True, True)


# ------------------------------------------------------------------ withdrawals


EXPECTED = {
    **dict.fromkeys([*ABLE, "马模拟", "朱样本", "胡体验"], "able"),
    **dict.fromkeys(["黄测试", "吴示范", "徐试用", "孙演示", "高试用", "董样例", "袁示范", "潘试用"],
                    "window"),
    **dict.fromkeys(["刘模拟", "陈样本", "杨体验", "周样例", "林测试", "郭样例", "何示范", "罗演示", "郑模拟", "梁样本",
                     "谢体验", "宋测试", "唐样例", "冯模拟", "邓样本", "曹体验", "曾试用", "肖演示", "于演示", "蒋模拟",
                     "蔡样本", "余体验", "杜测试", "叶样例", "程示范", "苏试用", "魏演示", "吕模拟", "丁样本"], "unable"),
}


@pytest.mark.parametrize("name", [person.name for person in people()])
def test_assessment_of_every_holder(kit: Kit, name: str) -> None:
    outcome = kit.do("withdrawal.assess", kit.identified(name) | {"withdraw_kind": "withdraw.retirement"})
    gives_what_the_catalogue_says("withdrawal.assess", outcome)
    assert outcome.name == EXPECTED[name]
    if outcome.name == "able":
        assert outcome.facts["total"] == outcome.facts["principal"] + outcome.facts["interest"]  # type: ignore[operator]


@pytest.mark.parametrize(("name", "count"), [
    ("王样例", 1), ("张试用", 2), ("欧阳试用", 3), ("马模拟", 0), ("朱样本", 0)])
def test_only_first_class_cards_of_the_holder(kit: Kit, name: str, count: int) -> None:
    outcome = kit.do("withdrawal.cards", kit.identified(name))
    gives_what_the_catalogue_says("withdrawal.cards", outcome)
    assert len(outcome.facts.get("cards", ())) == count  # type: ignore[arg-type]
    if not count:
        assert outcome.name == "none"
        assert "一类" in str(outcome.facts["todo"]) or "登记" in str(outcome.facts["todo"])


def test_book_and_slip(kit: Kit) -> None:
    facts = kit.ready_to_book("王样例")
    booked = kit.do("withdrawal.book", facts, "w1")
    gives_what_the_catalogue_says("withdrawal.book", booked)
    assert booked.name == "booked"
    assert booked.facts["paid_total"] == facts["total"]
    assert booked.facts["arrival_date"] == date(2026, 10, 9)  # five working days
    account = kit.centre.account("h01")
    assert (account.state, account.balance) == (State.WITHDRAWN, Money(0))

    slip = kit.do("withdrawal.slip", facts | dict(booked.facts), "s1")
    gives_what_the_catalogue_says("withdrawal.slip", slip)
    drawn = json.loads(kit.printer.came_out[0][0])
    assert drawn["layout"] == "withdrawal_slip"
    assert drawn["facts"]["notice"] == "公积金业务不收费，请勿找代办"
    assert drawn["facts"]["number"] == booked.facts["receipt_number"] == "TQ-20261002-001001"
    assert drawn["facts"]["card_masked"].startswith("**** ")
    assert drawn["facts"]["total"] == str(facts["total"])
    assert "王样例" not in str(drawn)
    # and there is nothing more to take
    assert kit.do("withdrawal.assess", facts).name == "unable"
    assert kit.do("withdrawal.book", facts, "w2").name == "refused"


def test_what_the_visitor_saw_must_still_be_so(kit: Kit) -> None:
    facts = kit.ready_to_book("王样例")
    stale = kit.do("withdrawal.book", facts | {"total": Money(1)}, "w1")
    gives_what_the_catalogue_says("withdrawal.book", stale)
    assert stale.name == "refused"
    assert "变化" in str(stale.facts["reason"])
    for card in ("h02-1", "h01-9", "h03-3"):
        assert kit.do("withdrawal.book", facts | {"card_id": card}, f"w{card}").name == "refused"
    assert not kit.journal.pending()
    assert kit.centre.account("h01").balance == Money.parse("86543.21")


def test_the_second_class_card_takes_no_money(kit: Kit) -> None:
    facts = kit.ready_to_book("张试用") | {"card_id": "h03-3"}
    assert kit.do("withdrawal.book", facts, "w1").name == "refused"


@pytest.mark.parametrize("kind", ["withdraw.build", "withdraw.death", "withdraw.nonsense"])
def test_other_kinds_are_handed_over(kit: Kit, kind: str) -> None:
    facts = kit.identified("梁样本") | {"withdraw_kind": kind, "matter": kind}
    outcome = kit.do("withdrawal.assess", facts)
    gives_what_the_catalogue_says("withdrawal.assess", outcome)
    assert outcome.name == "window"
    handed = kit.do("handoff.slip", facts | dict(outcome.facts), "h1")
    gives_what_the_catalogue_says("handoff.slip", handed)
    drawn = json.loads(kit.printer.came_out[0][0])["facts"]
    assert (drawn["window"], drawn["hotline"]) == ("3号窗口", "12329")
    assert drawn["materials"] == list(outcome.facts["materials"])  # type: ignore[call-overload]
    assert drawn["notice"] == "公积金业务不收费，请勿找代办"
    assert "withdraw." not in drawn["matter"]


def test_reasons_are_fit_for_the_loudspeaker(kit: Kit) -> None:
    import re

    for person in people():
        for kind in ("withdraw.retirement", "withdraw.illness", "withdraw.death", "withdraw.hardship"):
            outcome = kit.do("withdrawal.assess", kit.identified(person.name) | {"withdraw_kind": kind})
            said = f"{outcome.facts.get('reason', '')}{outcome.facts.get('todo', '')}"
            assert not re.search(r"大病|死亡|低保|元|\d{5}", said), said
            assert person.name not in said
