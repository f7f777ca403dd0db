use super::catalog::Catalog;
use super::update::Update;
use crate::pdf::{Dictionary, Document, Object, View};
use crate::problem::PdfProblem;
use crate::revocation::ValidationData;
use crate::source::Source;

/// A revision that keeps in the document what proves later that its certificates were good (PAdES-B-LT); empty if there is
/// nothing new to keep. EN 319 142-1, section 5.4.2.
///
/// No signature is touched, and none forbids it. `unique` is random, as for [`PrepareOptions`](super::PrepareOptions).
pub fn keep_validation_data(source: &dyn Source, data: &ValidationData, unique: [u8; 16]) -> Result<Vec<u8>, PdfProblem> {
    if data.is_empty() {
        return Ok(Vec::new());
    }
    let document = Document::open(source)?;
    let view = document.latest();
    let mut update = Update::after(&document, unique)?;
    let mut catalog = Catalog::of(view)?;
    let mut store = match view.value(catalog.entries(), b"DSS")? {
        Object::Dictionary(store) => store,
        _ => Dictionary::default(),
    };
    let certificates: Vec<&[u8]> = data.certificates.iter().map(Vec::as_slice).collect();
    let lists: Vec<&[u8]> = data.lists.iter().map(|list| list.bytes()).collect();
    let responses: Vec<&[u8]> = data.responses.iter().map(|response| response.bytes()).collect();
    for (key, kept) in [(b"Certs".as_slice(), certificates), (b"CRLs", lists), (b"OCSPs", responses)] {
        add(view, &mut update, &mut store, key, &kept)?;
    }
    let own = update.new_object()?;
    update.put(own, &Object::Dictionary(store))?;
    catalog.set(b"DSS", Object::Reference(own));
    catalog.put(&mut update)?;
    update.finish()
}

/// Behind what the list holds already.
fn add(view: View<'_>, update: &mut Update<'_>, store: &mut Dictionary, key: &[u8], kept: &[&[u8]]) -> Result<(), PdfProblem> {
    let mut items = match view.value(store, key)? {
        Object::Array(items) => items,
        _ => Vec::new(),
    };
    for data in kept {
        let own = update.new_object()?;
        update.put_stream(own, Dictionary::default(), data)?;
        items.push(Object::Reference(own));
    }
    if !items.is_empty() {
        store.insert(key, Object::Array(items));
    }
    Ok(())
}
