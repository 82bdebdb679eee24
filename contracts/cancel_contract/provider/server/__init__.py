"""The provider on a socket: uvicorn behind one seam, control over HTTP."""
