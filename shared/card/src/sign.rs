use std::sync::Arc;

use crate::jpki::{AttemptsLeft, Jpki, SIGNING_CERTIFICATE, SIGNING_PASSWORD};
use crate::{CardError, Line, Refused, SigningPassword};

/// What one touch of the card gives.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    /// The signer's certificate, DER. It holds name, address, birth date and sex.
    pub certificate: Vec<u8>,
    /// RSASSA-PKCS1-v1_5 with SHA-256 over the digest, 256 bytes.
    pub signature: Vec<u8>,
    /// What the card said before the password. It is back at its full count since.
    pub attempts_before: AttemptsLeft,
}

/// Signs one digest with the card's signing key, in one touch and 11 commands for a
/// certificate of up to 1,792 bytes.
///
/// `digest_for` is given the signer's certificate, which the card shows only after the
/// password, and returns the SHA-256 digest to sign; or it refuses, and then nothing
/// is signed. It runs while the card is held: no I/O in it.
///
/// The password is sent at most once, never to a locked card, and as the last attempt
/// only with `consent_to_last_try`.
pub async fn sign(
    line: Line,
    password: Arc<SigningPassword>,
    consent_to_last_try: bool,
    digest_for: impl FnOnce(&[u8]) -> Result<[u8; 32], Refused>,
) -> Result<Signed, CardError> {
    let mut card = Jpki::select(line).await?;

    let attempts_before = card.attempts_left(SIGNING_PASSWORD).await?;
    match attempts_before {
        AttemptsLeft::Count(0) => {
            return Err(CardError::Locked { by_this_attempt: false });
        }
        AttemptsLeft::Count(1) if !consent_to_last_try => return Err(CardError::LastAttempt),
        _ => card.verify(&password, attempts_before).await?,
    }

    let certificate = card.read_certificate(SIGNING_CERTIFICATE).await?;
    let digest = digest_for(&certificate).map_err(CardError::Refused)?;
    let signature = card.compute_signature(&digest).await?;

    Ok(Signed { certificate, signature, attempts_before })
}
