"""Sizes from millimetres."""

from __future__ import annotations

import pytest

from kiosk.ui.metrics import DEFAULT_PITCH, FACTORS, MIN_ANGLE, Metrics, Type, angle, pitch, readable, smallest_em


def test_the_angle_is_that_of_the_standard() -> None:
    assert angle(7.33, 600) == pytest.approx(0.7, abs=0.001)


@pytest.mark.parametrize(("mm_per_px", "distance", "em"), [(0.248, 600, 41), (0.369, 600, 28), (0.248, 400, 27)])
def test_smallest_em_agrees_with_the_table(mm_per_px: float, distance: float, em: int) -> None:
    """accessibility.md C2."""
    assert smallest_em(mm_per_px, distance) == pytest.approx(em, abs=1)
    assert readable(smallest_em(mm_per_px, distance), mm_per_px, distance)
    assert not readable(smallest_em(mm_per_px, distance) - 1, mm_per_px, distance)


@pytest.mark.parametrize("panel", [(1080, 1920, 0.248), (1920, 1080, 0.248), (1080, 1920, 0.18), (1080, 1920, 0.369),
                                   (2160, 3840, 0.124), (768, 1366, 0.25)])
@pytest.mark.parametrize("text_size", [0, 1, 2])
def test_every_step_of_the_scale_is_readable_on_every_panel(panel: tuple[int, int, float], text_size: int) -> None:
    metrics = Metrics(*panel, text_size=text_size)
    for step in Type:
        for squeeze in (1.2, 1.0, 0.4):
            seen = angle(metrics.em(step, squeeze) * 0.733 * metrics.mm_per_px, metrics.hand_mm)
            assert seen >= MIN_ANGLE
    assert metrics.target * metrics.mm_per_px >= 15


def test_text_sizes_are_the_three_factors() -> None:
    base = Metrics(1080, 1920)
    sizes = [base.sized(number).em(Type.LABEL) for number in range(3)]
    assert [round(size / sizes[0], 2) for size in sizes] == pytest.approx(list(FACTORS), abs=0.03)
    assert base.sized(9).text_size == 2
    assert base.em(Type.STRIP) == base.sized(2).em(Type.STRIP)


def test_the_reference_panel_has_the_designed_pixels() -> None:
    metrics = Metrics(1080, 1920)
    assert (metrics.em(Type.SENTENCE), metrics.em(Type.LABEL), metrics.em(Type.HELP)) == (56, 48, 41)


def test_pitch_believes_the_site_file_then_a_plausible_screen() -> None:
    assert pitch(0.3, (0, 0), (1080, 1920)) == 0.3
    assert pitch(0, (476, 268), (1080, 1920)) == pytest.approx(0.248, abs=0.001)  # turned panel, unturned EDID
    assert pitch(0, (0, 0), (1080, 1920)) == DEFAULT_PITCH                        # a projector
    assert pitch(0, (160, 90), (1920, 1080)) == pytest.approx(0.083, abs=0.001)   # a real small panel
    assert pitch(0, (1600, 900), (1920, 1080)) == DEFAULT_PITCH                   # a television that lies
    assert pitch(0, (300, 300), (1920, 1080)) == DEFAULT_PITCH                    # pixels are square
    assert pitch(0, (10, 10), (0, 0)) == DEFAULT_PITCH


def test_a_small_window_is_a_model_of_the_panel() -> None:
    small, full = Metrics.model(540, 960), Metrics.model(1080, 1920)
    assert small.em(Type.SENTENCE) == pytest.approx(full.em(Type.SENTENCE) / 2, abs=1)
    assert small.u(100) == 50
