"""Under which terms each source gives its figures, as it declares, and what Barometer adds."""

from collections.abc import Mapping

from warehouse.config.catalog import catalog

TERMS: Mapping[str, str] = {source_id: source.terms for source_id, source in catalog().items()}

LICENCE = "The figures belong to their sources, whose terms apply. What Barometer adds is under Apache-2.0."
