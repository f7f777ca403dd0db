//! Object streams that a later revision frees, brings back or writes anew: what entries lead into is never what it was signed as.

#[path = "support/judged.rs"]
mod judged;
mod support;
#[path = "support/update.rs"]
mod update;

use judged::kinds;
use pades::Ambiguity;
use pades::pdf::Document;
use pades::revision::{ChangeKind, signatures};
use support::{signed, vector};
use update::{last_size, updated};

const SHOWN: &str = "<< /XObject << /X 31 0 R >> >>";
const SWAPPED: &str = "<< /XObject << /X 32 0 R >> >>";
const FORM: &str = "<< /Length 1 /Type /XObject /Subtype /Form /BBox [0 0 9 9] >>\nstream\nq\nendstream";

#[test]
fn an_object_stream_that_entries_lead_into_is_neither_freed_nor_written_anew() {
    let file = signed_with_a_packed_object();
    let freed = updated(&file, &[(40, "")]);
    let swapped = object_stream(SWAPPED);
    for (what, attacked) in [
        ("freed", freed.clone()),
        ("freed and brought back", updated(&freed, &[(40, &swapped), (32, FORM)])),
        ("written anew", updated(&file, &[(40, &swapped), (32, FORM)])),
        ("something else", updated(&file, &[(40, "null")])),
        ("freed and signed", signed_anyway(&freed)),
    ] {
        assert_eq!(kinds(&attacked), Err(Ambiguity::ObjectElsewhere), "{what}");
    }
}

#[test]
fn an_object_listed_again_where_it_stood_is_another_one_if_its_stream_is() {
    let file = signed_with_a_packed_object();
    let swapped = kinds(&packed(&updated(&file, &[(32, FORM)]), SWAPPED)).expect("a sound file");
    assert!(swapped.contains(&ChangeKind::PageContent), "{swapped:?}");
    assert_eq!(kinds(&packed(&file, SHOWN)), Ok(vec![]));
}

#[test]
fn an_object_stream_that_nothing_leads_into_any_more_may_go() {
    let file = signed_with_a_packed_object();
    assert_eq!(kinds(&updated(&file, &[(30, SHOWN), (40, "")])), Ok(vec![]));
    let gone = updated(&file, &[(30, SHOWN)]);
    assert_eq!(kinds(&updated(&gone, &[(40, "")])), Ok(vec![]));
}

#[test]
fn a_signature_in_a_stream_written_anew_is_found() {
    let file = signed_with_a_packed_object();
    let hidden = packed(&file, "<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>");
    assert_eq!(signatures(&Document::open(&hidden).expect("a sound file")).expect("readable").len(), 2);
}

#[test]
fn a_signature_may_take_the_number_of_an_update_that_nothing_names() {
    let all = "[7 0 R 101 0 R 90 0 R]";
    let field = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (C) /Rect [0 0 0 0] /V 91 0 R >>";
    let signature = "<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents <00> >>";
    let page = |more: &str| format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots 9 0 R {more} >>");
    let after = |more: &str, taken: &[(u32, &str)]| {
        let file = packed(&signed(&updated(&vector("reads-form-indirect.pdf"), &[(3, &page(more))])), SHOWN);
        kinds(&updated(&file, taken)).expect("a sound file")
    };
    assert_eq!(after("", &[(8, all), (9, all), (90, field), (91, signature)]), []);
    assert_eq!(after("", &[(90, FORM)]), []);
    assert_ne!(after("/Resources << /XObject << /X 90 0 R >> >>", &[(90, FORM)]), []);
}

/// The page's resources lie in object stream 40 as number 30.
fn signed_with_a_packed_object() -> Vec<u8> {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 30 0 R >>";
    signed(&packed(&updated(&vector("reads-table.pdf"), &[(3, page), (4, FORM), (31, FORM)]), SHOWN))
}

/// A signature made where the stream is free.
fn signed_anyway(freed: &[u8]) -> Vec<u8> {
    updated(freed, &[(41, "<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>")])
}

fn object_stream(object: &str) -> String {
    let data = format!("30 0 {object}");
    format!("<< /Type /ObjStm /N 1 /First 5 /Length {} >>\nstream\n{data}\nendstream", data.len())
}

/// The file with one more revision, written with a cross-reference stream, that lists 40 and in it 30.
fn packed(file: &[u8], object: &str) -> Vec<u8> {
    let (mut packed, stream) = (file.to_vec(), file.len());
    packed.extend(format!("40 0 obj\n{}\nendobj\n", object_stream(object)).into_bytes());
    let section = packed.len();
    let row = |kind: u8, place: usize| [&[kind], u32::try_from(place).expect("small").to_be_bytes().as_slice()].concat();
    let rows = [row(2, 40), row(1, stream), row(1, section)].concat();
    let text = String::from_utf8_lossy(file);
    let own = 90 + text.matches("/Type /XRef").count();
    let previous = text.rsplit_once("startxref").expect("an end marker").1.split_whitespace().next().expect("an offset");
    packed.extend(
        format!(
            "{own} 0 obj\n<< /Type /XRef /W [1 4 0] /Index [30 1 40 1 {own} 1] /Size {} /Root 1 0 R /Prev {previous} \
             /Length {} >>\nstream\n",
            last_size(file),
            rows.len()
        )
        .into_bytes(),
    );
    packed.extend(rows);
    packed.extend(format!("\nendstream\nendobj\nstartxref\n{section}\n%%EOF\n").into_bytes());
    packed
}
