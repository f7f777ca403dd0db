/// How much a document may ask of the machine that draws it.
///
/// A limit is checked before the work it bounds wherever the format allows it.
/// A server sets an address space for its child process besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    pub max_pages: usize,
    /// Of one page image, or of one image inside a page.
    pub max_pixels: u64,
    pub max_objects: usize,
    /// Forms within patterns within forms, and objects within objects.
    pub max_depth: usize,
    /// Of one image, filters behind filters included; other streams are content.
    pub max_stream_bytes: u64,
    /// Of all compressed streams together.
    pub max_inflated_bytes: u64,
    /// Of content, fonts and functions that are unfolded at the same time; images are not unfolded to be looked at.
    pub max_content_bytes: u64,
    /// Of looking through the whole document: an operator that is read or interpreted is one.
    pub max_steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_pages: 500,
            max_pixels: 40_000_000,
            max_objects: 1_000_000,
            max_depth: 24,
            max_stream_bytes: 256 * 1024 * 1024,
            max_inflated_bytes: 512 * 1024 * 1024,
            max_content_bytes: 24 * 1024 * 1024,
            max_steps: 12_000_000,
        }
    }
}
