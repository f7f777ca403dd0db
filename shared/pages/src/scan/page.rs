use std::mem;

use hayro::hayro_syntax::object::{Array, Dict, Object, Stream};
use hayro::hayro_syntax::page::{Page, Rotation};

use super::content::Walk;
use super::part::Part;
use super::{Findings, annotation, inheritance, letter, stream};
use crate::{Construct, Limits};

/// Walks the page, and gives back its contents, and those that are interpreted by themselves. The renderer would keep
/// those of every page.
pub(super) fn walk<'a>(page: &Page<'a>, limits: &Limits, findings: &mut Findings) -> (Vec<u8>, Vec<Part<'a>>) {
    let dictionary = page.raw();
    findings.refuse_unless(!dictionary.contains_key("AA"), Construct::Script);
    findings.refuse_unless(!dictionary.contains_key("AF"), Construct::AttachedFile);
    findings.refuse_unless(inheritance::is_plain(page), Construct::BrokenPageTree);
    let content = contents(dictionary, findings);
    let mut walk = Walk::new(limits, findings);
    walk.take_layers();
    walk.knocking_out(dictionary, |walk| walk.content(&content, page.resources()));
    for annotation in annotations(dictionary, walk.findings()) {
        if walk.findings().work().is_over() {
            break;
        }
        walk.take_bytes(annotation.data());
        annotation::check(&annotation, page.resources(), &mut walk);
        let turns_back = !matches!(page.rotation(), Rotation::None) && annotation::stays_upright(&annotation);
        walk.findings().refuse_unless(!turns_back, Construct::UnknownAnnotation);
    }
    let parts = mem::take(&mut walk.parts);
    walk.settle();
    findings.work().release(u64::try_from(content.len()).unwrap_or(u64::MAX));
    (content, parts)
}

/// The parts of the contents behind one another, with white space between them as the renderer puts it. The renderer
/// leaves out a part that it cannot unfold.
fn contents(page: &Dict<'_>, findings: &mut Findings) -> Vec<u8> {
    let (mut content, mut open) = (Vec::new(), 0);
    match page.get::<Object<'_>>("Contents") {
        None | Some(Object::Null(_)) => {}
        Some(Object::Stream(only)) => add(&only, (&mut content, &mut open), findings),
        Some(Object::Array(parts)) => {
            for part in parts.iter::<Object<'_>>() {
                match part {
                    Object::Stream(part) => add(&part, (&mut content, &mut open), findings),
                    _ => findings.refuse(Construct::BrokenContent),
                }
                if findings.work().is_over() {
                    break;
                }
            }
        }
        Some(_) => findings.refuse(Construct::BrokenContent),
    }
    content
}

/// `open` is where what no operator has taken yet begins, or what comes before it: a part may begin within a dictionary.
fn add(part: &Stream<'_>, (content, open): (&mut Vec<u8>, &mut usize), findings: &mut Findings) {
    let Some(part) = stream::unfolded(part, findings).filter(|part| !part.is_empty()) else { return };
    if let Some((_, before)) = content.get(*open..).and_then(<[u8]>::split_last) {
        let left = letter::left_for(before, &part);
        findings.refuse_unless(left.is_some(), Construct::BrokenContent);
        *open = content.len() - left.map_or(0, |left| left.len() + 1);
    }
    findings.work().hold(u64::try_from(part.len()).unwrap_or(u64::MAX).saturating_add(1));
    content.extend_from_slice(&part);
    content.push(b' ');
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
