"""Where lines go: the console, the live display of a terminal, the log file."""
