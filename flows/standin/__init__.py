"""What the demo's stand-ins of the sources share: the clock, curves and the tables of real figures."""
