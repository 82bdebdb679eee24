"""The OpenAPI text of the endpoint: operation, paths, token header, schemas."""
