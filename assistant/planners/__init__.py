"""From a question to a query: the built-in grammar, later a model beside it."""
