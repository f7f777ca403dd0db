use std::time::SystemTime;

use arithmetic::AwsLc;
use pades::{PrepareOptions, SignatureVerdict, Trust};
use simulator::practice;
use simulator::timestamp::TimeStampAuthority;

/// What `pades` finds in a file, believing the practice authority.
pub(crate) fn signatures_of(file: &Vec<u8>) -> Vec<SignatureVerdict> {
    pades::verify(file, &trust(), &AwsLc, SystemTime::now()).unwrap().signatures
}

/// By the practice card of 見本　太郎, in a further revision.
pub(crate) fn signed_again(file: &Vec<u8>) -> Vec<u8> {
    let prepared = pades::prepare(file, &PrepareOptions::new(SystemTime::now(), [3; 16])).unwrap();
    let mut whole = [file.as_slice(), &prepared.revision].concat();
    let card = &practice().taro.signing;
    let attributes = pades::signed_attributes(&prepared.digest, &card.certificate, None).unwrap();
    let cms = pades::cms(&attributes, &card.sign(&attributes), &card.certificate, &[]).unwrap();
    let patch = pades::embed(&whole, &prepared.byte_range, &cms).unwrap();
    write_over(&mut whole, &patch);
    whole
}

/// In the signature with which it ends.
pub(crate) fn stamped(file: &Vec<u8>) -> Vec<u8> {
    let place = pades::stampable(file).unwrap();
    let request = place.request(7).unwrap();
    let answer = TimeStampAuthority::practice().answer(&request.to_der(), jiff::Timestamp::now());
    let stamp = request.check(&answer, &trust(), &AwsLc, SystemTime::now()).ok().unwrap();
    let mut stamped = file.clone();
    write_over(&mut stamped, &place.stamp(&stamp).unwrap());
    stamped
}

fn write_over(file: &mut [u8], patch: &pades::Patch) {
    let start = usize::try_from(patch.offset).unwrap();
    file[start..start + patch.bytes.len()].copy_from_slice(&patch.bytes);
}

fn trust() -> Trust {
    Trust::new(&[practice().authority.ca_der().to_vec()]).unwrap()
}
