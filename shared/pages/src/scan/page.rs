use hayro::hayro_syntax::object::{Array, Dict, Object};
use hayro::hayro_syntax::page::Page;

use super::content::Walk;
use super::{Findings, annotation, stream};
use crate::{Construct, Limits};

pub(super) fn walk(page: &Page<'_>, limits: &Limits, findings: &mut Findings) {
    let dictionary = page.raw();
    findings.refuse_unless(!dictionary.contains_key("AA"), Construct::Script);
    findings.refuse_unless(!dictionary.contains_key("AF"), Construct::AttachedFile);
    check_contents(dictionary, findings);
    let mut walk = Walk::new(limits, findings);
    walk.group(dictionary);
    if let Some(content) = page.page_stream() {
        walk.content(content, page.resources());
    }
    for annotation in annotations(dictionary, walk.findings()) {
        annotation::check(&annotation, page.resources(), &mut walk);
    }
}

/// The renderer leaves out a part of the contents that it cannot unfold.
fn check_contents(page: &Dict<'_>, findings: &mut Findings) {
    match page.get::<Object<'_>>("Contents") {
        None | Some(Object::Null(_)) => {}
        Some(Object::Stream(content)) => stream::check_unfolds(&content, findings),
        Some(Object::Array(parts)) => {
            for part in parts.iter::<Object<'_>>() {
                match part {
                    Object::Stream(content) => stream::check_unfolds(&content, findings),
                    _ => findings.refuse(Construct::BrokenContent),
                }
            }
        }
        Some(_) => findings.refuse(Construct::BrokenContent),
    }
}

fn annotations<'a>(page: &Dict<'a>, findings: &mut Findings) -> Vec<Dict<'a>> {
    let Some(listed) = page.get::<Array<'_>>("Annots") else {
        findings.refuse_unless(!page.contains_key("Annots"), Construct::UnknownAnnotation);
        return Vec::new();
    };
    let annotations: Vec<_> = listed.iter::<Dict<'_>>().collect();
    findings.refuse_unless(annotations.len() == listed.raw_iter().count(), Construct::UnknownAnnotation);
    annotations
}
