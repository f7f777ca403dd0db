use std::thread;

use crate::PagesError;

/// Runs the renderer on a stack of its own, and turns a panic into an error.
///
/// The renderer recurses as deep as the document nests, which is more than a
/// phone's worker thread has room for; and a parser of somebody else's bytes
/// must not take the program down with it.
pub(crate) fn guarded<T: Send>(work: impl FnOnce() -> Result<T, PagesError> + Send) -> Result<T, PagesError> {
    thread::scope(|scope| {
        thread::Builder::new()
            .name("pages".to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, work)
            .map_err(|_| PagesError::RendererGaveUp)?
            .join()
            .unwrap_or(Err(PagesError::RendererGaveUp))
    })
}

/// Fifty nested forms (hayro's own bound) need less than a quarter of it.
const STACK_BYTES: usize = 16 * 1024 * 1024;
