"""Check that every link inside the built guide leads to a page and to a place on it that exist.

Sphinx and rustdoc check the links that they make themselves. This looks at the result, in which each links to
the other, and which has links that were written as HTML. Addresses on other sites are not visited.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Pages of rustdoc with source code, whose links are written by rustdoc alone.
IGNORED = ("rust/src/", "rust/static.files/")


class Page(HTMLParser):
    """The links of a page, and the places on it that links can name."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.places: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ("id", "name") and value:
                self.places.add(value)
            elif value and (name == "src" or (name == "href" and tag in ("a", "link"))):
                self.links.add(value)


def main() -> None:
    site = Path(sys.argv[1]).resolve()
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    broken, count = [], 0
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        if name.startswith(IGNORED):
            continue
        for link in sorted(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            count += 1
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            # The places on pages of rustdoc have names that only rustdoc links to.
            place = "" if name.startswith("rust/") else unquote(parts.fragment)
            if not target.is_relative_to(site) or not target.exists():
                broken.append(f"{name}: {link} does not exist")
            elif place and target in pages and place not in pages[target].places:
                broken.append(f"{name}: {link} names a place that is not on the page")
    if broken:
        sys.exit("\n".join(broken))
    print(f"links: all {count} inside the guide lead somewhere")


if __name__ == "__main__":
    main()
