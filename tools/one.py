"""Refresh single files while writing: `python tools/one.py snippets/data/x.py docs/data/figures/x.py`.

A chapter of the story gets fresh copies of its snippets and is executed; its numbers are checked.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import figures, notebooks, outputs, prose_numbers  # noqa: E402
from tools.house import ROOT, Chapter, House, Snippet, report  # noqa: E402


def refresh_chapter(name: str) -> str:
    """Bring a chapter up to date, and return what is wrong with it."""
    notebooks.update(House())
    chapter = Chapter(Path(name).resolve(), ROOT)
    if problems := notebooks.check_chapter(chapter, House()):
        return report(problems)
    try:
        notebooks.executed(chapter)
    except notebooks.Broken as error:
        return str(error)
    return report(prose_numbers.check_page(chapter, House()))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        if Path(name).resolve().parent == ROOT / "docs/story":
            print(refresh_chapter(name) or f"{name}: fine")
            continue
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
