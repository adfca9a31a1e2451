"""Nothing but text, tables and figures enters the site: every way in is tried, and reported."""

from pathlib import Path

import markdown
import pytest

from proof.problem import report
from proof.project import House
from tools import safety
from tools.policy import digest, policy
from tools.site import Built

ROOT = House().root
META = '<meta http-equiv="Content-Security-Policy" content="{}">'


def said(folder: Path, article: str, head: str = META.format(policy([]))) -> str:
    """Return what is said of a page with an article in a frame like the theme's."""
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}<title>t</title></head>'
        f"<body><main><article><h1>A</h1>{article}</article></main></body></html>", "utf-8"
    )  # fmt: skip
    return report(safety.check_html(Built(folder / "index.html", folder, folder)))


def from_markdown(text: str) -> str:
    """Return the HTML of a page that anybody could propose."""
    return markdown.markdown(text, extensions=["attr_list", "md_in_html", "tables"])


MARKDOWN = {
    "script": '<script>a()</script>',
    "iframe": '<iframe srcdoc="b"></iframe>',
    "object": '<object data="x.swf"></object>',
    "embed": '<embed src="x.swf">',
    "form": '<form action="https://a.example/"><p>c</p></form>',
    "base": '<base href="https://a.example/">',
    "refresh": '<meta http-equiv="refresh" content="0; url=/d">',
    "style element": '<style>p { color: red }</style>',
    "stylesheet": '<link rel="stylesheet" href="e.css">',
    "video": '<video src="f.mp4"></video>',
    "template": '<template><p>g</p></template>',
    "noscript": '<noscript>h</noscript>',
    "button": '<button>i</button>',
    "other text copied": '<p><code>i2</code><button type="button" data-clipboard-text="rm i3">i</button></p>',
    "other place copied": '<p data-clipboard-target="#i4">i</p>',
    "textarea": '<textarea></textarea>',
    "password": '<input type="password">',
    "text field": '<input>',
    "formaction": '<input type="radio" formaction="j">',
    "mathematics": '<math><mi xlink:href="k">k</mi></math>',
    "element of one's own": '<x-l>l</x-l>',
    "handler": '<p onclick="m()">m</p>',
    "handler of the page": '<body onload="n()">',
    "handler of an image": '<img src="x" alt="" onerror="o()">',
    "handler in a list": 'P\n{: onmouseover="p()" }',
    "script link": '[q](javascript:q())',
    "script link, capitals": '<a href="JaVaScript:r()">r</a>',
    "script link, entity": '<a href="&#106;avascript:s()">s</a>',
    "script link, tab": '<a href="java&#9;script:t()">t</a>',
    "script link, control": '<a href="&#1;javascript:u()">u</a>',
    "script link in a list": "[v](shift.md){: href='javascript:v()' }",
    "visual basic": '<a href="vbscript:w()">w</a>',
    "page in a link": '<a href="data:text/html,x">x</a>',
    "file": '<a href="file:///etc/y">y</a>',
    "link without https": '[z](http://z.example/)',
    "link without scheme": '[a](//a.example/1)',
    "backslashes": '<a href="\\\\2.example">2</a>',
    "new window": '<a href="." target="_3">3</a>',
    "ping": '<a href="." ping="https://4.example">4</a>',
    "image from elsewhere": '![5](https://5.example/x.png)',
    "image by http": '![6](http://6.example/x.png)',
    "image as data": '<img alt="" src="data:image/svg+xml,7">',
    "choice of images": '<img alt="" src="x.png" srcset="8.png">',
    "overlay": '<p style="position: fixed">9</p>',
    "style that loads": 'P\n{: style="background: url(//10.example)" }',
    "escaped style": '<p style="fill: \\75rl(//11)">x</p>',
    "diagram": '<pre class="mermaid">graph</pre>',
    "handle of the theme": '<p data-md-component="12">x</p>',
    "SVG script": '<svg><script href="13.js"></script></svg>',
    "SVG page": '<svg><foreignObject><p>14</p></foreignObject></svg>',
    "SVG animation": '<svg><animate attributeName="href" to="15"/></svg>',
    "SVG set": '<svg><set attributeName="href" to="16"/></svg>',
    "SVG image": '<svg><image href="17.png"/></svg>',
    "SVG link": '<svg><a xlink:href="javascript:x18()"><path d=""/></a></svg>',
    "SVG use": '<svg><use href="https://19.example#a"/></svg>',
    "SVG use of a file": '<svg><use xlink:href="20.svg#a"/></svg>',
    "SVG handler": '<svg onload="x21()"></svg>',
    "SVG fill": '<svg><path d="" style="fill: url(https://22.example#a)"/></svg>',
    "SVG filter": '<svg><feImage href="23"/></svg>',
    "SVG style": "<svg><style>@import '24'</style></svg>",
    "page in SVG": '<svg><desc><iframe></iframe></desc></svg>',
    "end of the article": '</article><form action="25"><b>x</b></form>',
    "script behind it": '<script src="../snippets/26.js"></script>',
}  # fmt: skip


@pytest.mark.parametrize("fault", MARKDOWN)
def test_every_way_in_through_markdown_is_reported(fault: str, tmp_path: Path) -> None:
    assert said(tmp_path, from_markdown(MARKDOWN[fault]))


