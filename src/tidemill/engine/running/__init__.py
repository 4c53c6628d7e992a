"""Plans to tables: a list of steps executed by threads, through materialisation macros, as a stream of events."""
