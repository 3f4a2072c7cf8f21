"""AWS policies: the documents, and what they let a principal do."""
