"""The static site: every file of it, built beside the last site and swapped in whole.

What stands in it is told in `files`, what becomes of the last one in `place`. What is drawn is kept beside
the published file, so that only what changed is drawn again; a site for which nothing changed stays.
"""

from pathlib import Path

from reports.build.engine.packages import require_packages
from reports.build.place import own_files
from reports.build.unchanged import made_from, stands


def build_site(
    published: Path,
    site: Path,
    url: str | None = None,
    single_file: bool = False,
    cache: Path | None = None,
    packages: Path | None = None,
    corrections: str | None = None,
) -> list[Path]:
    """Write the site from the published file and return its files.

    The address it will be found at, if there is one, goes into what wants whole addresses: sitemap and
    feeds. Where readers may tell what is wrong with a chart, each one links that address. A single file holds
    every page for mail and archives. Drawings are kept beside the published file.
    With a folder for npm packages the site has a page that answers SQL, with engine and file beside it.
    The last site stays until the new one is whole, and what others put into its folder stays. Raises
    NothingPublished where there is no file, and ConfigurationError before it would replace a folder that
    holds something else than a site. A site that would come out as it stands is left as it is.
    """
    site, drawn = site.resolve(), cache or published.parent / "drawings"
    if packages:
        require_packages(packages)
    made = made_from(published, url, single_file, bool(packages), corrections)
    if made and stands(site, drawn / made):
        return sorted(site / name for name in own_files(site) or ())
    # It takes longer to import than to find that nothing changed.
    from reports.build.make import Wanted, make_site

    files, digest = make_site(published, site, drawn, Wanted(url, single_file, packages, corrections))
    if made and digest:
        (drawn / made).write_text(digest, encoding="utf-8")
    return files
