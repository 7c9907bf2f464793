"""Papers for trying the pre-check: invented, drawn by the program, marked 样例 all over, and photographed badly on purpose.

Nobody's papers: the people are those of assets/demo (region 9901xx does not exist), the forms only resemble real ones
in what stands where, because that is all the reading depends on. Needs the extra `precheck` (Pillow, OpenCV).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

from kiosk.fund.identity import luhn_digit

#: Pixels of a card of 85.6 x 54 mm, and of a booklet or sheet, as drawn.
CARD, BOOKLET, SHEET = (1012, 638), (1480, 1050), (1120, 1480)
_INK, _BLUE, _RED = (25, 25, 30), (40, 80, 150), (150, 30, 30)


@dataclass(frozen=True)
class Person:
    """Who stands on the samples."""

    name: str
    number: str
    card: str
    bank: str = "样例银行"
    valid_from: date = date(2016, 5, 1)
    valid_until: date | None = date(2036, 5, 1)     # None: 长期
    spouse: str = "陈示范"
    spouse_number: str = "990101196809090828"
    married: date = date(1990, 10, 1)
    certificate: str = "J990101-1990-000123"


def card_number(prefix: str = "990000", length: int = 19, seed: int = 1) -> str:
    """A number with the right check digit, of an issuer that does not exist."""
    digits = prefix + f"{seed:0{length - len(prefix) - 1}d}"
    return digits + luhn_digit(digits)


# ------------------------------------------------------------------ papers


def identity_front(who: Person) -> Image.Image:
    paper, draw = _sheet(CARD, (226, 236, 240))
    born = who.number[6:14]
    rows = (("姓名", who.name, 70), ("出生", f"{born[:4]} 年 {int(born[4:6])} 月 {int(born[6:])} 日", 232),
            ("住址", "样例省样例市示范区", 316))
    for label, value, y in rows:
        draw.text((62, y), label, _BLUE, _font(30))
        draw.text((150, y - 6), value, _INK, _font(38 if label == "姓名" else 32))
    draw.text((62, 152), "性别", _BLUE, _font(30))
    draw.text((150, 148), "男" if int(who.number[16]) % 2 else "女", _INK, _font(34))
    draw.text((250, 152), "民族", _BLUE, _font(30))
    draw.text((340, 148), "汉", _INK, _font(34))
    draw.text((150, 362), "试用路一号", _INK, _font(32))
    draw.rounded_rectangle((690, 90, 930, 430), 12, (205, 214, 222))
    draw.ellipse((755, 150, 865, 280), (150, 160, 170))
    draw.pieslice((700, 290, 920, 560), 180, 360, (150, 160, 170))
    draw.text((62, 546), "公民身份号码", _BLUE, _font(30))
    draw.text((320, 536), who.number, _INK, _font(44))
    return _marked(paper)


def identity_back(who: Person) -> Image.Image:
    paper, draw = _sheet(CARD, (238, 232, 222))
    draw.ellipse((70, 70, 230, 230), (190, 60, 50))
    draw.text((300, 80), "中华人民共和国", _INK, _font(54))
    draw.text((300, 170), "居民身份证", _INK, _font(72))
    until = f"{who.valid_until:%Y.%m.%d}" if who.valid_until else "长期"
    for label, value, y in (("签发机关", "样例市公安局示范分局", 440), ("有效期限", f"{who.valid_from:%Y.%m.%d}-{until}", 520)):
        draw.text((230, y), label, _INK, _font(34))
        draw.text((410, y), value, _INK, _font(34))
    return _marked(paper)


def bank_card(who: Person) -> Image.Image:
    paper, draw = _sheet(CARD, (32, 74, 110))
    draw.text((70, 60), who.bank, (240, 240, 240), _font(58))
    draw.text((70, 135), "SAMPLE BANK", (220, 225, 230), _font(28))
    draw.rounded_rectangle((80, 230, 210, 320), 10, (205, 180, 110))
    groups = " ".join(who.card[i:i + 4] for i in range(0, len(who.card), 4))
    draw.text((70, 375), groups, (240, 240, 235), _font(60))
    draw.text((70, 480), "借记卡  DEBIT", (220, 225, 230), _font(32))
    draw.text((760, 540), "银联 样例", (240, 240, 240), _font(36))
    return _marked(paper, (255, 255, 255, 60))


def marriage(who: Person) -> Image.Image:
    paper, draw = _sheet(BOOKLET, (246, 226, 222))
    draw.line((740, 40, 740, 1010), (200, 150, 145), 3)
    draw.text((130, 110), "结 婚 证", _RED, _font(72))
    left = (("持证人", who.name), ("登记日期", _chinese(who.married)), ("结婚证字号", who.certificate), ("备注", "样例 不作证明"))
    for row, (label, value) in enumerate(left):
        draw.text((70, 300 + row * 130), label, _RED, _font(34))
        draw.text((280, 298 + row * 130), value, _INK, _font(36))
    for top, name, number in ((90, who.name, who.number), (560, who.spouse, who.spouse_number)):
        sex = "男" if int(number[16]) % 2 else "女"
        right = (("姓名", f"{name}"), ("性别", sex), ("出生日期", _chinese(_born(number))), ("身份证件号", number))
        for row, (label, value) in enumerate(right):
            draw.text((780, top + row * 95), label, _RED, _font(32))
            draw.text((970, top - 2 + row * 95), value, _INK, _font(34))
    return _marked(paper)


def purchase_invoice(who: Person) -> Image.Image:
    paper, draw = _sheet(SHEET, (252, 252, 248))
    draw.text((250, 80), "销售不动产统一发票（样例）", _RED, _font(48))
    rows = (("开票日期", "2026年08月20日"), ("发票号码", "SAMPLE-0001"), ("付款方", who.name), ("收款方", "样例房地产公司"),
            ("款项性质", "购房款"), ("金额", "样例 不填"))
    for row, (label, value) in enumerate(rows):
        draw.text((110, 260 + row * 110), f"{label}：", _INK, _font(38))
        draw.text((340, 260 + row * 110), value, _INK, _font(38))
    return _marked(paper)


PAPERS: Mapping[str, Callable[[Person], Image.Image]] = {
    "identity_front": identity_front, "identity_back": identity_back, "bank_card": bank_card, "marriage": marriage,
    "purchase_invoice": purchase_invoice,
}


def _sheet(size: tuple[int, int], colour: tuple[int, int, int]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    paper = Image.new("RGB", size, colour)
    draw = ImageDraw.Draw(paper)
    for step in range(0, size[0] + size[1], 26):  # a faint ground, as on real papers
        draw.line((step, 0, step - size[1], size[1]), tuple(max(0, part - 6) for part in colour), 2)
    return paper, draw


def _marked(paper: Image.Image, ink: tuple[int, int, int, int] = (120, 30, 30, 42)) -> Image.Image:
    """样例 all over, slanted and pale: plain to a person, and no use to a forger."""
    layer = Image.new("RGBA", paper.size, (0, 0, 0, 0))
    mark = Image.new("RGBA", (260, 120), (0, 0, 0, 0))
    ImageDraw.Draw(mark).text((10, 10), "样例", ink, _font(84))
    mark = mark.rotate(24, expand=True)
    for y in range(0, paper.height, 300):
        for x in range(-60 + y // 3 % 200, paper.width, 420):
            layer.paste(mark, (x, y), mark)
    return Image.alpha_composite(paper.convert("RGBA"), layer).convert("RGB")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"), size)


def _born(number: str) -> date:
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"


# ------------------------------------------------------------------ how it was photographed

Photo = Any
#: Size of the camera's picture.
WIDE, HIGH = 1920, 1440


def laid(paper: Image.Image, *, angle: float = 0.0, corner: float = 0.0, width: float = 0.62, seed: int = 1) -> Photo:
    """The paper on a table, `width` of the picture wide, turned by `angle` degrees, its corners pulled by `corner`."""
    chance = random.Random(seed)
    table = np.full((HIGH, WIDE, 3), (96, 124, 146), np.uint8)
    for row in range(0, HIGH, 9):
        table[row:row + 3] = np.clip(table[row:row + 3].astype(int) + chance.randint(-10, 10), 0, 255).astype(np.uint8)
    picture = cv2.cvtColor(np.asarray(paper), cv2.COLOR_RGB2BGR)
    high, wide = picture.shape[:2]
    scale = min(width * WIDE / wide, 0.86 * HIGH / high)
    turn = np.deg2rad(angle)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    box = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]]) / 2
    if (fit := np.abs(box @ rotation.T).max(axis=0) * scale).max() and (fit > np.array([WIDE, HIGH]) * 0.47).any():
        scale *= float((np.array([WIDE, HIGH]) * 0.47 / fit).min())
    target = box * scale @ rotation.T + np.array([WIDE, HIGH]) / 2
    target += np.array([[chance.uniform(-1, 1), chance.uniform(-1, 1)] for _ in range(4)]) * corner * wide * scale
    matrix = cv2.getPerspectiveTransform(np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32),
                                         target.astype(np.float32))
    mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), matrix, (WIDE, HIGH))
    photo = cv2.warpPerspective(picture, matrix, (WIDE, HIGH), flags=cv2.INTER_AREA)
    return np.where(mask[..., None] > 127, photo, table)


def shadow(photo: Photo) -> Photo:
    """A hand's shadow across it: down to a third of the light."""
    light = np.ones((HIGH, WIDE), np.float32)
    cv2.fillPoly(light, [np.array([[0, 500], [WIDE, 150], [WIDE, 760], [0, 1150]], np.int32)], 0.35)
    return (photo * cv2.GaussianBlur(light, (0, 0), 60)[..., None]).astype(np.uint8)


