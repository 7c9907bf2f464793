"""Making the second witness anew from the packs: `kiosk packs build`, or `python -m kiosk.language.build`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from kiosk.language.packs import Decision, load_packs
from kiosk.language.understand import Engine
from kiosk.language.witness import Witness, digest_of, material, save_witness, train


def learn(assets: Path) -> Witness:
    """Train on all sentences of the packs. Takes some ten seconds of one core; the same packs give the same result."""
    packs = load_packs(assets)
    engine = Engine(packs, Decision())
    examples, dialects = material(packs, assets)
    return train(examples, dialects, engine.features, digest_of(assets))


def build(assets: Path) -> Path:
    """Train and write assets/dialects/witness.npz; returns its path."""
    return save_witness(learn(assets), assets)


def main() -> int:
    from kiosk.places import ASSETS
    start = time.perf_counter()
    path = build(ASSETS)
    print(f"{path} {path.stat().st_size // 1024} KB, {time.perf_counter() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
