"""Files to nodes: SQL, YAML properties, docs and macros become the frozen values of ``nodes``."""
