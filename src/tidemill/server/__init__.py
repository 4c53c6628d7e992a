"""HTTP and WebSocket over one project: translate, authorise, stream, and serve the built web app."""
