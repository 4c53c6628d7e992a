"""One module per verb: settings in, a call into ``commands``, events to the output, an exit code."""
