"""The service: Prefect's server with its login, the deployments, and what runs them."""
