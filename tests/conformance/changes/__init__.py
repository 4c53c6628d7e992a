"""A project and edits of it: what each edit changes is compared with dbt-core's answer."""
