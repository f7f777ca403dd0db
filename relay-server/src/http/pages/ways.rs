use wire::SessionId;

use super::words::Words;

/// Something that the person can do next.
pub(super) struct Way {
    pub(super) label: String,
    pub(super) to: To,
}

pub(super) enum To {
    /// A page to open.
    Page(String),
    /// A form without fields to send.
    Form(String),
}

/// The ways out of a failure around one document.
#[derive(Clone, Copy)]
pub(super) struct Ways<'a> {
    pub(super) words: Words,
    pub(super) document_id: &'a str,
}

impl Ways<'_> {
    pub(super) fn renew(self, session: SessionId) -> Way {
        Way { label: self.words.say("renew"), to: To::Form(format!("/sessions/{session}/replace")) }
    }

    pub(super) fn rehearse_again(self, session: SessionId) -> Way {
        Way { label: self.words.say("rehearsal-again"), to: To::Form(format!("/rehearsals/{session}/replace")) }
    }

    pub(super) fn newer_rehearsal(self, session: SessionId) -> Way {
        self.page("way-newer", format!("/rehearsals/{session}"))
    }

    pub(super) fn newer(self, session: SessionId) -> Way {
        self.page("way-newer", format!("/sessions/{session}"))
    }

    pub(super) fn prepare(self) -> Way {
        self.page("way-prepare", format!("/documents/{}?step=prepare", self.document_id))
    }

    pub(super) fn document(self) -> Way {
        self.page("way-document", format!("/documents/{}", self.document_id))
    }

    pub(super) fn other_document(self) -> Way {
        self.page("way-other-document", "/".to_owned())
    }

    pub(super) fn first_page(self) -> Way {
        self.page("way-first-page", "/".to_owned())
    }

    pub(super) fn again(self, path: &str) -> Way {
        self.page("way-again", path.to_owned())
    }

    /// A section of the help page.
    pub(super) fn help(self, section: &str) -> Way {
        self.page("way-help", format!("/help#{section}"))
    }

    fn page(self, label_key: &str, href: String) -> Way {
        Way { label: self.words.say(label_key), to: To::Page(href) }
    }
}
