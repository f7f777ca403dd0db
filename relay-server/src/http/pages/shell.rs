use std::cmp::Ordering;

use askama::Template;

use super::assets::asset_url;
use super::words::Words;
use super::{Language, Visitor};

/// What stands around every page: title, languages, the rail of five steps.
pub(super) struct Shell {
    pub(super) words: Words,
    pub(super) title: String,
    pub(super) rail: Vec<RailItem>,
    /// This page in the other language.
    pub(super) other_language_href: String,
}

/// The five steps that a signing takes, as the rail names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RailStep {
    Document,
    Prepare,
    Code,
    Phone,
    Done,
}

pub(super) struct RailItem {
    pub(super) number: usize,
    pub(super) label: String,
    pub(super) place: RailPlace,
}

/// Where a step of the rail lies from the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RailPlace {
    Behind,
    Here,
    Ahead,
}

impl Shell {
    /// A page outside the line of a signing has no step.
    pub(super) fn new(visitor: &Visitor, title: &str, step: Option<RailStep>) -> Self {
        let words = Words::of(visitor.language);
        Self {
            words,
            title: title.to_owned(),
            rail: step.map(|step| rail(step, words)).unwrap_or_default(),
            other_language_href: href_in(other(visitor.language), &visitor.path),
        }
    }

    pub(super) fn say(&self, key: &str) -> String {
        self.words.say(key)
    }

    pub(super) fn language(&self) -> &'static str {
        self.words.language().code()
    }

    pub(super) fn other_language(&self) -> &'static str {
        other(self.words.language()).code()
    }

    pub(super) fn asset(&self, name: &str) -> &'static str {
        asset_url(name)
    }
}

impl From<Ordering> for RailPlace {
    /// From how a step compares with the present one.
    fn from(order: Ordering) -> Self {
        match order {
            Ordering::Less => Self::Behind,
            Ordering::Equal => Self::Here,
            Ordering::Greater => Self::Ahead,
        }
    }
}

impl RailItem {
    pub(super) fn is_here(&self) -> bool {
        self.place == RailPlace::Here
    }

    pub(super) fn is_behind(&self) -> bool {
        self.place == RailPlace::Behind
    }
}

/// # Panics
///
/// Never: a template that writes into a string fails only when a value's own `Display` does, and ours do not.
pub(super) fn rendered(page: &impl Template) -> String {
    page.render().expect("a template of strings and numbers renders")
}

fn rail(here: RailStep, words: Words) -> Vec<RailItem> {
    let steps = [
        (RailStep::Document, "rail-document"),
        (RailStep::Prepare, "rail-prepare"),
        (RailStep::Code, "rail-code"),
        (RailStep::Phone, "rail-phone"),
        (RailStep::Done, "rail-done"),
    ];
    let item = |((step, key), number): ((RailStep, &str), usize)| RailItem {
        number,
        label: words.say(key),
        place: RailPlace::from(step.cmp(&here)),
    };
    steps.into_iter().zip(1..).map(item).collect()
}

fn other(language: Language) -> Language {
    match language {
        Language::Japanese => Language::English,
        Language::English => Language::Japanese,
    }
}

/// The path with `lang` set anew in its query.
fn href_in(language: Language, path: &str) -> String {
    let (bare, query) = path.split_once('?').unwrap_or((path, ""));
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang="));
    let pairs: Vec<String> = kept.map(str::to_owned).chain([format!("lang={}", language.code())]).collect();
    format!("{bare}?{}", pairs.join("&"))
}
