"""Lets the catalogues find the texts of help (`babel.cfg`): docstrings of commands, and `help=`."""

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

from babel.messages.extract import extract_python

from wesentra.cli.spoken import paragraphs


def extract(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Any]:
    """What Babel finds in a Python file, and the texts of help in it, paragraph by paragraph."""
    yield from extract_python(file, keywords, comment_tags, options)  # type: ignore[arg-type]
    file.seek(0)
    for node in ast.walk(ast.parse(file.read())):
        for text in _texts(node):
            for part in paragraphs(text):
                yield node.lineno, None, part, []  # type: ignore[attr-defined]


def _texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef) and any(map(_makes_a_command, node.decorator_list)):
        yield ast.get_docstring(node) or ""
    elif isinstance(node, ast.Call) and not any(each.arg == "hidden" for each in node.keywords):
        for each in node.keywords:
            if each.arg == "help" and isinstance(each.value, ast.Constant):
                yield str(each.value.value)


def _makes_a_command(decorator: ast.expr) -> bool:
    """Whether it is `@click.command()`, `@group.command("name")` or `@click.group()`."""
    own = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(own, ast.Attribute) and own.attr in ("command", "group")
