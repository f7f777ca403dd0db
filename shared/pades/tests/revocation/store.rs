//! What a document carries itself, and what may be kept in it.
