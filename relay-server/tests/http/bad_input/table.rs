//! What every route takes.

/// The body that a route reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Nothing,
    /// What says everything by its path, though it is a POST.
    NoBody,
    /// JSON with a version.
    Message,
    /// JSON of the service's, which a phone's library reads.
    Answer,
    /// Sealed bytes of a phone, with their hash.
    FromPhone,
    /// Sealed bytes of a service.
    FromService,
    /// A sealed document.
    Document,
    /// A form with this field, and others that count.
    Fields(&'static str),
    /// A form that is a button.
    Button,
    /// A form with files.
    Files,
}

pub(super) const ROWS: &[(&str, &str, Takes)] = &[
    ("GET", "/", Takes::Nothing),
    ("GET", "/.well-known/kazasu-receipts.pem", Takes::Nothing),
    ("GET", "/.well-known/kazasu.json", Takes::Nothing),
    ("GET", "/assets/{file}", Takes::Nothing),
    ("POST", "/documents", Takes::Files),
    ("GET", "/documents/{id}", Takes::Nothing),
    ("GET", "/documents/{id}/copy.pdf", Takes::Nothing),
    ("POST", "/documents/{id}/delete", Takes::Button),
    ("GET", "/documents/{id}/original.pdf", Takes::Nothing),
    ("GET", "/documents/{id}/pages/{file}", Takes::Nothing),
    ("POST", "/documents/{id}/sessions", Takes::Fields("contents")),
    ("GET", "/documents/{id}/signed.pdf", Takes::Nothing),
    ("GET", "/healthz", Takes::Nothing),
    ("GET", "/help", Takes::Nothing),
    ("GET", "/metrics", Takes::Nothing),
    ("GET", "/readyz", Takes::Nothing),
    ("POST", "/rehearsals", Takes::Fields("document")),
    ("GET", "/rehearsals/{id}", Takes::Nothing),
    ("POST", "/rehearsals/{id}/cancel", Takes::Button),
    ("POST", "/rehearsals/{id}/replace", Takes::Button),
    ("GET", "/rehearsals/{id}/state", Takes::Nothing),
    ("GET", "/relay/1/pages/{id}/events", Takes::Nothing),
    ("OPTIONS", "/relay/1/pages/{id}/events", Takes::Nothing),
    ("GET", "/relay/1/service/events", Takes::Nothing),
    ("POST", "/relay/1/service/sessions", Takes::Message),
    ("GET", "/relay/1/service/sessions/{id}", Takes::Nothing),
    ("PUT", "/relay/1/service/sessions/{id}/answer", Takes::Answer),
    ("DELETE", "/relay/1/service/sessions/{id}/documents/{index}", Takes::Nothing),
    ("PUT", "/relay/1/service/sessions/{id}/documents/{index}", Takes::Document),
    ("PUT", "/relay/1/service/sessions/{id}/outcome", Takes::FromService),
    ("GET", "/relay/1/service/sessions/{id}/refusal", Takes::Nothing),
    ("GET", "/relay/1/service/sessions/{id}/rehearsal", Takes::Nothing),
    ("PUT", "/relay/1/service/sessions/{id}/request", Takes::FromService),
    ("GET", "/relay/1/service/sessions/{id}/result", Takes::Nothing),
    ("GET", "/relay/1/service/sessions/{id}/reveal", Takes::Nothing),
    ("PUT", "/relay/1/service/sessions/{id}/state", Takes::Message),
    ("DELETE", "/relay/1/service/sessions/{id}/ticket", Takes::Nothing),
    ("PUT", "/relay/1/service/sessions/{id}/ticket", Takes::Message),
    ("GET", "/relay/1/sessions/{id}/answer", Takes::Nothing),
    ("POST", "/relay/1/sessions/{id}/begin", Takes::NoBody),
    ("POST", "/relay/1/sessions/{id}/claim", Takes::Message),
    ("GET", "/relay/1/sessions/{id}/documents/{index}", Takes::Nothing),
    ("GET", "/relay/1/sessions/{id}/outcome", Takes::Nothing),
    ("POST", "/relay/1/sessions/{id}/progress", Takes::Message),
    ("POST", "/relay/1/sessions/{id}/refusal", Takes::FromPhone),
    ("POST", "/relay/1/sessions/{id}/rehearsal", Takes::FromPhone),
    ("GET", "/relay/1/sessions/{id}/request", Takes::Nothing),
    ("POST", "/relay/1/sessions/{id}/result", Takes::FromPhone),
    ("POST", "/relay/1/sessions/{id}/reveal", Takes::Message),
    ("GET", "/relay/1/sessions/{id}/state", Takes::Nothing),
    ("GET", "/relay/versions", Takes::Nothing),
    ("GET", "/return", Takes::Nothing),
    ("POST", "/return", Takes::Fields("value")),
    ("GET", "/s", Takes::Nothing),
    ("GET", "/sessions/{id}", Takes::Nothing),
    ("POST", "/sessions/{id}/cancel", Takes::Button),
    ("POST", "/sessions/{id}/copied", Takes::Button),
    ("POST", "/sessions/{id}/launch", Takes::Button),
    ("POST", "/sessions/{id}/number", Takes::Fields("number")),
    ("POST", "/sessions/{id}/qr", Takes::Button),
    ("POST", "/sessions/{id}/replace", Takes::Button),
    ("POST", "/sessions/{id}/return", Takes::Fields("value")),
    ("GET", "/sessions/{id}/state", Takes::Nothing),
    ("GET", "/verify", Takes::Nothing),
    ("POST", "/verify", Takes::Files),
];
