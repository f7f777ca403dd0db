//! What the phone is asked to sign.

use wire::{Consent, ContentKey, DocumentOffer, MAX_PARTY_BYTES, MAX_TITLE_BYTES, SignatureFormat, SigningRequest, VersionOne};

use crate::document::Document;

pub(super) fn of(documents: &[Document], keys: Vec<ContentKey>, service_name: &str, consents: &[Consent]) -> SigningRequest {
    let offers = documents.iter().zip(keys).map(|(document, content_key)| offer(document, content_key, service_name));
    SigningRequest { version: VersionOne, documents: offers.collect(), consents: consents.to_vec() }
}

fn offer(document: &Document, content_key: ContentKey, service_name: &str) -> DocumentOffer {
    let parties = std::iter::once(service_name).chain(document.declared_name.as_deref());
    let title = if document.title().is_empty() { &document.file_name } else { document.title() };
    DocumentOffer {
        title: cut(title, MAX_TITLE_BYTES),
        parties: parties.map(|party| cut(party, MAX_PARTY_BYTES)).filter(|party| !party.is_empty()).collect(),
        sha256: document.sha256,
        format: SignatureFormat::PadesBB,
        content_key,
    }
}

/// What a message has room for.
fn cut(text: &str, longest_bytes: usize) -> String {
    let fits = |(start, sign): &(usize, char)| start + sign.len_utf8() <= longest_bytes;
    text.char_indices().take_while(fits).map(|(_, sign)| sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_too_long_for_a_message_is_cut_between_two_signs() {
        assert_eq!(cut("契約書", 8), "契約");
        assert_eq!(cut("契約書", 9), "契約書");
    }
}
