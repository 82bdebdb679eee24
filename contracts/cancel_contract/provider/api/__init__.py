"""The API as the real server answers it: routes, access, operations, rendering."""
