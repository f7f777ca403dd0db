//! Names that an authority may certify. RFC 5280, sections 4.2.1.10 and 6.1.3 (b) and (c).

use der::Tag;
use der::asn1::ObjectIdentifier;

use crate::asn1::{self, Element, Fields};
use crate::certificate::{Certificate, Relative, Value, relatives};

/// Whether the constraints of an authority, a NameConstraints in DER, let it or those below it certify this holder. What
/// cannot be read permits nobody, and neither does a constraint of a form that nobody here can compare.
pub(super) fn permit(constraints: &[u8], certificate: &Certificate) -> bool {
    let names = names_of(certificate);
    names.is_ok_and(|names| {
        read(constraints).is_ok_and(|(permitted, excluded)| {
            names.iter().all(|name| {
                let mut of_form = permitted.iter().filter(|base| base.is_of_form_of(name)).peekable();
                let is_permitted = of_form.peek().is_none() || of_form.any(|base| base.includes(name) == Some(true));
                is_permitted
                    && excluded.iter().filter(|base| base.is_of_form_of(name)).all(|base| base.includes(name) == Some(false))
            })
        })
    })
}

/// A GeneralName, or what a constraint has in its place. RFC 5280, section 4.2.1.6.
enum Name<'a> {
    Directory(Vec<Relative>),
    Mail(String),
    Host(String),
    Address(String),
    Network(&'a [u8]),
    /// By its tag.
    Other(Tag),
}

impl<'a> Name<'a> {
    fn read(element: Element<'a>) -> asn1::Result<Self> {
        let text = || std::str::from_utf8(element.content).map(str::to_ascii_lowercase).map_err(|_| element.tag.value_error());
        Ok(match element.tag {
            tag if tag == asn1::constructed(DIRECTORY) => Self::Directory(relatives(element.content)?),
            tag if tag == asn1::plain(MAIL) => Self::Mail(text()?),
            tag if tag == asn1::plain(HOST) => Self::Host(text()?),
            tag if tag == asn1::plain(ADDRESS) => Self::Address(text()?),
            tag if tag == asn1::plain(NETWORK) => Self::Network(element.content),
            tag => Self::Other(tag),
        })
    }

    fn is_of_form_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Other(one), Self::Other(other)) => one == other,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }

    /// Whether this base includes a name of its form; None if that cannot be told.
    fn includes(&self, name: &Self) -> Option<bool> {
        match (self, name) {
            (Self::Directory(base), Self::Directory(name)) => Some(name.starts_with(base)),
            (Self::Mail(base), Self::Mail(name)) => includes_mailbox(base, name),
            (Self::Host(base), Self::Host(name)) => Some(is_below(base, name)),
            (Self::Address(base), Self::Address(name)) => Some(includes_host(base, host_of(name)?)),
            (Self::Network(base), Self::Network(name)) => includes_number(base, name),
            _ => None,
        }
    }
}

/// A mailbox, all mailboxes of a host, or, with a point before it, of all hosts below.
fn includes_mailbox(base: &str, name: &str) -> Option<bool> {
    let (_, host) = name.rsplit_once('@')?;
    Some(if base.contains('@') { base == name } else { includes_host(base, host) })
}

fn includes_host(base: &str, host: &str) -> bool {
    match base.starts_with('.') {
        true => host.len() > base.len() && host.ends_with(base),
        false => host == base,
    }
}

/// For names of hosts any number of labels may stand before the base.
fn is_below(base: &str, host: &str) -> bool {
    base.is_empty() || host == base || host.strip_suffix(base).is_some_and(|front| base.starts_with('.') || front.ends_with('.'))
}

/// Of a URI with an authority in it; a number is none that could be compared.
fn host_of(address: &str) -> Option<&str> {
    let (_, after) = address.split_once("://")?;
    let authority = after.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    host.contains(|letter: char| letter.is_ascii_alphabetic()).then_some(host)
}

/// The base is a number and a mask.
fn includes_number(base: &[u8], name: &[u8]) -> Option<bool> {
    let (network, mask) = base.split_at_checked(name.len())?;
    let same = |((network, mask), name): ((&u8, &u8), &u8)| network & mask == name & mask;
    (mask.len() == name.len()).then(|| network.iter().zip(mask).zip(name).all(same))
}

