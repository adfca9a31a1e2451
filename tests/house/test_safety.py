"""Nothing but text, tables and figures enters the site: every way in is tried, and reported."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from proof.project import House, Problem, report
from tools import safety
from tools.addresses import page_of_a_move
from tools.policy import digest, policy
from tools.site import Built

ROOT = House().root


def test_the_files_of_the_repository_are_safe() -> None:
    problems = safety.check_files(ROOT)
    assert not problems, report(problems)


# Each stands on one page, which is built once. What must be said of it holds a mark of its own.
MARKDOWN: dict[str, tuple[str, str]] = {
    "script": ("<script>a()</script>", "has an inline script that is not the theme's: 'a()'"),
    "iframe": ('<iframe srcdoc="b"></iframe>', "has a <iframe> in its article"),
    "object": ('<object data="x.swf"></object>', "has a <object>"),
    "embed": ('<embed src="x.swf">', "has a <embed>"),
    "form": ('<form action="https://a.example/"><p>c</p></form>', "has a <form> in its article"),
    "base": ('<base href="https://a.example/">', "has a <base>"),
    "refresh": ('<meta http-equiv="refresh" content="0; url=/d">', "has a <meta> in its article"),
    "style element": ("<style>p { color: red }</style>", "has a <style>"),
    "stylesheet": ('<link rel="stylesheet" href="e.css">', "has a <link> in its article"),
    "video": ('<video src="f.mp4"></video>', "has a <video>"),
    "template": ("<template><p>g</p></template>", "has a <template>"),
    "noscript": ("<noscript>h</noscript>", "has a <noscript>"),
    "button": ("<button>i</button>", "has a <button> of the type None"),
    "other text copied": ('<p><code>i2</code><button type="button" data-clipboard-text="rm i3">i</button></p>', "copies 'rm i3', which"),
    "other place copied": ('<p data-clipboard-target="#i4">i</p>', "has <p data-clipboard-target='#i4'>"),
    "textarea": ("<textarea></textarea>", "has a <textarea>"),
    "password": ('<input type="password">', "has a <input> of the type 'password'"),
    "text field": ("<input>", "has a <input> of the type None"),
    "formaction": ('<input type="radio" formaction="j">', "has <input formaction='j'>"),
    "mathematics": ('<math><mi xlink:href="k">k</mi></math>', "has a <math>"),
    "element of one's own": ("<x-l>l</x-l>", "has a <x-l>"),
    "handler": ('<p onclick="m()">m</p>', "has <p onclick='m()'>"),
    "handler of the page": ('<body onload="n()">', "has <body onload='n()'>"),
    "handler of an image": ('<img src="x" alt="" onerror="o()">', "has <img onerror='o()'>"),
    "handler in a list": ('P\n{: onmouseover="p()" }', "has <p onmouseover='p()'>"),
    "script link": ("[q](javascript:q())", "has <a href='javascript:q()'>: javascript: is not"),
    "script link, capitals": ('<a href="JaVaScript:r()">r</a>', "has <a href='JaVaScript:r()'>"),
    "script link, entity": ('<a href="&#106;avascript:s()">s</a>', "has <a href='javascript:s()'>"),
    "script link, tab": ('<a href="java&#9;script:t()">t</a>', r"has <a href='java\tscript:t()'>: browsers drop"),
    "script link, control": ('<a href="&#1;javascript:u()">u</a>', r"has <a href='\x01javascript:u()'>"),
    "script link in a list": ("[v](shift.md){: href='javascript:v()' }", "has <a href='javascript:v()'>"),
    "visual basic": ('<a href="vbscript:w()">w</a>', "has <a href='vbscript:w()'>"),
    "page in a link": ('<a href="data:text/html,x">x</a>', "has <a href='data:text/html,x'>"),
    "file": ('<a href="file:///etc/y">y</a>', "has <a href='file:///etc/y'>"),
    "link without https": ("[z](http://z.example/)", "has <a href='http://z.example/'>"),
    "link without scheme": ("[a](//a.example/1)", "has <a href='//a.example/1'>: it names a host"),
    "backslashes": ('<a href="\\\\2.example">2</a>', r"2.example'>: browsers drop"),
    "new window": ('<a href="." target="_3">3</a>', "has <a target='_3'>"),
    "ping": ('<a href="." ping="https://4.example">4</a>', "has <a ping='https://4.example'>"),
    "image from elsewhere": ("![5](https://5.example/x.png)", "has <img src='https://5.example/x.png'>"),
    "image by http": ("![6](http://6.example/x.png)", "has <img src='http://6.example/x.png'>"),
    "image as data": ('<img alt="" src="data:image/svg+xml,7">', "has <img src='data:image/svg+xml,7'>"),
    "choice of images": ('<img alt="" src="x.png" srcset="8.png">', "has <img srcset='8.png'>"),
    "overlay": ('<p style="position: fixed">9</p>', "has <p style='position: fixed'>"),
    "style that loads": ('P\n{: style="background: url(//10.example)" }', "has <p style='background: url(//10.example)'>"),
    "escaped style": ('<p style="fill: \\75rl(//11)">x</p>', "fill: \\\\75rl(//11)'>"),
    "diagram": ('<pre class="mermaid">graph</pre>', "has a <pre> with the class 'mermaid'"),
    "handle of the theme": ('<p data-md-component="12">x</p>', "has <p data-md-component='12'>"),
    "SVG script": ('<svg><script href="13.js"></script></svg>', "has a <script> in its article"),
    "SVG page": ("<svg><foreignObject><p>14</p></foreignObject></svg>", "has a <foreignObject>"),
    "SVG animation": ('<svg><animate attributeName="href" to="15"/></svg>', "has a <animate>"),
    "SVG set": ('<svg><set attributeName="href" to="16"/></svg>', "has a <set>"),
    "SVG image": ('<svg><image href="17.png"/></svg>', "has a <image>"),
    "SVG link": ('<svg><a xlink:href="javascript:x18()"><path d=""/></a></svg>', "has <a xlink:href='javascript:x18()'>"),
    "SVG use": ('<svg><use href="https://19.example#a"/></svg>', "has <use href='https://19.example#a'>"),
    "SVG use of a file": ('<svg><use xlink:href="20.svg#a"/></svg>', "'20.svg#a'>: it loads something from outside"),
    "SVG handler": ('<svg onload="x21()"></svg>', "has <svg onload='x21()'>"),
    "SVG fill": ('<svg><path d="" style="fill: url(https://22.example#a)"/></svg>', "has <path style='fill: url(https://22.example#a)'>"),
    "SVG filter": ('<svg><feImage href="23"/></svg>', "has a <feImage>"),
    "SVG style": ("<svg><style>@import '24'</style></svg>", "has a <style>"),
    "page in SVG": ("<svg><desc><iframe></iframe></desc></svg>", "has a <iframe>"),
    "end of the article": ('</article><form action="25"><b>x</b></form>', "has a <form> that is not the theme's"),
    "script behind it": ('<script src="../snippets/26.js"></script>', "with src='../snippets/26.js', which is neither"),
}  # fmt: skip
CONFIGURATION = {
    "copyright": ("'<iframe src=x></iframe>'", "has a <iframe> in its frame"),
    "site_description": ("""'"><object data="y">'""", "has a <object> in its frame"),
    "site_name": ("'<script>z()</script>'", "has a <script>"),
    "extra_javascript": ("[https://a.example/a.js]", "with src='https://a.example/a.js'"),
}
FRONT_MATTER = """\
---
title: '"><script>title()</script>'
description: '"><script>description()</script>'
level: <script>level()</script>
prerequisites: [<script>prerequisites()</script>]
---
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a small site with every fault, and a page that has only those of its configuration."""
    root = tmp_path_factory.mktemp("unsafe")
    for name in ("theme", "tools"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    replaced = {key: value for key, (value, _) in CONFIGURATION.items()} | {
        "hooks": "[tools/safety_hooks.py]",
        "strict": "false",
    }
    entries = re.split(r"^(?=\w)", (ROOT / "mkdocs.yml").read_text("utf-8"), flags=re.MULTILINE)
    kept = [entry for entry in entries if entry.partition(":")[0] not in {*replaced, "nav"}]
    kept += [f"{key}: {value}\n" for key, value in replaced.items()]
    # Markdown first: it is none any more behind HTML that is not closed.
    faults = "\n\n".join(sorted((text for text, _ in MARKDOWN.values()), key=lambda t: t[0] == "<"))
    files = {
        "mkdocs.yml": "".join(kept),
        "docs/index.md": f"{FRONT_MATTER}\n# Escaped\n\nText, and a [link](https://a.example/).\n",
        "docs/faults.md": f"# Faults\n\n{faults}\n",
        "docs/new.md": "# New\n\n| a |\n|--:|\n| 1 |\n\n"
        '<p><code>uv run a</code> <button type="button" data-clipboard-text="uv run a">Copy</button></p>\n',
        "snippets/new.py": "new\n",
        "tools/addresses.txt": "/a/old/ -> /new/\n/snippets/old.py -> /snippets/new.py\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, "utf-8")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(root / "site")],
        cwd=root, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, check=True,
    )  # fmt: skip
    return root


@pytest.fixture
def unsafe(built: Path, tmp_path: Path) -> Path:
    """Return the folder of the small site; what is said of it is looked for below tmp_path."""
    (tmp_path / "house").symlink_to(built)
    (tmp_path / "site").symlink_to(built / "site")
    return built


def found(root: Path, name: str) -> list[Problem]:
    return list(safety.check_page(Built(root / "site" / name, root / "site", root)))


def test_every_way_in_through_markdown_is_reported(unsafe: Path) -> None:
    said = report(found(unsafe, "faults/index.html"))
    missed = [fault for fault, (_, message) in MARKDOWN.items() if message not in said]
    assert missed == [], said


def test_every_way_in_through_the_configuration_is_reported(unsafe: Path) -> None:
    for name in ("new/index.html", "404.html"):
        problems = found(unsafe, name)
        for message in (message for _, message in CONFIGURATION.values()):
            assert message in report(problems)
        assert not [problem for problem in problems if "article" in problem.what]


def test_a_problem_says_where(unsafe: Path) -> None:
    lines = (unsafe / "docs/faults.md").read_text("utf-8").splitlines()
    for mark in ("m()", "javascript:q()", "x21()", "<x-l>"):
        [problem] = [p for p in found(unsafe, "faults/index.html") if mark in p.what]
        assert problem.file == "docs/faults.md" and mark in lines[problem.line - 1]
    frame = [p for p in found(unsafe, "faults/index.html") if "in its frame" in p.what]
    built = (unsafe / "site/faults/index.html").read_text("utf-8").splitlines()
    assert frame and all(problem.file == "faults/index.html" for problem in frame)
    assert any("<iframe" in built[problem.line - 1] for problem in frame)


def test_front_matter_is_escaped(unsafe: Path) -> None:
    text = (unsafe / "site/index.html").read_text("utf-8")
    for key in ("title", "description", "level", "prerequisites"):
        assert f"&lt;script&gt;{key}()&lt;/script&gt;" in text
        assert f"<script>{key}()" not in text
    index = json.loads((unsafe / "site/search/search_index.json").read_text("utf-8"))
    assert not [entry for entry in index["docs"] if "<script" in entry["title"]]


def test_a_script_of_the_content_is_not_in_the_policy(unsafe: Path) -> None:
    text = (unsafe / "site/faults/index.html").read_text("utf-8")
    written = text.split('Policy" content="')[1].split('"')[0]
    assert written.count("'sha256-") == 4
    for script in ("a()", "z()"):
        assert f"<script>{script}</script>" in text and digest(script) not in written


def test_what_moved_leads_to_its_successor(unsafe: Path) -> None:
    page = unsafe / "site/a/old/index.html"
    assert '<a href="../../new/">' in page.read_text("utf-8")
    assert found(unsafe, "a/old/index.html") == []
    page.write_text(page.read_text("utf-8").replace("../../new/", "https://a.example/"), "utf-8")
    assert "says something else" in report(found(unsafe, "a/old/index.html"))
    assert (unsafe / "site/snippets/old.py").read_bytes() == b"new\n"


def minimal(head: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}<title>t</title></head>'
        "<body><article><h1>A</h1></article></body></html>"
    )


META = '<meta http-equiv="Content-Security-Policy" content="{}">'


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
        (META.format(policy([])) + '<meta http-equiv="refresh" content="0; url=x">', "http-equiv='refresh'"),
        (META.format(policy([])) + '<link rel="preload" href="x">', "with rel='preload'"),
    ],
)  # fmt: skip
def test_the_policy_of_a_page(head: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(minimal(head), "utf-8")
    said = report(safety.check_page(Built(tmp_path / "index.html", tmp_path, tmp_path)))
    assert message in said and bool(message) == bool(said)


def test_the_policy_allows_no_inline_code_and_no_other_host() -> None:
    written = policy(["a()"])
    scripts = written.split("script-src ")[1].split(";")[0]
    assert scripts == f"'self' {digest('a()')}"
    assert written.startswith("default-src 'none';")
    assert "http" not in written and "*" not in written and "unsafe-eval" not in written


GOOD_FILES = {
    "docs/a/b.md": "---\ntitle: A\ndescription: B\n---\n\nText – with an en dash, ≤, é.\n",
    "docs/a/figures/b.svg": "<svg></svg>",
    "theme/assets/a.svg": '<svg xmlns="http://www.w3.org/2000/svg"><path d="M6 22V10" fill="none"/></svg>',
    "theme/assets/a.css": "a { b: url('data:image/svg+xml;charset=utf-8,<svg/>') } c { d: url(e.png) }",
    "theme/assets/a.js": "a.textContent = b",
    "snippets/a.py": 'name = "é"  # ü\n',
    "tools/a.txt": "\tx\n",
}
BAD_FILES: dict[str, tuple[str, str, str]] = {
    "a page of HTML": ("docs/a.html", "<p>", "is a kind of file that docs/ does not hold"),
    "a script": ("docs/a.js", "", "is a kind of file that docs/ does not hold"),
    "a drawing": ("docs/a/b.svg", "<svg></svg>", "is a kind of file that docs/ does not hold"),
    "a template": ("theme/404.html", "", "is a kind of file that theme/ does not hold"),
    "another template": ("docs/a.md", "---\ntitle: A\ntemplate: redirect.html\n---\n", "docs/a.md:3: has 'template'"),
    "reversed text": ("snippets/a.py", "a = 1\nb = '\u202e'\n", "snippets/a.py:2: holds an invisible character: U+202E RIGHT-TO-LEFT OVERRIDE"),
    "isolated text": ("README.md", "\u2066", "U+2066 LEFT-TO-RIGHT ISOLATE"),
    "no space": ("docs/a.md", "a\u200bb", "U+200B ZERO WIDTH SPACE"),
    "soft hyphen": ("docs/a.md", "a\xadb", "U+00AD SOFT HYPHEN"),
    "filler": ("snippets/a.py", "\u3164 = 1\n", "U+3164 HANGUL FILLER"),
    "selector": ("docs/a.md", "a\ufe0f", "U+FE0F VARIATION SELECTOR-16"),
    "tag": ("docs/a.md", "a\U000e0041", "U+E0041 TAG LATIN CAPITAL LETTER A"),
    "byte order mark": ("docs/a.md", "\ufeffa", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
    "escape sequence": ("docs/a.md", "\x1b[2J", "U+001B a control character"),
    "Cyrillic name": ("snippets/a.py", "sc\u043ere = 1\n", "has the name 'sc\u043ere', which is not ASCII"),
    "Greek name": ("tests/a.py", "a = 1\nµ = 2\n", "tests/a.py:2: has the name 'µ'"),
    "script in a drawing": ("theme/assets/a.svg", "<svg><script>a()</script></svg>", "has a <script>"),
    "page in a drawing": ("theme/assets/a.svg", "<svg><title><p>a</p></title></svg>", "has a <p>"),
    "handler in a drawing": ("theme/assets/a.svg", '<svg onload="a()"></svg>', "has <svg onload='a()'>"),
    "entities": ("theme/assets/a.svg", '<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "holds '<!DOCTYPE svg"),
    "stylesheet of a drawing": ("theme/assets/a.svg", '<?xml-stylesheet href="a"?><svg/>', "holds '<?xml-stylesheet"),
    "import of a stylesheet": ("theme/assets/a.css", "\n@import 'b.css'", "a.css:2: holds '@import'"),
    "load of a stylesheet": ("theme/assets/a.css", "a { b: url( 'https://a.example') }", "holds \"url( 'https://a.example"),
    "load without scheme": ("theme/assets/a.css", "a { b: url(//a.example) }", "holds 'url(//a.example"),
    "evaluated text": ("theme/assets/a.js", "eval(a)", "holds 'eval'"),
    "text as HTML": ("theme/assets/a.js", "a.innerHTML = b", "holds 'innerHTML'"),
    "request": ("theme/assets/a.js", "fetch(a)", "holds 'fetch('"),
    "other host": ("theme/assets/a.js", "a.src = 'https://a'", "holds 'https://'"),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD_FILES)
def test_accepts_a_file(name: str) -> None:
    assert report(safety.check_file(name, GOOD_FILES[name])) == ""


@pytest.mark.parametrize("fault", BAD_FILES)
def test_rejects_a_file(fault: str, tmp_path: Path) -> None:
    name, text, message = BAD_FILES[fault]
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text, "utf-8")
    assert message in report(safety.check_file(name, text))


def test_rejects_links_binaries_and_an_empty_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert "found no files" in report(safety.check_files(tmp_path))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/good.md").write_text("Text.\n", "utf-8")
    assert safety.check_files(tmp_path) == []
    (tmp_path / "docs/password.md").symlink_to("/etc/passwd")
    (tmp_path / "docs/home").symlink_to("/root", target_is_directory=True)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/model.txt").write_bytes(b"\x80\x04\x95")
    said = report(safety.check_files(tmp_path))
    assert "docs/password.md:1: is a link to another place" in said
    assert "docs/home:1: is a link to another place" in said
    assert "tools/model.txt:1: is no text" in said


def test_the_search_index_and_the_sitemap(tmp_path: Path) -> None:
    def write(title: str, text: str, address: str) -> str:
        (tmp_path / "search").mkdir(exist_ok=True)
        entry = {"location": "a/", "title": title, "text": text}
        (tmp_path / "search/search_index.json").write_text(json.dumps({"docs": [entry]}), "utf-8")
        (tmp_path / "sitemap.xml").write_text(f"<loc>{address}</loc>", "utf-8")
        return report(
            [
                *safety.check_search_index(tmp_path),
                *safety.check_sitemap(tmp_path, "https://us.example/"),
            ]
        )

    good = ("A &lt; B", "<p>a <code>b</code></p>", "https://us.example/a/")
    assert write(*good) == ""
    assert "has '<img src=x>' in the title of 'a/'" in write("<img src=x>", *good[1:])
    assert "has '<p class=x>' in the text of 'a/'" in write(good[0], "<p class=x>", good[2])
    assert "names 'https://them.example/'" in write(*good[:2], "https://them.example/")


def test_an_address_is_escaped_in_the_page_of_a_move() -> None:
    assert '"><b' not in page_of_a_move("/a/", '/"><b/')


UNSAFE = {
    "pickle.load(file)": "S301",
    "pandas.read_pickle('table')": "S301",
    "joblib.load('model')": "TID251",
    "marshal.loads(b'')": "S302",
    "tempfile.mktemp()": "S306",
    "eval('1')": "S307",
    "exec('value = 1')": "S102",
    "urllib.request.urlopen(address)": "S310",
    "hashlib.md5(b'')": "S324",
    "yaml.load('a')": "S506",
    "subprocess.run('ls', shell=True)": "S602",
    "os.system('ls')": "S605",
    "value = 1  # noqa": "PGH004",
    "try: value = 1\nexcept: value = 2": "E722",
    "try: value = 1\nexcept Exception: value = 2": "BLE001",
    "try: value = 1\nexcept Exception: pass": "S110",
}


@pytest.mark.parametrize("name", ["snippets/data/new.py", "docs/data/figures/new.py"])
def test_unsafe_calls_do_not_pass(name: str) -> None:
    libraries = "hashlib joblib marshal os pandas pickle subprocess tempfile urllib.request yaml"
    head = [f"import {library}" for library in libraries.split()]
    code = "\n".join([*head, *UNSAFE]) + "\n"
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise"]
    done = subprocess.run(
        [*command, "--stdin-filename", name, "-"],
        cwd=ROOT, input=code, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = code.splitlines()
    for call, rule in UNSAFE.items():
        places = [i for i, line in enumerate(lines, start=1) if line in call.splitlines()]
        assert any(f"{name}:{place}:" in line and rule in line
                   for place in places for line in done.stdout.splitlines()), (call, done.stdout)  # fmt: skip