def blurred(photo: Photo, sigma: float) -> Photo:
    return cv2.GaussianBlur(photo, (0, 0), sigma)


def dim(photo: Photo, light: float) -> Photo:
    return np.clip(photo * light, 0, 255).astype(np.uint8)


def noisy(photo: Photo, sigma: float, seed: int = 1) -> Photo:
    chance = np.random.default_rng(seed)
    return np.clip(photo + chance.normal(0, sigma, photo.shape), 0, 255).astype(np.uint8)


def glare(photo: Photo) -> Photo:
    """The reflection of a lamp beside the middle."""
    spot = np.zeros((HIGH, WIDE), np.float32)
    cv2.circle(spot, (WIDE * 2 // 3, HIGH * 2 // 5), 130, 1.0, -1)
    return np.clip(photo + cv2.GaussianBlur(spot, (0, 0), 70)[..., None] * 255, 0, 255).astype(np.uint8)


#: Name of a condition: how the paper is laid and photographed.
CONDITIONS: Mapping[str, Callable[[Image.Image, int], Photo]] = {
    "straight": lambda paper, seed: laid(paper, seed=seed),
    "turned_8": lambda paper, seed: laid(paper, angle=8 if seed % 2 else -8, seed=seed),
    "turned_90": lambda paper, seed: laid(paper, angle=90 if seed % 2 else 270, seed=seed),
    "upside_down": lambda paper, seed: laid(paper, angle=180, seed=seed),
    "perspective": lambda paper, seed: laid(paper, angle=3, corner=0.06, seed=seed),
    "shadow": lambda paper, seed: shadow(laid(paper, angle=2, seed=seed)),
    "glare": lambda paper, seed: glare(laid(paper, seed=seed)),
    "noise": lambda paper, seed: noisy(laid(paper, angle=-3, seed=seed), 14, seed),
    "dim": lambda paper, seed: noisy(dim(laid(paper, seed=seed), 0.42), 6, seed),
    "small": lambda paper, seed: laid(paper, width=0.3, seed=seed),
    "blur_2": lambda paper, seed: blurred(laid(paper, seed=seed), 2.0),
    "blur_4": lambda paper, seed: blurred(laid(paper, seed=seed), 4.0),
    "blur_6": lambda paper, seed: blurred(laid(paper, seed=seed), 6.0),
    "all_at_once": lambda paper, seed: noisy(shadow(blurred(laid(paper, angle=170, corner=0.07, width=0.45, seed=seed), 1.5)), 10, seed),
}

#: Pictures that cannot be read, and what must be said about them (kiosk.ports.scanner.Sight).
HOPELESS: Mapping[str, Callable[[Image.Image], tuple[Photo, str]]] = {
    "too_dark": lambda paper: (noisy(dim(laid(paper), 0.06), 3), "dark"),
    "too_blurred": lambda paper: (blurred(laid(paper), 16.0), "blurred"),
    "empty_table": lambda paper: (laid(Image.new("RGB", CARD, (146, 124, 96)), width=0.01), "nothing"),
    "blank_paper": lambda paper: (laid(Image.new("RGB", CARD, (240, 240, 236))), "blurred"),
}


def as_file(photo: Photo | Image.Image) -> bytes:
    """PNG, as a scanner would give it."""
    picture = cv2.cvtColor(np.asarray(photo), cv2.COLOR_RGB2BGR) if isinstance(photo, Image.Image) else photo
    file: bytes = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
    return file


def people(most: int) -> Iterator[Person]:
    """The sample holders, each with a spouse, card and dates of their own."""
    from kiosk.app.samples import samples

    holders = samples()
    for place, one in enumerate(holders[:most]):
        other = holders[(place + 1) % len(holders)]
        card = one.cards[0].number if one.cards else card_number(seed=place + 1)
        yield Person(one.name, one.number, card, spouse=other.name, spouse_number=other.number,
                     valid_until=None if place % 5 == 4 else date(2027 + place % 15, 5, 1 + place % 27),
                     married=date(1986 + place % 30, 1 + place % 12, 1 + place % 28),
                     certificate=f"J9901{place % 90 + 10:02d}-{1986 + place % 30}-{place + 100:06d}")
