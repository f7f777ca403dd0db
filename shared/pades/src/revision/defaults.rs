//! Defaults of a form that programs bring when they sign: fonts and other resources under new names, and the usual
//! appearance of text. ISO 32000-2, section 12.7.3.

use std::borrow::Cow;

use super::changes::ChangeKind;
use super::rules::{Comparison, Finding, differing_keys, forbidden};
use crate::pdf::{Dictionary, Object};
use crate::problem::PdfProblem;

impl Comparison<'_> {
    /// Whether a default of the form changed only in what no field that was there can use.
    pub(super) fn keeps_default(&self, key: &[u8], old: &Dictionary, new: &Dictionary) -> Result<bool, PdfProblem> {
        let (before, after) = (self.old.value(old, key)?, self.new.value(new, key)?);
        match key {
            b"DA" => Ok(before == Object::Null && is_usual_text(&after)),
            b"DR" => self.adds_resources(&before, &after),
            b"NeedAppearances" => Ok([before, after].iter().all(|value| matches!(value, Object::Null | Object::Boolean(false)))),
            b"CO" => Ok(before == Object::Null && after == Object::Array(Vec::new())),
            b"SigFlags" => Ok(raises_flags(old, new)),
            _ => Ok(false),
        }
    }

    /// The same where the resources, or their fonts, are an object of their own.
    pub(super) fn form_resources(&self, old: &Object, new: &Object) -> Result<Vec<Finding>, PdfProblem> {
        Ok(if self.adds_resources(old, new)? { Vec::new() } else { forbidden(ChangeKind::Form) })
    }

    pub(super) fn form_fonts(&self, old: &Object, new: &Object) -> Result<Vec<Finding>, PdfProblem> {
        let [mut before, mut after] = [Dictionary::default(), Dictionary::default()];
        before.insert(b"Font", old.clone());
        after.insert(b"Font", new.clone());
        self.form_resources(&Object::Dictionary(before), &Object::Dictionary(after))
    }

    /// Every resource stays what it was; what joins them has a name that no text was to be written with.
    fn adds_resources(&self, old: &Object, new: &Object) -> Result<bool, PdfProblem> {
        let (Some(old), Some(new)) = (or_none(old), or_none(new)) else { return Ok(false) };
        let (old, new) = (old.as_ref(), new.as_ref());
        let mut added = Vec::new();
        for kind in differing_keys(old, new).into_iter().filter(|kind| kind != b"ProcSet") {
            match (self.old.value(old, &kind)?, self.new.value(new, &kind)?) {
                (before, after) if before == after => {}
                // Text is written with fonts alone.
                (Object::Null, Object::Dictionary(_)) if kind == b"XObject" => {}
                (Object::Dictionary(before), Object::Null) if kind == b"XObject" && are_of_signatures(&before) => {}
                (Object::Null, Object::Dictionary(after)) => added.extend(after.iter().map(|(name, _)| name.to_vec())),
                (Object::Dictionary(before), Object::Dictionary(after)) => match self.joining(&kind, &before, &after)? {
                    Some(names) => added.extend(names.into_iter().filter(|_| kind != b"XObject")),
                    None => return Ok(false),
                },
                _ => return Ok(false),
            }
        }
        let is_standard = |name: &Vec<u8>| STANDARD_NAMES.contains(&name.as_slice());
        Ok((added.iter().all(is_standard) && self.has_standard_fonts(new)?) || !self.was_waiting_for(&added)?)
    }

    /// The names of one kind that join; None if one that was there stands for something else. iText gives a font of the form an
    /// object of its own.
    fn joining(&self, kind: &[u8], before: &Dictionary, after: &Dictionary) -> Result<Option<Vec<Vec<u8>>>, PdfProblem> {
        let is_last = |name: &Vec<u8>| kind == b"XObject" && is_of_signature(name);
        let (there, joining): (Vec<_>, Vec<_>) =
            differing_keys(before, after).into_iter().filter(|name| !is_last(name)).partition(|name| before.contains(name));
        for name in there {
            if !self.is_same_value(&name, before, after)? {
                return Ok(None);
            }
        }
        Ok(Some(joining))
    }

    /// Whether Helv and ZaDb are what readers take for them where nobody says.
    fn has_standard_fonts(&self, resources: &Dictionary) -> Result<bool, PdfProblem> {
        let Object::Dictionary(fonts) = self.new.value(resources, b"Font")? else { return Ok(true) };
        for (name, face) in [(b"Helv".as_slice(), b"Helvetica".as_slice()), (b"ZaDb", b"ZapfDingbats")] {
            let is_such = match self.new.value(&fonts, name)? {
                Object::Null => true,
                Object::Dictionary(font) => font.name(b"BaseFont") == Some(face) && self.is_plain_font(&font)?,
                _ => false,
            };
            if !is_such {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether it shows each letter as that letter.
    fn is_plain_font(&self, font: &Dictionary) -> Result<bool, PdfProblem> {
        let is_known = font.iter().all(|(key, _)| KEYS_OF_PLAIN_FONT.contains(&key));
        let keeps_letters = match self.new.value(font, b"Encoding")? {
            Object::Null => true,
            Object::Name(encoding) => has_letters(&encoding),
            Object::Dictionary(encoding) => {
                let base = encoding.get(b"BaseEncoding").map(|_| encoding.name(b"BaseEncoding").unwrap_or_default());
                base.is_none_or(has_letters) && keeps_letters(&self.new.value(&encoding, b"Differences")?)
            }
            _ => false,
        };
        Ok(is_known && keeps_letters && font.name(b"Subtype") == Some(b"Type1"))
    }

    /// Whether any text of the older revision was to be written with a font of such a name, which it lacked.
    fn was_waiting_for(&self, names: &[Vec<u8>]) -> Result<bool, PdfProblem> {
        for found in self.old.numbered_objects() {
            let (_, object) = found?;
            if names.iter().any(|name| names_font(&object, name)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What is missing holds nothing; None for what holds no resources.
fn or_none(resources: &Object) -> Option<Cow<'_, Dictionary>> {
    match resources {
        Object::Null => Some(Cow::Owned(Dictionary::default())),
        Object::Dictionary(resources) => Some(Cow::Borrowed(resources)),
        _ => None,
    }
}

/// The picture of the newest signature, which PDFBox writes here too: as FRM0 in its older releases, and so in those of DSS and
/// in PDF-AS. Nothing is drawn from here.
fn is_of_signature(name: &[u8]) -> bool {
    name.strip_prefix(b"FRM").is_some_and(|number| number.iter().all(u8::is_ascii_digit))
}

/// Some programs leave all of it out when they sign next.
fn are_of_signatures(pictures: &Dictionary) -> bool {
    pictures.iter().all(|(name, _)| is_of_signature(name))
}

/// In an appearance string anywhere in the object.
fn names_font(object: &Object, name: &[u8]) -> bool {
    let below = |dictionary: &Dictionary| {
        let own = dictionary.text(b"DA").map(|text| text.bytes.as_slice()).unwrap_or_default();
        says(own, name) || dictionary.iter().any(|(_, value)| names_font(value, name))
    };
    match object {
        Object::Dictionary(dictionary) => below(dictionary),
        Object::Stream(stream) => below(&stream.dictionary),
        Object::Array(items) => items.iter().any(|item| names_font(item, name)),
        // An appearance string may be an object of its own.
        Object::String(text) => says(&text.bytes, name) && ends_with_font(&text.bytes),
        _ => false,
    }
}

/// An empty name could be meant anywhere.
fn says(text: &[u8], name: &[u8]) -> bool {
    name.is_empty() || text.windows(name.len()).any(|window| window == name)
}

/// A table of differences begins anew at each number. ISO 32000-2, table 112.
fn keeps_letters(differences: &Object) -> bool {
    let mut code = 0;
    let mut is_kept = |item: &Object| match item {
        Object::Integer(number) => {
            code = *number;
            true
        }
        _ => {
            code = code.saturating_add(1);
            let is_letter = (i64::from(b'!')..=i64::from(b'~')).contains(&(code - 1));
            !is_letter || [i64::from(b'\''), i64::from(b'`')].contains(&(code - 1))
        }
    };
    match differences {
        Object::Null => true,
        Object::Array(items) => items.iter().all(&mut is_kept),
        _ => false,
    }
}

/// The encodings in which letters stand where they do in ASCII; the one for experts has none. PDFDocEncoding is no encoding of
/// fonts, so readers take their own. ISO 32000-2, annex D.
fn has_letters(encoding: &[u8]) -> bool {
    let known = [b"WinAnsiEncoding".as_slice(), b"MacRomanEncoding", b"StandardEncoding", b"PDFDocEncoding"];
    known.contains(&encoding)
}

fn ends_with_font(text: &[u8]) -> bool {
    text.windows(3).any(|window| window == b" Tf")
}

/// Black, in a size that the field decides.
fn is_usual_text(appearance: &Object) -> bool {
    let Object::String(text) = appearance else { return false };
    let words: Vec<&[u8]> = text.bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    matches!(words.as_slice(), [[b'/', ..], b"0", b"Tf", b"0", b"g"])
}

fn raises_flags(old: &Dictionary, new: &Dictionary) -> bool {
    let before = old.integer(b"SigFlags").unwrap_or(0);
    new.integer(b"SigFlags").is_some_and(|after| after & before == before)
}

/// As all programs call Helvetica and Zapf Dingbats in forms.
const STANDARD_NAMES: [&[u8]; 3] = [b"Helv", b"ZaDb", b"PDFDocEncoding"];
/// ISO 32000-2, table 109, without widths, an embedded font and what would be read out of it.
const KEYS_OF_PLAIN_FONT: [&[u8]; 5] = [b"Type", b"Subtype", b"BaseFont", b"Name", b"Encoding"];
