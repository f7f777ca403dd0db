//! What is not tried again: a document that is at fault stays at fault, and only what a disk does may pass.

use std::io::ErrorKind;

use pades::{PdfProblem, SourceError};
use wire::RejectReason;

use super::session::SessionProblem;

/// Why a result is rejected that could not be checked; `None` if it is to be tried again. `tries` is how often it was tried
/// before; `is_over` says that the document is kept no longer.
pub(super) fn result_given_up(problem: &SessionProblem, tries: u32, is_over: bool) -> Option<RejectReason> {
    match problem {
        SessionProblem::Unreadable => Some(RejectReason::SignatureInvalid),
        _ if is_too_slow(problem) && tries >= MOST_SLOW_TRIES => Some(RejectReason::DocumentTooIntricate),
        _ => is_over.then_some(RejectReason::DocumentWithdrawn),
    }
}

/// Whether a signed document goes without a time stamp that an authority would give.
pub(super) fn is_stamp_given_up(problem: &SessionProblem, tries: u32) -> bool {
    match problem {
        _ if is_too_slow(problem) => tries >= MOST_SLOW_TRIES,
        SessionProblem::Pdf(PdfProblem::Source(_)) => false,
        SessionProblem::Pdf(_) | SessionProblem::Unreadable => true,
        _ => false,
    }
}

/// Whether reading took longer than it may. A server that stops ends the task itself.
fn is_too_slow(problem: &SessionProblem) -> bool {
    matches!(problem, SessionProblem::Pdf(PdfProblem::Source(SourceError::Unreadable { kind: ErrorKind::TimedOut, .. })))
}

/// With the pauses between them they last for ten minutes, which a slow disk has by then behind it.
const MOST_SLOW_TRIES: u32 = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::ArchiveError;

    #[test]
    fn a_document_that_takes_too_long_is_not_tried_for_ever() {
        assert_eq!(result_given_up(&read(ErrorKind::TimedOut), MOST_SLOW_TRIES - 1, false), None);
        let given_up = result_given_up(&read(ErrorKind::TimedOut), MOST_SLOW_TRIES, false);
        assert_eq!(given_up, Some(RejectReason::DocumentTooIntricate));
        assert!(!is_stamp_given_up(&read(ErrorKind::TimedOut), MOST_SLOW_TRIES - 1));
        assert!(is_stamp_given_up(&read(ErrorKind::TimedOut), MOST_SLOW_TRIES));
    }

    #[test]
    fn a_disk_is_waited_for_as_long_as_the_document_is_kept() {
        for problem in [read(ErrorKind::NotFound), SessionProblem::Archive(ArchiveError::Missing)] {
            assert_eq!(result_given_up(&problem, u32::MAX, false), None);
            assert_eq!(result_given_up(&problem, 0, true), Some(RejectReason::DocumentWithdrawn));
            assert!(!is_stamp_given_up(&problem, u32::MAX));
        }
    }

    #[test]
    fn what_can_never_be_right_is_given_up_at_once() {
        assert_eq!(result_given_up(&SessionProblem::Unreadable, 0, false), Some(RejectReason::SignatureInvalid));
        assert!(is_stamp_given_up(&SessionProblem::Pdf(PdfProblem::SignatureTooLarge { needed: 2, room: 1 }), 0));
    }

    fn read(kind: ErrorKind) -> SessionProblem {
        SessionProblem::Pdf(PdfProblem::Source(SourceError::Unreadable { offset: 0, kind }))
    }
}
