"""What a metric means and how it becomes a number."""
