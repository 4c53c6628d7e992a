"""Any warehouse that a dbt adapter plugin serves: the plugin's Python, behind our contract, without dbt-core."""
