"""Open questions of several steps: a model chooses the steps, the pipeline runs each of them."""
