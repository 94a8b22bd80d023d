"""Pages that rustdoc shows, too, and links to items of the crates.

Apart from conf.py because both need to know how rustdoc reads Markdown: which lines of an example are
hidden, what may follow the word `rust`, and where the page of an item is.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

CRATES = ("typedview", "typedview_pyo3", "typedview_claims")
RUST_BLOCK = re.compile(r"^```(?:rust|compile_fail)[\w,]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ITEM_LINK = re.compile(rf"\]\((?:\w+@)?(crate|{'|'.join(CRATES)})(?:::([\w:]+))?!?\)")
# Modules of rustdoc whose text is a page here, too.
PAGES = {
    "typedview_pyo3::guide::from_pybuffer": "from_pybuffer.md",
    "typedview_pyo3::guide::from_rust_numpy": "from_rust_numpy.md",
    "typedview_pyo3::guide::porting": "from_cython.md",
}
log = logging.getLogger(__name__)


def shown(block: re.Match[str]) -> str:
    """Returns an example as rustdoc shows it: without the lines that begin with `# `."""
    lines = [line for line in block[1].splitlines() if not re.match(r"\s*#( |$)", line)]
    return "\n".join(["```rust", *lines, "```"])


def item_page(rustdoc: Path, crate: str, path: str) -> str | None:
    """Returns the address of an item's page, below the folder of rustdoc. An empty path is the crate itself.

    An item that a crate takes from another one has its page there.
    """
    if not path:
        return f"{crate}/index.html"
    *modules, name = path.split("::")
    for owner in (crate, *CRATES):
        folder = rustdoc.joinpath(owner, *modules)
        if (folder / name / "index.html").exists():
            return f"{'/'.join([owner, *modules, name])}/index.html"
        # `Element` is a trait and a derive of the same name. The trait says more.
        pages = folder.glob(f"*.{name}.html")
        for page in sorted(pages, key=lambda page: (page.name.startswith("derive."), page.name)):
            return f"{'/'.join([owner, *modules])}/{page.name}"
        # The last part may be a method of the type before it.
        if modules:
            for page in sorted(rustdoc.joinpath(owner, *modules[:-1]).glob(f"*.{modules[-1]}.html")):
                for kind in ("method", "tymethod", "associatedconstant", "variant"):
                    if f'id="{kind}.{name}"' in page.read_text(encoding="utf-8"):
                        return f"{'/'.join([owner, *modules[:-1]])}/{page.name}#{kind}.{name}"
    return None


def translated(app: Sphinx, docname: str, text: str, crate: str) -> str:
    """Returns the text with examples as rustdoc shows them, and with links that Sphinx understands."""
    up = "../" * docname.count("/")

    def link(match: re.Match[str]) -> str:
        owner = crate if match[1] == "crate" else match[1]
        if f"{owner}::{match[2]}" in PAGES:
            return f"]({up}{PAGES[f'{owner}::{match[2]}']})"
        page = item_page(Path(app.config.rustdoc), owner, match[2] or "")
        if page is None:
            log.warning("%s has the link %s), which rustdoc has no page for", docname, match[0][2:])
            return match[0]
        return f"]({'part' if '#' in page else 'page'}:{up}rust/{page})"

    return ITEM_LINK.sub(link, RUST_BLOCK.sub(shown, text))


def on_source_read(app: Sphinx, docname: str, source: list[str]) -> None:
    source[0] = translated(app, docname, source[0], "typedview")


def on_include_read(app: Sphinx, path: Path, docname: str, source: list[str]) -> None:
    crate = next((name for name in CRATES if name.replace("_", "-") in path.parts), "typedview")
    source[0] = translated(app, docname, source[0], crate)


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Shows code without the visibility of functions and the empty line that ends a session."""
    for block in doctree.findall(nodes.literal_block):
        text = block.astext().replace("pub(crate) fn", "fn").replace("pub(crate) struct", "struct").rstrip()
        block.rawsource, block.children = text, []
        block += nodes.Text(text)


# What Sphinx makes of the links above: `page:` and `part:` are addresses that it takes as they are.
URL_SCHEMES = {"http": None, "https": None, "page": "{{path}}", "part": "{{path}}#{{fragment}}"}


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("rustdoc", "", "env", [str])
    app.connect("source-read", on_source_read)
    app.connect("include-read", on_include_read)
    app.connect("doctree-read", on_doctree_read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
