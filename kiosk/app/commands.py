"""The command line: `kiosk COMMAND …`. Each command is a module with `add_arguments(parser)` and `run(args) -> int`.

Only the module of the command asked for is imported, so that `kiosk --help` answers at once.
Exit codes: 0 good, 1 the answer is no (invalid, failed check), 2 wrong usage or cannot read, 3 something is missing here.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

from kiosk import __version__
from kiosk.fund.errors import WorldError

#: command: (module, help)
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("kiosk.app.run", "启动自助机 start the kiosk"),
    "rehearse": ("kiosk.app.rehearse", "不用屏幕，走完一次完整的语音办理 play a whole spoken visit"),
    "hear": ("kiosk.app.cmd_hear", "听录音 sound files to meaning"),
    "understand": ("kiosk.app.cmd_understand", "理解文字 text to meaning"),
    "say": ("kiosk.app.cmd_say", "说一句话 speak a sentence"),
    "packs": ("kiosk.app.cmd_packs", "方言包：学习、检查 learn and check the dialect packs"),
    "models": ("kiosk.app.models", "模型：列出、获取、核对 list, fetch, verify models"),
    "check": ("kiosk.app.check", "自检：设备、模型、数据 self-test for technicians"),
    "verify": ("kiosk.app.cmd_verify", "验证证明 verify a certificate by file or code"),
    "papers": ("kiosk.app.cmd_papers", "样张：每一种证明打一份，并核验 print and verify a sample of every certificate"),
    "journal": ("kiosk.app.cmd_journal", "流水账：核对、统计 the tamper-evident journal"),
    "notice": ("kiosk.app.cmd_notice", "通知：维护、疏散，盖住一切 a notice over everything, spoken"),
    "complaints": ("kiosk.app.cmd_complaints", "意见：列出、办结 complaints and suggestions"),
    "staffdesk": ("kiosk.app.cmd_staffdesk", "呼叫台：工作人员的电脑上看谁在叫 the page that shows who calls"),
    "bench": ("kiosk.app.bench", "测量 measure speed and understanding"),
    "demo": ("kiosk.app.cmd_demo", "演示：放身份证、插耳机 work the simulated devices of a running demo"),
}


#: What argparse complains of, for people who read no English.
_WRONG: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.+)", r"还要写上：\1"),
    (r"argument (\S+): invalid choice: '?([^']*)'? \(choose from (.+)\)", r"\1 不能写“\2”，可以写：\3"),
    (r"argument (\S+): invalid \w+ value: '?([^']*)'?", r"\1 不能写“\2”"),
    (r"argument (\S+): expected (?:one|at least one) argument", r"\1 后面还要写上内容"),
    (r"unrecognized arguments: (.+)", r"不认识：\1"),
    (r"argument (\S+): (.+)", r"\1：\2"),
)


class Parser(argparse.ArgumentParser):
    """Says in Chinese what is wrong, and where help is."""

    def error(self, message: str) -> NoReturn:
        for pattern, told in _WRONG:
            if re.fullmatch(pattern, message):
                message = re.sub(pattern, told, message).replace("'", "")
                break
        self.exit(2, f"{message}。用法：{self.prog} --help\n")


def _overview() -> argparse.ArgumentParser:
    parser = Parser(prog="kiosk", description="乡音：住房公积金大厅的语音自助机",
                                     formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="\n".join(f"  {name:<11}{text}" for name, (_, text) in COMMANDS.items()))
    parser.add_argument("--version", action="version", version=f"kiosk {__version__}")
    parser.add_argument("command", choices=list(COMMANDS), metavar="COMMAND")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. World errors end in one clear sentence."""
    words = list(sys.argv[1:] if argv is None else argv)
    command = _overview().parse_args(words[:1]).command
    module = importlib.import_module(COMMANDS[command][0])
    parser = Parser(prog=f"kiosk {command}", description=COMMANDS[command][1])
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    module.add_arguments(parser)
    args = parser.parse_args(words[1:])
    try:
        return int(module.run(args))
    except WorldError as fault:
        return _told(fault.sentence, args.json)
    except (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError, FileExistsError) as fault:
        if fault.filename is None:
            raise
        return _told(f"{fault.filename}：{_FILES[type(fault)]}", args.json)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


#: A path that somebody gave and that is not what it should be.
_FILES: dict[type[OSError], str] = {
    FileNotFoundError: "找不到这个文件或文件夹，请检查路径。", PermissionError: "没有权限读写这里，请换个地方，或者请管理员放开。",
    IsADirectoryError: "这里要一个文件，现在是文件夹。", NotADirectoryError: "这里要一个文件夹，现在是文件。",
    FileExistsError: "这里已经有一个同名的文件，请换个名字。"}


def _told(sentence: str, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"ok": False, "error": sentence}, ensure_ascii=False))
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
