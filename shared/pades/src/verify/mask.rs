use super::report::{PersonReport, Report, SignatureReport};

impl Report {
    /// Without what a My Number card tells of its holder: the name, the address, the birth date and the sex, and what
    /// gives them away. That is the declared name, the common name (issue and municipality), and the first and the last
    /// day of the certificate, which ends on a birthday.
    #[must_use]
    pub fn masked(mut self) -> Self {
        self.signatures.iter_mut().for_each(mask);
        self
    }
}

fn mask(signature: &mut SignatureReport) {
    signature.claimed.name = None;
    let Some(signer) = signature.signer.as_mut() else { return };
    if !signer.names_person {
        return;
    }
    // Also of a certificate whose items cannot be read: the rest gives them away.
    signer.person = Some(PersonReport {
        masked: true,
        name: None,
        address: None,
        birth: None,
        sex: None,
        name_has_substitutes: None,
        address_has_substitutes: None,
    });
    (signer.common_name, signer.not_before, signer.not_after) = (None, None, None);
}
