"""Files on disk: ``dbt_project.yml``, ``profiles.yml``, packages and vars, read with their places."""
