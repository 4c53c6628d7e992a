"""The command line: arguments in, events rendered, exit codes out. All work is done by ``commands``."""
