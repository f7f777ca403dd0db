use std::time::SystemTime;

use pades::{DigestAlgorithm, Patch, PrepareOptions, SignatureVerifier, Target, TimeStamp, TimeStampRequest, Trust};
use pades::{embed, prepare, stampable};

/// A document with a time stamp, and the digest that was stamped.
pub struct Stamped {
    pub file: Vec<u8>,
    pub token: Vec<u8>,
    pub digest: Vec<u8>,
}

/// Stamped at the signature with which it ends, or as a whole. `authority` answers requests.
///
/// # Panics
/// When `pades` refuses the file or the answer: the suite has nothing to judge then.
pub fn time_stamped(
    file: &[u8],
    target: Target,
    believed: (&Trust, &dyn SignatureVerifier),
    authority: &dyn Fn(&[u8]) -> Vec<u8>,
) -> Stamped {
    let ask = |request: &TimeStampRequest| -> TimeStamp {
        let answer = authority(&request.to_der());
        request.check(&answer, believed.0, believed.1, SystemTime::now()).expect("an honest authority")
    };
    match target {
        Target::DocumentTimeStamp => as_a_whole(file, &ask),
        Target::Pades | Target::Pkcs7 => at_the_signature(file, &ask),
    }
}

fn at_the_signature(file: &[u8], ask: &dyn Fn(&TimeStampRequest) -> TimeStamp) -> Stamped {
    let place = stampable(&file).expect("a signature at the end");
    let request = place.request(1).expect("a signature that was just made");
    let stamp = ask(&request);
    let patch = place.stamp(&stamp).expect("room was left");
    // The imprint is what follows the algorithm in the request: openssl is told the digest, not the request.
    let digest = digest_in(&request.to_der());
    Stamped { file: applied(file, &patch), token: stamp.token, digest }
}

fn as_a_whole(file: &[u8], ask: &dyn Fn(&TimeStampRequest) -> TimeStamp) -> Stamped {
    let target = Target::DocumentTimeStamp;
    let options = PrepareOptions { target, ..PrepareOptions::new(SystemTime::now(), [9; 16]) };
    let prepared = prepare(&file, &options).expect("a file that can be stamped");
    let whole = [file, &prepared.revision].concat();
    let digest = prepared.digest.to_vec();
    let stamp = ask(&TimeStampRequest::new(DigestAlgorithm::Sha256, digest.clone(), 2));
    let patch = embed(&whole, &prepared.byte_range, &stamp.token).expect("room was left");
    Stamped { file: applied(&whole, &patch), token: stamp.token, digest }
}

/// The 32 bytes of SHA-256 in a request.
fn digest_in(request: &[u8]) -> Vec<u8> {
    let head = [0x04, 0x20];
    let place = request.windows(2).position(|window| window == head).expect("a SHA-256 imprint");
    request[place + 2..place + 34].to_vec()
}

fn applied(file: &[u8], patch: &Patch) -> Vec<u8> {
    let mut file = file.to_vec();
    let start = usize::try_from(patch.offset).expect("the file is in memory");
    file[start..start + patch.bytes.len()].copy_from_slice(&patch.bytes);
    file
}
