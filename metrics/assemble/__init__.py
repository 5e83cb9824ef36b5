"""From the entries of definition files to the frozen objects of the semantic layer."""