/// The subject, what it is also called, and the mail address that older certificates have in the subject.
fn names_of(certificate: &Certificate) -> asn1::Result<Vec<Name<'_>>> {
    let subject = relatives(certificate.subject())?;
    let mail = |(kind, value): &(ObjectIdentifier, Value)| match value {
        Value::Text(text) if *kind == MAIL_ADDRESS => Some(Name::Mail(text.clone())),
        _ => None,
    };
    let mut names: Vec<Name<'_>> = subject.iter().flatten().filter_map(mail).collect();
    if !subject.is_empty() {
        names.push(Name::Directory(subject));
    }
    let also = certificate.extensions().alternative_names.as_deref().unwrap_or_default();
    names.extend(Fields::of(also)?.rest()?.into_iter().map(Name::read).collect::<asn1::Result<Vec<_>>>()?);
    refuse_heap(names)
}

type Subtrees<'a> = Vec<Name<'a>>;

/// What is permitted, and what is excluded.
fn read(constraints: &[u8]) -> asn1::Result<(Subtrees<'_>, Subtrees<'_>)> {
    let mut fields = Element::only(constraints)?.sequence()?;
    let permitted = fields.next_if(asn1::constructed(PERMITTED))?.map_or(Ok(Vec::new()), subtrees)?;
    let excluded = fields.next_if(asn1::constructed(EXCLUDED))?.map_or(Ok(Vec::new()), subtrees)?;
    fields.finish()?;
    Ok((permitted, excluded))
}

fn subtrees(tagged: Element<'_>) -> asn1::Result<Subtrees<'_>> {
    refuse_heap(tagged.children()?.into_iter().map(subtree).collect::<asn1::Result<Vec<_>>>()?)
}

/// Without limits of depth, which RFC 5280 does not use.
fn subtree(subtree: Element<'_>) -> asn1::Result<Name<'_>> {
    let mut fields = subtree.sequence()?;
    let base = Name::read(fields.next()?)?;
    fields.finish()?;
    Ok(base)
}

fn refuse_heap(names: Vec<Name<'_>>) -> asn1::Result<Vec<Name<'_>>> {
    if names.len() > MOST_NAMES { Err(Tag::Sequence.value_error().into()) } else { Ok(names) }
}

/// Of a holder, or in one constraint: each is compared with each.
const MOST_NAMES: usize = 512;

/// Tags of GeneralName. RFC 5280, section 4.2.1.6.
const MAIL: u32 = 1;
const HOST: u32 = 2;
const DIRECTORY: u32 = 4;
const ADDRESS: u32 = 6;
const NETWORK: u32 = 7;

/// Tags of NameConstraints. RFC 5280, section 4.2.1.10.
const PERMITTED: u32 = 0;
const EXCLUDED: u32 = 1;

/// emailAddress. RFC 5280, section 4.1.2.6.
const MAIL_ADDRESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_mailboxes_are_compared_by_their_forms() {
        for (base, name, includes) in [
            ("a@b.jp", "a@b.jp", true),
            ("b.jp", "a@b.jp", true),
            ("b.jp", "a@c.b.jp", false),
            (".b.jp", "a@c.b.jp", true),
            (".b.jp", "a@b.jp", false),
            ("b.jp", "a@cb.jp", false),
        ] {
            assert_eq!(includes_mailbox(base, name), Some(includes), "{base} {name}");
        }
        assert_eq!(includes_mailbox("b.jp", "nobody"), None);
        for (base, name, includes) in [
            ("b.jp", "b.jp", true),
            ("b.jp", "a.b.jp", true),
            ("b.jp", "ab.jp", false),
            (".b.jp", "a.b.jp", true),
            ("", "a", true),
        ] {
            assert_eq!(is_below(base, name), includes, "{base} {name}");
        }
        assert_eq!(host_of("https://me@a.jp:8/x"), Some("a.jp"));
        assert_eq!(host_of("urn:a"), None);
        assert_eq!(host_of("https://10.0.0.1/"), None);
    }

    #[test]
    fn numbers_are_compared_under_their_mask() {
        assert_eq!(includes_number(&[10, 0, 0, 0, 255, 0, 0, 0], &[10, 1, 2, 3]), Some(true));
        assert_eq!(includes_number(&[10, 0, 0, 0, 255, 0, 0, 0], &[11, 1, 2, 3]), Some(false));
        assert_eq!(includes_number(&[10, 0, 0, 0], &[10, 1, 2, 3]), None);
    }
}
