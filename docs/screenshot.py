"""Takes the README's picture of the overview page: `make screenshot`, after `make demo`."""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from warehouse.config.settings import read_settings

PICTURE = Path(__file__).parent / "overview.png"
# What a first look needs: the question, the answer and the table of measures.
VIEW = {"width": 1160, "height": 1090}


def main() -> None:
    """Open the overview from disk and write what is seen above the fold."""
    page_file = read_settings().site / "index.html"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=VIEW, color_scheme="light")
        page.goto(page_file.as_uri())
        page.wait_for_load_state("networkidle")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
