"""Azure role-based access control: assignments with conditions, deny assignments, and what they let a principal do."""
