"""Where the files a page loads come from: our own folder and two installed packages, never from outside."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent.parent / "static"
TEMPLATES: Final = Path(__file__).parent.parent / "templates"


def kern_folder() -> Path:
    """The folder with KERN's style sheet, its fonts and its licence."""
    return Path(str(distribution("mkdocs-kern-ux").locate_file("mkdocs_kern_ux/kern-ux/vendor/kern")))


def htmx_folder() -> Path:
    """The folder with htmx 2."""
    return Path(str(distribution("django-htmx").locate_file("django_htmx/static/django_htmx")))


def version() -> str:
    """A short word that changes with our own files, so that a browser never keeps an old one."""
    digest = sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
