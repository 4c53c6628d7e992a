"""Events in, lines out: pure, without a terminal, a file or a clock of its own."""