@pytest.mark.parametrize(
    "text",
    [
        "Text, a [link](https://a.example/), [mail](mailto:a@a.example), `code`, *em*.\n\n| a |\n|--:|\n| 1 |",
        '<p><code>uv run a</code> <button type="button" data-clipboard-text="uv run a">Copy</button></p>',
        '<figure markdown="0"><svg viewBox="0 0 1 1" role="img"><g clip-path="url(#a)"><path d="M0" '
        'style="fill: none; stroke: var(--fig-1, #1f77b4)"/><use xlink:href="#b" x="1"/></g></svg></figure>',
    ],
)
def test_what_pages_are_made_of_passes(text: str, tmp_path: Path) -> None:
    assert said(tmp_path, from_markdown(text)) == ""


def test_a_problem_says_where(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text(
        'One.\n\n<p onclick="m()">m</p>\n\n[q](javascript:q())\n', "utf-8"
    )
    problems = said(tmp_path, from_markdown((tmp_path / "docs/index.md").read_text("utf-8")))
    assert "docs/index.md:3: Unsafe attribute 'onclick'" in problems
    assert "docs/index.md:5: Unsafe URL in attribute 'href'" in problems


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (META.format(policy([])), ""),
        (META.format(policy(["a()"])) + "<script>a()</script>", ""),
        ("", "has 0 Content-Security-Policy"),
        (META.format(policy([])) * 2, "has 2 Content-Security-Policy"),
        ('<link rel="icon" href="x.svg">' + META.format(policy([])), "behind its charset"),
        (META.format(policy([]) + "; font-src *"), "has another policy than ours"),
        (META.format(policy([]).replace("'none'", "*", 1)), "has another policy than ours"),
        (META.format(policy(["a()"])), "has another policy than ours"),
        (META.format(policy([])) + "<script>a()</script>", "not the theme's: 'a()'"),
        (META.format(policy([])) + '<script src="https://a.example/a.js"></script>', "has <script"),
        (META.format(policy([])) + '<meta http-equiv="refresh" content="0; url=x">', "has <meta"),
    ],
)  # fmt: skip
def test_the_policy_of_a_page(head: str, message: str, tmp_path: Path) -> None:
    found = said(tmp_path, "", head)
    assert message in found and bool(message) == bool(found)


def test_the_policy_allows_no_inline_code_and_no_other_host() -> None:
    written = policy(["a()"])
    scripts = written.split("script-src ")[1].split(";")[0]
    assert scripts == f"'self' {digest('a()')}"
    assert written.startswith("default-src 'none';")
    assert "http" not in written and "*" not in written and "unsafe-eval" not in written


def test_front_matter_is_escaped() -> None:
    from tools.safety_hooks import escaped

    assert escaped({"a": ["<b>", {"c": '"'}], "d": 1}) == {
        "a": ["&lt;b&gt;", {"c": "&quot;"}],
        "d": 1,
    }


GOOD_FILES = {
    "docs/a/b.md": "Text – with an en dash, ≤, é.\n",
    "docs/a/figures/b.svg": "<svg></svg>",
    "theme/assets/a.css": "a { b: url('data:image/svg+xml;charset=utf-8,<svg/>') } c { d: url(e.png) }",
    "theme/assets/a.js": "a.textContent = b",
    "tools/a.txt": "\tx\n",
}
BAD_FILES = {
    "a page of HTML": ("docs/a.html", "<p>", "is a kind of file that docs/ does not hold"),
    "a script": ("docs/a.js", "", "is a kind of file that docs/ does not hold"),
    "a drawing": ("docs/a/b.svg", "<svg></svg>", "is a kind of file that docs/ does not hold"),
    "a template": ("theme/500.html", "", "is a kind of file that theme/ does not hold"),
    "reversed text": ("snippets/a.py", "a = 1\nb = '\u202e'\n", "snippets/a.py:2: holds an invisible character: U+202E RIGHT-TO-LEFT OVERRIDE"),
    "no space": ("docs/a.md", "a\u200bb", "U+200B ZERO WIDTH SPACE"),
    "a filler": ("tools/a.py", "\u3164 = 1", "U+3164 HANGUL FILLER"),
    "a stylesheet from elsewhere": ("theme/assets/a.css", "@import 'b.css'", "holds '@import'"),
    "a font from elsewhere": ("theme/assets/a.css", "a { b: url(//c.example/d) }", "holds '(//c.example/d'"),
    "a request": ("theme/assets/a.js", "fetch('https://a.example')", "holds 'https://a.example'"),
}  # fmt: skip


def written(root: Path, name: str, text: str) -> list[str]:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, "utf-8")
    return [str(problem) for problem in safety.check_file(root, name)]


def test_ordinary_files_pass(tmp_path: Path) -> None:
    assert [problem for file in GOOD_FILES.items() for problem in written(tmp_path, *file)] == []


@pytest.mark.parametrize("fault", BAD_FILES)
def test_rejects_a_file(fault: str, tmp_path: Path) -> None:
    name, text, message = BAD_FILES[fault]
    assert message in "\n".join(written(tmp_path, name, text))


def test_rejects_links_and_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/link.md").symlink_to("/etc/hostname")
    (tmp_path / "a.bin").write_bytes(b"\xff\xfe")
    assert "is a link to another place" in report(safety.check_file(tmp_path, "docs/link.md"))
    assert "is no text" in report(safety.check_file(tmp_path, "a.bin"))
