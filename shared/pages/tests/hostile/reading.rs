use pages::{Document, Fonts, Limits};

/// Opens, inspects and draws what inspection lets pass, as every caller does, under limits that keep it short.
pub(crate) fn read_everything(bytes: Vec<u8>) {
    let fonts = Fonts::built_in();
    // Pages are looked at as wide as they are read.
    let limits = Limits { max_pixels: 4_000_000, max_inflated_bytes: 4_000_000, ..Limits::default() };
    if let Ok(document) = Document::open(bytes, &limits)
        && document.inspect(&fonts).is_ok_and(|inspection| inspection.undrawable.is_empty())
    {
        let _ = document.draw(0, 100, &fonts);
    }
}
