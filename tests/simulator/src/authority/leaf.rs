//! The two certificates of a card.

use super::certificate::{Certificate, key_identifier, serial_number};
use super::extension::{self, Extension};
use super::keys::PrivateKey;
use super::root::Root;
use super::{CardHolder, CertificateOrder, OrderProblem, Validity, name};

/// The certificate that needs the signing password and names the person.
pub(super) fn signing(root: &Root, order: &CertificateOrder, key: &PrivateKey) -> Result<Vec<u8>, OrderProblem> {
    let certificate = match order.signing_certificate_bytes {
        None => named(root, order, key, &order.holder, USUAL_SERIAL),
        Some(wanted) => sized(root, order, key, wanted)?,
    };
    Ok(certificate.signed_by(&root.own))
}

/// The certificate that anybody may read: it names nobody.
pub(super) fn authentication(root: &Root, order: &CertificateOrder, key: &PrivateKey) -> Vec<u8> {
    let common_name = common_name(&order.holder, &order.validity, "002A");
    let public_key = key.public_key_der();
    let mut extensions = vec![
        extension::key_usage(extension::AUTHENTICATION),
        extension::for_client_authentication(),
        extension::authentication_policy(order.policies_critical),
    ];
    extensions.extend(issuer_extensions(root, &public_key));
    extensions.push(extension::status_service(NOWHERE));
    certificate(root, &order.validity, &common_name, public_key, USUAL_SERIAL, extensions).signed_by(&root.own)
}

/// Tries longer addresses until the size fits to the byte, with serial numbers of the usual lengths first.
fn sized(root: &Root, order: &CertificateOrder, key: &PrivateKey, wanted: usize) -> Result<Certificate, OrderProblem> {
    let room = LONGEST_ADDRESS.saturating_sub(order.holder.address.chars().count());
    let candidates = SERIAL_BYTES.into_iter().flat_map(|serial| (0..=room).map(move |filler| (filler, serial)));
    let mut certificates = candidates.map(|(filler, serial)| named(root, order, key, &moved(&order.holder, filler), serial));
    certificates.find(|certificate| certificate.bytes() == wanted).ok_or_else(|| OrderProblem::SizeOutOfReach {
        wanted,
        smallest: named(root, order, key, &order.holder, USUAL_SERIAL).bytes(),
        largest: named(root, order, key, &moved(&order.holder, room), USUAL_SERIAL).bytes(),
    })
}

fn named(root: &Root, order: &CertificateOrder, key: &PrivateKey, holder: &CardHolder, serial_bytes: usize) -> Certificate {
    let public_key = key.public_key_der();
    let mut extensions = vec![
        extension::key_usage(extension::SIGNATURES),
        extension::personal_items(holder),
        extension::policies(order.policy, order.policies_critical),
    ];
    extensions.extend(issuer_extensions(root, &public_key));
    extensions.extend(order.responder.as_deref().map(extension::status_service));
    let common_name = common_name(holder, &order.validity, "001A");
    certificate(root, &order.validity, &common_name, public_key, serial_bytes, extensions)
}

fn issuer_extensions(root: &Root, public_key: &[u8]) -> Vec<Extension> {
    let root_key = key_identifier(&root.own.public_key_der());
    vec![
        extension::issuer_alternative_name(&name::japanese_authority(root.purpose.japanese)),
        extension::revocation_list(&name::municipal_revocation_list(root.purpose.english)),
        extension::authority_key_identifier(&root_key, &root.name(), &root.serial),
        extension::subject_key_identifier(&key_identifier(public_key)),
    ]
}

fn certificate(
    root: &Root,
    validity: &Validity,
    common_name: &str,
    public_key: Vec<u8>,
    serial_bytes: usize,
    extensions: Vec<Extension>,
) -> Certificate {
    Certificate {
        serial: serial_number(common_name.as_bytes(), serial_bytes),
        issuer: root.name(),
        not_before: validity.first_day.at(0, 30, 0, 0),
        not_after: validity.last_day.at(14, 59, 59, 0),
        subject: name::person(common_name),
        public_key,
        extensions,
    }
}

/// 28 characters: time of issue in Japan, a number, the municipality's code and the certificate's kind.
fn common_name(holder: &CardHolder, validity: &Validity, kind: &str) -> String {
    let issued = validity.first_day.strftime("%Y%m%d");
    format!("{issued}093000{:05}{NO_MUNICIPALITY}{kind}", holder.number)
}

/// The holder at a longer address: each ASCII digit costs two bytes, one of them in the substitute map.
fn moved(holder: &CardHolder, filler: usize) -> CardHolder {
    let longer: String = holder.address.chars().chain("0123456789".chars().cycle().take(filler)).collect();
    CardHolder { address: longer, ..holder.clone() }
}

/// No municipality has this code.
const NO_MUNICIPALITY: &str = "99999";

/// In characters (card.md section 6, otherName .5).
const LONGEST_ADDRESS: usize = 200;

/// In bytes; real ones have four or three (card.md section 6). The others
/// close gaps where a longer address makes several length fields grow at once.
const SERIAL_BYTES: [usize; 4] = [USUAL_SERIAL, 3, 5, 2];
const USUAL_SERIAL: usize = 4;

/// It never resolves. RFC 6761.
const NOWHERE: &str = "http://ocsp.jpki-sim.invalid";
