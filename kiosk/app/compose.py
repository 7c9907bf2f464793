"""Builds everything from the site file: the only module that knows all rooms.

The parts come in three waves, so that the first frame is early: the window; then flows, sentences, packs and the
counter (a few hundred milliseconds); then, on their own threads, recogniser and voice.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from datetime import date

from kiosk import places
from kiosk.adapters.demo_centre import DemoCentre
from kiosk.adapters.ed25519 import Ed25519Signer
from kiosk.adapters.folder_complaints import FolderComplaints
from kiosk.adapters.lan_staff import LanStaffCall
from kiosk.adapters.publisher_keys import PublisherKeys
from kiosk.adapters.rule_shelf import RuleShelf
from kiosk.adapters.simulated_devices import SimulatedStaffCall
from kiosk.adapters.sqlite_journal import SqliteJournal
from kiosk.adapters.sqlite_unheard import SqliteUnheard
from kiosk.app import dialect_names
from kiosk.app.notebook import Notebook
from kiosk.app.settings import Site
from kiosk.app.staff_patience import Later, NoStaffCall, PatientCall
from kiosk.counter.catalogue import TASKS
from kiosk.counter.checking import Checker
from kiosk.counter.counter import Counter
from kiosk.counter.desk import Machine
from kiosk.counter.precheck import Eyes
from kiosk.counter.precheck_documents import Documents
from kiosk.dialogue import loader
from kiosk.dialogue.engine import Engine
from kiosk.dialogue.events import Manner
from kiosk.dialogue.settings import Settings
from kiosk.fund import rule_packs
from kiosk.fund.rules import Book, RuleBook
from kiosk.language.redact import redact
from kiosk.language.sentences import Sentences
from kiosk.ports.clock import Clock, SystemClock
from kiosk.ports.devices import StaffCall
from kiosk.ports.gateway import Gateway
from kiosk.ports.paper import PaperMaker
from kiosk.ports.printer import Printer
from kiosk.ports.scanner import Scanner

log = logging.getLogger(__name__)

#: Utterances that were not understood, in the state folder.
UNHEARD = "unheard.sqlite"


def rule_shelf(site: Site) -> RuleShelf:
    """The rule packs of the program, and those imported into the state folder."""
    return RuleShelf(places.ASSETS / "rules", site.folder / "rules", PublisherKeys(site.folder / "keys" / "publishers"),
                     production=site.production)


def rule_book(site: Site) -> RuleBook:
    """The rules of the site's city as they stand now. Raises DataError."""
    layers = rule_shelf(site).layers(site.centre.city)
    for pack in (pack for versions in layers for pack in versions if not pack.built_in and not pack.seal.good):
        log.warning("a rule pack without a valid signature is used", extra={"state": str(pack.seal.state)})
    return rule_packs.checked(layers)


def sentences() -> Sentences:
    return Sentences.load(places.ASSETS / "sentences" / "zh")


def engine(site: Site, book: Sentences, near: Iterable[str] = (), installed: Iterable[str] = ()) -> Engine:
    """Flows proven against tasks and sentences. Raises DataError with file, path and sentence.

    `near` are the dialects that Mandarin's recogniser understands, `installed` those of the recognisers that are here and
    have passed their test."""
    machine, near, local = site.machine, set(near), site.dialects.local
    own = sorted(set(installed) - near, key=lambda code: (code not in local, code))
    settings = Settings(hall=machine.hall, place=machine.place, window=machine.window, hours=machine.hours,
                        hotline=machine.hotline, manner=manner(site), dialects=frozenset({*near, *own}),
                        dialect_names=dialect_names.names(), local_dialects=local, own_recogniser=tuple(own),
                        scanner=can_look(site))
    return Engine(loader.load(places.ASSETS / "flows", TASKS, book), book, settings)


def manner(site: Site) -> Manner:
    """How every visit begins."""
    return Manner(rate=site.sound.rate, volume=site.sound.volume, theme=site.screen.theme, guide=site.screen.guide,
                  reduced_motion=site.screen.reduced_motion, dialect=site.dialects.start)


def machine(site: Site) -> Machine:
    m = site.machine
    return Machine(m.number, m.place, m.hall, m.hotline, m.hours, m.window)


