"""Regenerate everything that is generated and committed: `python -m tools.update`."""

from __future__ import annotations

from tools import catalogue, claims, figures, outputs, sources, topics
from tools.house import ROOT, House

if __name__ == "__main__":
    # Figures and footnotes may depend on fresh outputs; the ledgers on everything.
    for step in (outputs, figures, sources, claims, catalogue, topics):
        for path in step.update(House()):
            print(f"updated {path.relative_to(ROOT)}")
