"""The measurement of the start, on the real process."""

from __future__ import annotations

import pytest

from kiosk.app import bench_start, models
from kiosk.app.settings import Site


@pytest.mark.slow
def test_start_is_measured() -> None:
    if lacking := models.missing():
        pytest.skip(f"models are missing: {', '.join(model.name for model in lacking)}")
    figures = {figure.id: figure for figure in bench_start.measure(Site(), runs=1, seconds=1.0)}
    assert figures["start.listening"].median > figures["start.first_frame"].median > 0.0
    assert 0.0 < figures["listening.share"].median < 100.0 * 2
    assert 100.0 < figures["listening.memory"].median <= figures["listening.peak"].median * 1.05
