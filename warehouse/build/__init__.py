"""Building: the archive loaded, the models run and checked, the marts published."""
