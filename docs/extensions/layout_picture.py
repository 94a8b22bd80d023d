"""The directive `layout-picture`: the picture of a view's layout, drawn by the view itself.

Apart from conf.py because it runs Python code: its content is a program whose last line is an expression.
"""

import ast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class LayoutPicture(SphinxDirective):
    """Evaluates its content, and shows the picture that a notebook would show."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        program = ast.parse("\n".join(self.content))
        last = program.body.pop()
        if not isinstance(last, ast.Expr):
            raise self.error("the last line of a layout-picture has to be an expression")
        names: dict[str, object] = {}
        exec(compile(program, "layout-picture", "exec"), names)
        view = eval(compile(ast.Expression(last.value), "layout-picture", "eval"), names)
        return [nodes.raw("", f'<div class="layout-picture">{view._repr_html_()}</div>', format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("layout-picture", LayoutPicture)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
