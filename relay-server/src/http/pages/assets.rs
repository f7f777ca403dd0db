/// A file for the browser.
pub(crate) struct Asset {
    pub(crate) content_type: &'static str,
    pub(crate) bytes: &'static [u8],
    /// With its quotes, ready for the header.
    pub(crate) etag: String,
}

/// The asset at `/assets/{file_name}`. The name holds a hash of the content, so the answer is immutable.
pub(crate) fn asset(_file_name: &str) -> Option<&'static Asset> {
    None
}

/// Path of an asset by its plain name, with the hash of its content.
pub(crate) fn asset_url(name: &str) -> String {
    format!("/assets/{name}")
}
