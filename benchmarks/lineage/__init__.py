"""What the column lineage of a whole project costs, cold, warm and after an edit."""
