use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::jpki::{AttemptsLeft, Jpki, SIGNING_CERTIFICATE, SIGNING_PASSWORD};
use crate::{CardError, Carrier, Line, Mark, Refused, SigningPassword};

/// What is to be signed with one password, and what the touches so far have given of it.
///
/// Shared by clones: a shell shows its progress while the card is held, and gives the same value to the next touch
/// when the card was lost. What is in hand is not fetched again, and no document is signed twice.
#[derive(Clone)]
pub struct Signing(Arc<Mutex<Hand>>);

struct Hand {
    documents: usize,
    /// Of the card that gave what is in hand.
    mark: Option<Mark>,
    certificate: Option<Vec<u8>>,
    signatures: Vec<Vec<u8>>,
    /// Of the card for which consent to the last try was asked.
    last_try: Option<Mark>,
}

/// All that was asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    /// The signer's certificate, DER. It holds name, address, birth date and sex.
    pub certificate: Vec<u8>,
    /// One for each document, in their order: RSASSA-PKCS1-v1_5 of 256 bytes, or an `Ecdsa-Sig-Value` in DER.
    pub signatures: Vec<Vec<u8>>,
    /// What the card said before the password. [`AttemptsLeft::after_right_password`] is what it has since.
    pub attempts_before: AttemptsLeft,
}

/// The signatures of the first documents, in their order, and the certificate that they fit.
#[derive(Clone, PartialEq, Eq)]
pub struct InHand {
    pub certificate: Vec<u8>,
    pub signatures: Vec<Vec<u8>>,
}

/// What the card signs: the digest of one document's signed attributes. Has no `Debug`, as it tells one document from
/// another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    Sha256([u8; 32]),
    /// For keys on P-384.
    Sha384([u8; 48]),
}

/// Signs, in one touch: 5 commands with one long read of a certificate up to 1,792 bytes, or 11 with short ones, and
/// one more for each further document. Several documents, and a touch that follows a torn one, cost one read more,
/// by which the card is known again.
///
/// `digest_for` is given the signer's certificate, which the card shows only after the password, and the number of a
/// document from 0; it returns what is to be signed for it, or refuses, and then nothing more is signed. It is asked
/// for every document that is not signed yet before the first of them is signed. It runs while the card is held: no
/// I/O in it.
///
/// The password is sent at most once in a touch, never to a locked card, as the last attempt only with consent, and
/// to no other card than `signing` began with.
pub async fn sign(
    line: Line,
    carrier: Carrier,
    signing: Signing,
    password: Arc<SigningPassword>,
    mut digest_for: impl FnMut(&[u8], usize) -> Result<Digest, Refused>,
) -> Result<Signed, CardError> {
    let mut card = Jpki::select(line, carrier).await?;
    let attempts_before = card.attempts_left(SIGNING_PASSWORD).await?;
    let is_last = attempts_before == AttemptsLeft::Count(1);
    let mark = if is_last || signing.needs_mark(&password) { card.mark().await? } else { None };
    signing.recognise(mark)?;
    if is_last {
        signing.ask_for_last_try(mark, &password)?;
    }

    card.verify(&password, attempts_before, mark).await?;
    signing.begin_anew_unless_known(mark);
    let certificate = match signing.certificate() {
        Some(certificate) => certificate,
        None => signing.keep_certificate(mark, card.read_certificate(SIGNING_CERTIFICATE).await?),
    };
    let digests: Result<Vec<Digest>, Refused> = signing.unsigned().map(|nth| digest_for(&certificate, nth)).collect();
    for digest in digests.map_err(CardError::Refused)? {
        signing.keep_signature(card.compute_signature(&digest).await?);
    }
    Ok(Signed { certificate, signatures: signing.hand().signatures.clone(), attempts_before })
}

/// Asks a card for the attempts left, after a touch that was torn from VERIFY on. Sends no password.
pub async fn recount(line: Line, carrier: Carrier, signing: Signing) -> Result<Recount, CardError> {
    let mut card = Jpki::select(line, carrier).await?;
    let attempts_left = card.attempts_left(SIGNING_PASSWORD).await?;
    let mark = card.mark().await?;
    signing.recognise(mark)?;
    Ok(Recount { attempts_left, mark })
}

/// What a card said without a password, after a torn touch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Recount {
    pub attempts_left: AttemptsLeft,
    mark: Option<Mark>,
}

impl Signing {
    pub fn of(documents: NonZeroUsize) -> Self {
        let hand = Hand { documents: documents.get(), mark: None, certificate: None, signatures: Vec::new(), last_try: None };
        Self(Arc::new(Mutex::new(hand)))
    }

    pub fn one() -> Self {
        Self::of(NonZeroUsize::MIN)
    }

    pub fn documents(&self) -> usize {
        self.hand().documents
    }

    /// How many documents are signed.
    pub fn done(&self) -> usize {
        self.hand().signatures.len()
    }

    fn needs_mark(&self, password: &SigningPassword) -> bool {
        let hand = self.hand();
        hand.documents > 1 || hand.mark.is_some() || password.needs_mark()
    }

    /// This is the card: the next password goes to no other, and nothing that another may have given is kept.
    pub fn go_on_with(&self, recount: &Recount) {
        self.begin_anew_unless_known(recount.mark);
        self.hand().mark = recount.mark;
    }

    /// Another card than the one before is refused before anything is made of its counts.
    fn recognise(&self, mark: Option<Mark>) -> Result<(), CardError> {
        let known = self.hand().mark;
        if known.is_some() && known != mark { Err(CardError::OtherCard) } else { Ok(()) }
    }

    /// Consent to the last try was given for the card that had asked for it, and is not taken for another one.
    fn ask_for_last_try(&self, mark: Option<Mark>, password: &SigningPassword) -> Result<(), CardError> {
        let asked = std::mem::replace(&mut self.hand().last_try, mark);
        let is_for_another = asked.is_some() && asked != mark;
        if password.consents_to_last_try() && !is_for_another { Ok(()) } else { Err(CardError::LastAttempt) }
    }

    /// What the touches so far have given, when it is not all that was asked for: so that a batch that is given up loses
    /// nothing. `None` before the first signature.
    pub fn in_hand(&self) -> Option<InHand> {
        let hand = self.hand();
        let certificate = hand.certificate.clone().filter(|_| !hand.signatures.is_empty())?;
        Some(InHand { certificate, signatures: hand.signatures.clone() })
    }

    /// A card that cannot be known again may be another one: what an earlier touch gave is not mixed with its own.
    fn begin_anew_unless_known(&self, mark: Option<Mark>) {
        let mut hand = self.hand();
        if mark.is_none() || hand.mark != mark {
            hand.certificate = None;
            hand.signatures.clear();
        }
    }

    fn certificate(&self) -> Option<Vec<u8>> {
        self.hand().certificate.clone()
    }

    fn keep_certificate(&self, mark: Option<Mark>, certificate: Vec<u8>) -> Vec<u8> {
        let mut hand = self.hand();
        hand.mark = mark;
        hand.certificate = Some(certificate.clone());
        certificate
    }

    fn keep_signature(&self, signature: Vec<u8>) {
        self.hand().signatures.push(signature);
    }

    fn unsigned(&self) -> std::ops::Range<usize> {
        let hand = self.hand();
        hand.signatures.len()..hand.documents
    }

    fn hand(&self) -> MutexGuard<'_, Hand> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
