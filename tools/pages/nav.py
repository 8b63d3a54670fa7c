"""The table of contents: known pages in their order; a page nobody placed stands under its folder, or under More."""

from fnmatch import fnmatch
from typing import Any

from mkdocs.plugins import event_priority

ORDER: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "First hour",
        (
            "integrators.md",
            "health-teams.md",
            "police.md",
            "passport*.md",
            "assessments.md",
            "oversight.md",
            "letters.md",
            "documents.md",
            "child-file.md",
        ),
    ),
    ("Practice", ("contextual-safeguarding.md", "awkward-cases.md", "practice/*.md")),
    ("The rules", ("rules/index.md", "rules/*.md", "law-not-held.md")),
    ("The standard", ("versions.md", "reference/fields/index.md", "reference/fields/*.md", "reference/codes.md")),
    ("Mappings", ("mappings/*.md",)),
    ("Reference", ("reference/*.md",)),
    ("Data protection and evidence", ("evidence.md", "dpia-template.md")),
    ("Running it", ("operating.md", "deploy.md", "performance.md", "dependencies.md")),
    ("Decisions", ("decisions/*.md",)),
    ("More", ("*.md",)),
)


@event_priority(-100)
def on_files(files: Any, config: Any, **_: Any) -> Any:
    """After every page is there, generated ones too."""
    left = sorted(file.src_uri for file in files.documentation_pages() if file.src_uri != "index.md")
    nav: list[Any] = [{"Start": "index.md"}]
    for heading, patterns in ORDER:
        taken = list(dict.fromkeys(page for pattern in patterns for page in left if fnmatch(page, pattern)))
        left = [page for page in left if page not in taken]
        nav += [{heading: taken}] if taken else []
    config.nav = nav
    return files
