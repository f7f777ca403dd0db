use askama::Template;

use super::Visitor;
use super::shell::{Shell, rendered};
use super::words::Words;

/// `GET /help`: what to do in each group of problems (M38 to M41), and the terms.
pub(crate) fn help_page(visitor: &Visitor) -> String {
    let words = Words::of(visitor.language);
    rendered(&HelpPage {
        shell: Shell::new(visitor, &words.say("help-title"), None),
        sections: SECTIONS.map(|(anchor, codes)| Section::of(anchor, codes, words)),
    })
}

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    shell: Shell,
    sections: [Section; 5],
}

struct Section {
    anchor: &'static str,
    title: String,
    answers: Vec<Answer>,
}

struct Answer {
    /// As on page and phone; its place on the help page.
    code: String,
    symptom: String,
    remedy: String,
}

impl Section {
    fn of(anchor: &'static str, codes: &[&str], words: Words) -> Self {
        let title = words.say(&format!("help-{anchor}-title"));
        Self { anchor, title, answers: codes.iter().map(|code| Answer::of(code, words)).collect() }
    }
}

impl Answer {
    fn of(code: &str, words: Words) -> Self {
        Self {
            code: format!("E-{}", code.to_ascii_uppercase()),
            symptom: words.say(&format!("help-{code}")),
            remedy: words.say(&format!("help-{code}-remedy")),
        }
    }
}

/// Anchor of each section and the codes in it, in the order of a signing.
const SECTIONS: [(&str, &[&str]); 5] = [
    ("start", &["pdf-01", "pdf-02", "pdf-03", "pdf-04", "pdf-05"]),
    (
        "qr",
        &[
            "qr-01", "qr-02", "qr-03", "qr-04", "qr-05", "qr-06", "qr-07", "qr-08", "qr-09", "qr-12", "qr-13", "qr-14", "qr-15",
            "qr-16",
        ],
    ),
    ("card", &["nfc-03", "nfc-04", "nfc-06", "nfc-11", "nfc-14"]),
    ("password", &["pin-01", "pin-02", "pin-03", "pin-04", "pin-05", "pin-06"]),
    ("after", &["crt-01", "crt-02", "crt-04", "crt-06", "sig-01", "sig-02", "srv-01", "srv-02", "srv-03", "pdf-06"]),
];
