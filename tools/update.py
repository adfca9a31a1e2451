"""Regenerate everything that is generated and committed: `python -m tools.update`."""

from __future__ import annotations

from tools import claims, figures, notebooks, outputs, sources
from tools.house import ROOT, House

if __name__ == "__main__":
    # Figures, chapters and footnotes may depend on fresh outputs; the claims page on everything.
    for step in (outputs, figures, notebooks, sources, claims):
        for path in step.update(House()):
            print(f"updated {path.relative_to(ROOT)}")
