//! Whether an image can be drawn: small ones are decoded; of large ones the beginning and the length are looked at, for a
//! page that is scanned has a hundred megabytes of samples, and a document hundreds of pages.

use hayro::hayro_interpret::Image;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::length::unfolded_length;
use super::unfold::Lengths;
use super::{Findings, encoded, whole};

pub(super) fn is_drawn(image: &Image<'_, '_>, findings: &mut Findings) -> bool {
    let stream = match image {
        Image::Raster(raster) => raster.stream(),
        Image::Stencil(stencil) => stencil.stream(),
    };
    let parts: Vec<Stream<'_>> = MASKS.iter().filter_map(|key| stream.dict().get(key)).chain([stream.clone()]).collect();
    let samples = parts.iter().try_fold(0_u64, |sum, part| sum.checked_add(samples(part.dict())?));
    let is_small = samples.is_some_and(|samples| samples <= MAX_SAMPLES && findings.work().decode(samples));
    if !parts.iter().all(|part| whole::is_whole(part, findings)) {
        return false;
    }
    if is_small && parts.iter().all(|part| is_plain(part, findings.lengths())) {
        decodes(image)
    } else {
        parts.iter().all(encoded::begins_well)
    }
}

fn samples(dictionary: &Dict<'_>) -> Option<u64> {
    let side = |short: &str, long: &str| dictionary.get::<u32>(short).or_else(|| dictionary.get::<u32>(long)).map(u64::from);
    side("W", "Width")?.checked_mul(side("H", "Height")?)
}

/// Whether it unfolds to no more than a small image has, and its colours are not computed by functions, which may take
/// any time for each sample.
fn is_plain(image: &Stream<'_>, known: &Lengths) -> bool {
    let dictionary = image.dict();
    let space = dictionary.get::<Object<'_>>("CS").or_else(|| dictionary.get("ColorSpace"));
    let has_plain_colors = match &space {
        None | Some(Object::Name(_)) => true,
        Some(Object::Array(parts)) => !is_computed(parts),
        Some(_) => false,
    };
    has_plain_colors && unfolded_length(image, MAX_BYTES, known).is_some()
}

fn is_computed(space: &Array<'_>) -> bool {
    space.iter::<Name<'_>>().next().is_some_and(|family| matches!(family.as_ref(), b"Separation" | b"DeviceN"))
}

fn decodes(image: &Image<'_, '_>) -> bool {
    let mut complete = false;
    match image {
        Image::Raster(raster) => {
            let has_mask = MASKS.into_iter().any(|key| raster.stream().dict().contains_key(key));
            raster.with_rgba(|_, alpha| complete = alpha.is_some() || !has_mask, None);
        }
        Image::Stencil(stencil) => stencil.with_stencil(|_, _| complete = true, None),
    }
    complete
}

const MASKS: [&str; 2] = ["SMask", "Mask"];

/// A page of A4 at 150 dots per inch, or 17 MiB at the most while it is decoded.
const MAX_SAMPLES: u64 = 2_200_000;

/// Four channels of such an image, of eight bits.
const MAX_BYTES: u64 = 4 * MAX_SAMPLES;
