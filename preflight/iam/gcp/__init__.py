"""Google Cloud IAM: allow policies with conditions, deny policies, and what they let an account do with objects."""
