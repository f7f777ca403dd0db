use thiserror::Error;

/// Why a document was not opened, or a page not drawn.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PagesError {
    #[error("not readable as a PDF")]
    Unreadable,
    #[error("encrypted")]
    Encrypted,
    #[error("no pages")]
    NoPages,
    #[error("{pages} pages, at most {limit} are drawn")]
    TooManyPages { pages: usize, limit: usize },
    #[error("{objects} objects, at most {limit} are read")]
    TooManyObjects { objects: usize, limit: usize },
    #[error("the streams unfold to more than {limit} bytes")]
    InflatesTooFar { limit: u64 },
    #[error("content that takes more than {limit} steps, or too much memory, to look through")]
    TooMuchContent { limit: u64 },
    #[error("{pixels} pixels, at most {limit} are drawn")]
    TooManyPixels { pixels: u64, limit: u64 },
    #[error("there is no page {page}")]
    NoSuchPage { page: usize },
    #[error("the renderer gave up on this document")]
    RendererGaveUp,
}
