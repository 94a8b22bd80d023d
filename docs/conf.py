"""The guide: how Sphinx builds the pages of this folder and those in the docs folders of the crates.

`make docs` builds it after rustdoc, because the pages link to what rustdoc has written.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(Path(__file__).parent / "extensions"))

from rust_pages import URL_SCHEMES  # noqa: E402

project = "typedview"
author = "the typedview developers"
project_copyright = author

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "sphinx_design",
    "layout_picture",
    "rust_pages",
]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
myst_url_schemes = URL_SCHEMES
exclude_patterns = ["extensions"]
nitpicky = True
# There is no inventory of the standard library's pages, because the guide has to build without a network.
nitpick_ignore_regex = [("py:.*", r"(os|collections)\..*")]
# Docstrings have code in single backticks.
default_role = "code"
autodoc_member_order = "bysource"

# Examples are copied without prompts and results.
copybutton_exclude = ".linenos, .gp, .go"

html_theme = "furo"
html_title = "typedview"
html_static_path = ["static"]
html_css_files = ["guide.css"]
html_copy_source = False
html_show_sourcelink = False
# `make docs` puts what rustdoc writes into the folder `rust` of the result.
rustdoc = str(ROOT / "target/doc")
