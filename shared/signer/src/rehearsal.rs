//! What a survey of the card means for a signing to come.

use std::time::{Duration, SystemTime};

use card::{AttemptsLeft, CardError, Survey, TokenKind};
use pades::Certificate;

use crate::boundary::{ApplicationLine, CertificateLine, ReaderLine, Rehearsal, Verdict};

/// `None` where the card was lost: it is held again. `took` is the whole touch, over so many `commands`.
pub fn rehearsal(outcome: Result<Survey, CardError>, took: Duration, commands: u32, now: SystemTime) -> Option<Rehearsal> {
    let reader = if took > SLOW_COMMAND * commands { ReaderLine::Slow } else { ReaderLine::Quick };
    match outcome {
        Ok(survey) => Some(of_survey(&survey, reader, now)),
        Err(CardError::LostContact { .. } | CardError::ConversationOver) => None,
        Err(CardError::NotThisCard) => Some(without_survey(ApplicationLine::OtherCard, reader)),
        Err(CardError::NoSigningCertificate) => Some(without_survey(ApplicationLine::NoSigningCertificate, reader)),
        Err(_) => Some(without_survey(ApplicationLine::Unclear, reader)),
    }
}

fn of_survey(survey: &Survey, reader: ReaderLine, now: SystemTime) -> Rehearsal {
    let certificate = survey.authentication_certificate.as_deref().and_then(|der| Certificate::parse(der).ok());
    let until = certificate.map(|certificate| certificate.not_after());
    Rehearsal {
        reader,
        application: application(survey),
        attempts: attempts(survey.attempts_left),
        attempts_left: survey.attempts_left.count(),
        authentication_attempts_left: survey.authentication_attempts_left.and_then(AttemptsLeft::count),
        certificate: until.map_or(CertificateLine::NotTold, |until| age(until, now)),
        certificate_until_s: until
            .and_then(|until| until.duration_since(SystemTime::UNIX_EPOCH).ok())
            .map(|since| since.as_secs()),
        network: None,
        clock: None,
    }
}

fn attempts(left: AttemptsLeft) -> Verdict {
    match left {
        AttemptsLeft::Count(0) => Verdict::NotReady,
        AttemptsLeft::Count(1..5) => Verdict::Attention,
        _ => Verdict::Ready,
    }
}

fn application(survey: &Survey) -> ApplicationLine {
    let lacks_certificate = survey.certificates.is_some_and(|certificates| !certificates.signing);
    match survey.token {
        TokenKind::AndroidPhone | TokenKind::IPhone => ApplicationLine::HeldByPhone,
        TokenKind::ResidentCard => ApplicationLine::ResidentCard,
        _ if lacks_certificate => ApplicationLine::NoSigningCertificate,
        TokenKind::MyNumberCard => ApplicationLine::MyNumberCard,
        TokenKind::Unknown => ApplicationLine::Unlabelled,
    }
}

fn age(until: SystemTime, now: SystemTime) -> CertificateLine {
    match until.duration_since(now) {
        Err(_) => CertificateLine::Expired,
        Ok(left) if left < THREE_MONTHS => CertificateLine::UnderThreeMonths,
        Ok(_) => CertificateLine::Valid,
    }
}

fn without_survey(application: ApplicationLine, reader: ReaderLine) -> Rehearsal {
    Rehearsal {
        reader,
        application,
        attempts: Verdict::Attention,
        attempts_left: None,
        authentication_attempts_left: None,
        certificate: CertificateLine::NotTold,
        certificate_until_s: None,
        network: None,
        clock: None,
    }
}

/// On the average of a touch. Phones add 10 to 15 ms to each command (performance.md); ten times that is slow.
const SLOW_COMMAND: Duration = Duration::from_millis(150);

/// Renewal is open from three months before the end. J-LIS, 「電子証明書の更新」.
const THREE_MONTHS: Duration = Duration::from_secs(92 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_age_of_a_certificate_is_one_of_three() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        assert_eq!(age(now + THREE_MONTHS, now), CertificateLine::Valid);
        assert_eq!(age(now + THREE_MONTHS - Duration::from_secs(1), now), CertificateLine::UnderThreeMonths);
        assert_eq!(age(now - Duration::from_secs(1), now), CertificateLine::Expired);
    }

    #[test]
    fn a_slow_way_to_the_card_is_named() {
        let touch = |took| rehearsal(Err(CardError::NotThisCard), Duration::from_millis(took), 10, SystemTime::UNIX_EPOCH);
        assert_eq!(touch(1_500).map(|found| found.reader), Some(ReaderLine::Quick));
        assert_eq!(touch(1_501).map(|found| found.reader), Some(ReaderLine::Slow));
    }
}
