"""The floors: an import goes down, never up, and never hides inside a function."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# From the ground up; a module may import from its own floor and from those before it.
FLOORS = [
    ("realisasi.aturan",),
    ("daerah",),
    ("realisasi.models", "realisasi.pemicu"),
    ("realisasi.rekap",),
    ("realisasi.actions",),
    ("realisasi.buku", "realisasi.gambar", "realisasi.contoh"),
    (
        "realisasi.views",
        "realisasi.forms",
        "realisasi.api",
        "realisasi.tasks",
        "realisasi.management",
        "realisasi.templatetags",
        "realisasi.urls",
        "realisasi.pemeriksaan",
    ),
]
# Outside the floors: Django loads them by name.
LOOSE = ("realisasi.migrations", "realisasi.apps", "daerah.migrations", "daerah.apps")
ALL = sorted(
    path for app in ("daerah", "realisasi") for path in (ROOT / app).rglob("*.py") if path.stat().st_size
)


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def module_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


FILES = [path for path in ALL if not module_of(path).startswith(LOOSE)]


def floor_of(module):
    for level, names in enumerate(FLOORS):
        if any(module == name or module.startswith(f"{name}.") for name in names):
            return level
    return None


def imported(node):
    if isinstance(node, ast.ImportFrom):
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return [alias.name for alias in node.names]


def imports(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_module_imports_only_from_its_floor_or_below(path):
    module = module_of(path)
    own = floor_of(module)
    assert own is not None or module in ("realisasi", "daerah"), f"{module} stands on no floor"
    above = [
        name
        for node in imports(tree_of(path))
        for name in imported(node)
        if floor_of(name) is not None and floor_of(name) > own
    ]
    assert above == []


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_no_import_hides_inside_a_function(path):
    functions = [n for n in ast.walk(tree_of(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [node.lineno for function in functions for node in imports(function)] == []


def test_the_pure_floor_knows_neither_django_nor_the_clock():
    forbidden = ("django", "daerah", "celery", "realisasi.models")
    for path in (ROOT / "realisasi" / "aturan").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        names = [name for node in imports(ast.parse(source)) for name in imported(node)]
        assert not [name for name in names if name.startswith(forbidden)], path
        assert ".now(" not in source, path
        assert ".today(" not in source, path


def test_only_one_module_divides():
    """A rate is divided in aturan/serapan.py; drawing (pixels) and file sizes are no rates."""
    exempt = (
        "realisasi.aturan.serapan",
        "realisasi.gambar",
        "realisasi.templatetags",
        "realisasi.buku.penjaga",
    )
    dividing = [
        f"{module_of(path)}:{node.lineno}"
        for path in FILES
        if not module_of(path).startswith(exempt)
        for node in ast.walk(tree_of(path))
        # `Path / "name"` is no division.
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not is_path(node)
    ]
    assert dividing == []


def is_path(node):
    sides = (node.left, node.right)
    return any(
        isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
        for side in sides
        for leaf in ast.walk(side)
    )
