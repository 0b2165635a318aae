//! Nothing of its own: the package holds tests that need the whole server.
