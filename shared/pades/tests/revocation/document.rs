//! What others append to a signed document.

use jiff::Timestamp;
use pades::{DigestAlgorithm, PrepareOptions, Target, TimeStampRequest, Trust, embed, prepare};
use simulator::timestamp::TimeStampAuthority;

use crate::common::AwsLc;
use crate::signing::{applied, now};
use crate::support::options;

/// With a security store that has these streams under one key.
pub(crate) fn with_store(file: &[u8], key: &[u8], streams: &[Vec<u8>]) -> Vec<u8> {
    let key = String::from_utf8_lossy(key);
    let text = String::from_utf8_lossy(file);
    let (_, after) = text.rsplit_once("\n1 0 obj").unwrap();
    let (catalog, _) = after.split_once("endobj").unwrap();
    let (entries, _) = catalog.rsplit_once(">>").unwrap();
    let references: String = (0..streams.len()).map(|place| format!(" {} 0 R", FIRST + place)).collect();
    let catalog = format!("{entries} /DSS << /{key} [{references}] >> >>").into_bytes();
    let streams =
        streams.iter().map(|data| [format!("<< /Length {} >>\nstream\n", data.len()).as_bytes(), data, b"\nendstream"].concat());
    let objects = [(1, catalog)].into_iter().chain(streams.enumerate().map(|(place, stream)| (FIRST + place, stream)));
    appended(file, objects.collect())
}

/// With a time stamp over the whole document.
pub(crate) fn document_stamped(file: &[u8], authority: &TimeStampAuthority, trust: &Trust) -> Vec<u8> {
    let roomy = PrepareOptions { contents_bytes: 16_384, target: Target::DocumentTimeStamp, ..options() };
    let prepared = prepare(&file, &roomy).unwrap();
    let whole = [file, &prepared.revision].concat();
    let request = TimeStampRequest::new(DigestAlgorithm::Sha256, prepared.digest.to_vec(), 12);
    let answer = authority.answer(&request.to_der(), Timestamp::now());
    let stamp = request.check(&answer, trust, &AwsLc, now()).unwrap();
    applied(&whole, &embed(&whole, &prepared.byte_range, &stamp.token).unwrap())
}

fn appended(file: &[u8], objects: Vec<(usize, Vec<u8>)>) -> Vec<u8> {
    let text = String::from_utf8_lossy(file);
    let previous = text.rsplit_once("startxref").unwrap().1.split_whitespace().next().unwrap();
    let (mut whole, mut table) = (file.to_vec(), String::from("xref\n"));
    for (number, body) in objects {
        table += &format!("{number} 1\n{:010} 00000 n \n", whole.len());
        whole.extend([format!("{number} 0 obj\n").as_bytes(), &body, b"\nendobj\n"].concat());
    }
    let start = whole.len();
    table += &format!("trailer\n<< /Size 400 /Root 1 0 R /Prev {previous} >>\nstartxref\n{start}\n%%EOF\n");
    whole.extend(table.into_bytes());
    whole
}

const FIRST: usize = 200;
