use std::path::Path;

use rqrr::PreparedImage;

use crate::failure::{Failure, Kind};

/// The text of the QR in a picture of the page.
pub(super) fn link_in(picture: &Path) -> Result<String, Failure> {
    let unreadable = || Failure::before_all(Kind::NoQrInPicture { path: picture.to_owned() });
    let image = image::open(picture).map_err(|_| unreadable())?.to_luma8();
    let (width, height) = (size(image.width()), size(image.height()));
    let pixels = image.as_raw();
    let shade = |x: usize, y: usize| pixels.get(y * width + x).copied().unwrap_or(WHITE);
    let mut prepared = PreparedImage::prepare_from_greyscale(width, height, shade);
    let grids = prepared.detect_grids();
    grids.into_iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text).ok_or_else(unreadable)
}

fn size(pixels: u32) -> usize {
    usize::try_from(pixels).unwrap_or(usize::MAX)
}

const WHITE: u8 = 255;
