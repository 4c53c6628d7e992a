"""How fast Tidemill is, measured beside its peers on this machine: `python -m benchmarks --help`."""
