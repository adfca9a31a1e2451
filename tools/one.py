"""Refresh single files while writing: `python -m tools.one snippets/data/x.py docs/data/figures/x.py`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import figures, outputs  # noqa: E402
from tools.house import ROOT, Snippet, report  # noqa: E402

if __name__ == "__main__":
    for name in sys.argv[1:]:
        file = Snippet(Path(name).resolve(), ROOT)
        if "figures" in file.path.parts:
            file.path.with_suffix(".svg").write_text(
                figures.render(file.path), "utf-8", newline="\n"
            )
            print(report(figures.check_figure(file)) or f"{name}: drawn")
            continue
        result = outputs.run(file.path)
        if result.updated:
            file.path.write_text(result.updated, "utf-8", newline="\n")
        fresh = Snippet(file.path, ROOT)
        print(report([*outputs.check_imports(fresh), *outputs.check_run(fresh)]) or f"{name}: fine")
        print(f"{name}: {result.cpu_seconds:.1f} s of CPU, imports included")
