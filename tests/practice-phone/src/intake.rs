//! How a link gets into the phone: pasted, or read off a picture.

use std::io::Cursor;
use std::net::{Ipv4Addr, Ipv6Addr};

use image::{ImageFormat, ImageReader, Limits};
use rqrr::PreparedImage;

/// Why a link or picture was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntakeProblem {
    /// The link leads to another machine: the practice phone calls this one only.
    NotOnLoopback,
    NotAPicture,
    NoQrFound,
    SeveralQrs,
}

impl IntakeProblem {
    /// A name that the page has words for.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotOnLoopback => "not-on-loopback",
            Self::NotAPicture => "not-a-picture",
            Self::NoQrFound => "no-qr-found",
            Self::SeveralQrs => "several-qrs",
        }
    }
}

/// Refuses a web link to another machine. Whether the rest is ours, the flow
/// decides: what is no web link at all goes there, too, and is called by its
/// name.
pub fn check_link(text: &str) -> Result<&str, IntakeProblem> {
    let text = text.trim();
    let Some((scheme, rest)) = text.split_once("://") else {
        return Ok(text);
    };
    let authority = rest.split(['/', '#', '?']).next().unwrap_or_default();
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    if is_web && !is_loopback(authority) {
        return Err(IntakeProblem::NotOnLoopback);
    }
    Ok(text)
}

/// Reads the one QR in a PNG picture.
pub fn read_qr(png: &[u8]) -> Result<String, IntakeProblem> {
    let mut reader = ImageReader::with_format(Cursor::new(png), ImageFormat::Png);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE_PX);
    limits.max_image_height = Some(LARGEST_SIDE_PX);
    reader.limits(limits);
    let picture = reader.decode().map_err(|_| IntakeProblem::NotAPicture)?.to_luma8();
    let (Ok(width), Ok(height)) = (usize::try_from(picture.width()), usize::try_from(picture.height())) else {
        return Err(IntakeProblem::NotAPicture);
    };
    let samples = picture.into_raw();
    let mut prepared =
        PreparedImage::prepare_from_greyscale(width, height, |x, y| samples.get(y * width + x).copied().unwrap_or(u8::MAX));
    let texts: Vec<_> = prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok()).collect();
    match texts.as_slice() {
        [] => Err(IntakeProblem::NoQrFound),
        [(_, text)] => Ok(text.clone()),
        _ => Err(IntakeProblem::SeveralQrs),
    }
}

/// `localhost`, 127.0.0.0/8 or `[::1]`, with or without a port.
pub(crate) fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, _)) => return host.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback()),
        None => authority.split_once(':').map_or(authority, |(host, _)| host),
    };
    host == "localhost" || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

/// A photograph of twelve million pixels is within it.
const LARGEST_SIDE_PX: u32 = 6_000;

#[cfg(test)]
mod tests {
    use image::{DynamicImage, GrayImage, Luma};
    use qrcode::{Color, QrCode};

    use super::*;

    #[test]
    fn links_to_this_machine_are_taken() {
        for link in ["http://127.0.0.1:8080/s#AAM", "http://localhost/s#AAM", " http://[::1]:9/s#AAM\n"] {
            assert_eq!(check_link(link), Ok(link.trim()));
        }
    }

    #[test]
    fn links_to_another_machine_are_refused() {
        for link in [
            "https://bank.example/s#AAM",
            "http://127.0.0.1.bank.example/s#AAM",
            "http://127.0.0.1@bank.example/s#AAM",
            "http://localhost.bank.example:80/s#AAM",
            "HTTP://192.168.0.2/s#AAM",
            "http://[2001:db8::1]/s#AAM",
        ] {
            assert_eq!(check_link(link), Err(IntakeProblem::NotOnLoopback), "{link}");
        }
    }

    #[test]
    fn what_is_no_web_link_is_left_to_the_flow() {
        assert_eq!(check_link("4912345678904"), Ok("4912345678904"));
    }

    #[test]
    fn a_qr_is_read_off_a_picture() {
        assert_eq!(read_qr(&picture_of(&["http://127.0.0.1:8080/s#AAM"])).as_deref(), Ok("http://127.0.0.1:8080/s#AAM"));
    }

    #[test]
    fn pictures_without_a_single_qr_say_so() {
        assert_eq!(read_qr(&picture_of(&[])), Err(IntakeProblem::NoQrFound));
        assert_eq!(read_qr(&picture_of(&["one", "two"])), Err(IntakeProblem::SeveralQrs));
        assert_eq!(read_qr(b"%PDF-1.7"), Err(IntakeProblem::NotAPicture));
    }

    /// Codes side by side on white, as a screenshot of a page would show them.
    fn picture_of(texts: &[&str]) -> Vec<u8> {
        let mut picture = GrayImage::from_pixel(400 * u32::try_from(texts.len().max(1)).unwrap(), 400, Luma([255]));
        for (index, text) in texts.iter().enumerate() {
            let left = 400 * u32::try_from(index).unwrap() + 60;
            draw(&mut picture, &QrCode::new(text).unwrap(), left);
        }
        let mut png = Vec::new();
        DynamicImage::from(picture).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        png
    }

    fn draw(picture: &mut GrayImage, code: &QrCode, left: u32) {
        let modules = u32::try_from(code.width()).unwrap();
        for (index, color) in code.to_colors().into_iter().enumerate() {
            let index = u32::try_from(index).unwrap();
            let (x, y) = (left + index % modules * 8, 60 + index / modules * 8);
            if color == Color::Dark {
                (0..64).for_each(|dot| picture.put_pixel(x + dot % 8, y + dot / 8, Luma([0])));
            }
        }
    }
}