def printer(site: Site, *, sweep: bool = False) -> Printer:
    """The printer of the site file. `sweep`, at start, cancels left-over jobs of CUPS: they were earlier visitors'."""
    if site.paper.kind == "folder":
        from kiosk.adapters.file_printer import FilePrinter

        return FilePrinter(site.folder / "papers", production=site.production)
    from kiosk.adapters.cups_printer import CupsPrinter
    from kiosk.adapters.two_printers import TwoPrinters

    queues = [CupsPrinter(queue, site.paper.server) for queue in (site.paper.queue, site.paper.slip_queue) if queue]
    for queue in queues if sweep else ():
        queue.sweep()
    return TwoPrinters(*queues) if len(queues) == 2 else queues[0]


def paper(site: Site) -> PaperMaker:
    from kiosk.adapters.qt_paper import QtPaper

    roll = site.paper.kind == "folder" or bool(site.paper.slip_queue)
    return QtPaper(places.ASSETS / "certificates", slip_paper="slip80" if roll else "A4")


def complaints(site: Site) -> FolderComplaints:
    return FolderComplaints(site.folder / "complaints", redact)


def staff_call(site: Site, later: Later) -> tuple[StaffCall, StaffCall]:
    """The device, and the patient way of calling it that the conversation uses."""
    if site.staff_kind == "lan":
        device: StaffCall = LanStaffCall(site.staff.url, site.machine.number, site.machine.place)
    elif site.staff_kind == "none":
        device = NoStaffCall(later)
    else:
        device = SimulatedStaffCall(production=site.production)
    return device, PatientCall(device, later, again_after=site.staff.again_after, nobody_after=site.staff.nobody_after)


def demo_centre(site: Site, clock: Clock | None = None) -> DemoCentre:
    """The embedded centre. Raises WorldError in production."""
    site.folder.mkdir(parents=True, exist_ok=True)
    return DemoCentre(site.folder / "centre.sqlite", places.ASSETS / "demo" / "holders.yaml",
                      production=site.production, clock=clock or SystemClock())


def counter(site: Site, paper: PaperMaker, printer: Printer, *, clock: Clock | None = None,
            centre: Gateway | None = None, rules: Book | None = None) -> Counter:
    """Opens journal, keys and centre in the state folder. `rules` are those that stand now, unless given."""
    clock, state = clock or SystemClock(), site.folder
    state.mkdir(parents=True, exist_ok=True)
    return Counter(gateway=centre or demo_centre(site, clock), journal=SqliteJournal(state / "journal.sqlite"),
                   printer=printer, paper=paper, signer=Ed25519Signer(state / "keys"), book=rules or rule_book(site),
                   clock=clock, machine=machine(site), folder=state, eyes=eyes(site), answers=places.ASSETS / "knowledge",
                   complaints=complaints(site))


def can_look(site: Site) -> bool:
    """Is there a camera for papers in the site file, and what reads the pictures installed (extra `precheck`)?"""
    from kiosk.adapters import ocr_reader

    return site.scanner_kind != "none" and not ocr_reader.missing()


def eyes(site: Site) -> Eyes | None:
    """For the pre-check; nothing heavy is imported or started before a visitor has agreed."""
    if not can_look(site):
        return None
    from kiosk.adapters.ocr_reader import OcrReader

    return Eyes(scanner(site), OcrReader(), Documents.load(places.ASSETS / "precheck" / "documents.yaml"))


def scanner(site: Site) -> Scanner:
    """The camera of the site file, which must name one."""
    if site.scanner_kind == "folder":
        from kiosk.adapters.folder_scanner import FolderScanner

        return FolderScanner(site.folder / "scanner", production=site.production)
    from kiosk.adapters.uvc_scanner import UvcScanner

    return UvcScanner(site.scanner.name)


def checker(site: Site) -> Checker:
    """For checking certificates without gateway, printer or paper."""
    site.folder.mkdir(parents=True, exist_ok=True)
    return Checker(SqliteJournal(site.folder / "journal.sqlite"), Ed25519Signer(site.folder / "keys"), SystemClock())


def notebook(site: Site) -> Notebook | None:
    """Where the site file has not switched learning on, nothing is written and what was written is deleted."""
    path = site.folder / UNHEARD
    if not site.learning.keep:
        path.unlink(missing_ok=True)
        return None
    return Notebook(SqliteUnheard(path), site.learning.days, date.today)


def new_visit() -> str:
    """An id that no visit of any terminal has twice; idempotency keys are made of it."""
    return uuid.uuid4().hex
