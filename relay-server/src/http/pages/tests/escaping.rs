use proptest::prelude::*;

use super::{gallery, signings};
use crate::http::pages::{
    DropView, EarlierDocument, Language, PageProblem, document_page, drop_page, problem_page, return_confirm_page, signing_page,
};

proptest! {
    #[test]
    fn a_hostile_title_opens_no_element_and_leaves_no_attribute(title in hostile()) {
        let visitor = gallery::visitor(Language::Japanese);
        let mut view = gallery::document_to_read();
        view.documents[0].summary.title = title.clone();
        view.declared_name = Some(title.clone());
        let earlier = EarlierDocument { title: title.clone(), ..gallery::earlier_unsigned() };
        let drop = DropView { earlier: vec![earlier], ..gallery::first_visit() };
        let problem = PageProblem::CannotBeDrawn { page: 1, construct: title.clone() };
        for page in [
            document_page(&view, &visitor),
            signing_page(signings::titled(&title), &visitor),
            return_confirm_page(&signings::returned(&title), &visitor),
            drop_page(&drop, &visitor),
            problem_page(&problem, &visitor),
        ] {
            prop_assert!(!page.contains("<x"), "an element of the title's");
            prop_assert!(!page.contains("\"x"), "an attribute ended by the title");
        }
    }
}

#[test]
fn a_title_cannot_turn_the_words_around_it() {
    let mut view = gallery::document_to_read();
    view.documents[0].summary.title = "\u{202E}fdp.契約書".to_owned();
    let page = document_page(&view, &gallery::visitor(Language::Japanese));
    assert!(page.contains("<bdi>\u{202E}fdp.契約書</bdi>"));
}

/// Anything, with the openings of an element and the ends of an attribute strewn in.
fn hostile() -> impl Strategy<Value = String> {
    let piece =
        prop_oneof![Just("<x".to_owned()), Just("\"x".to_owned()), Just("'x".to_owned()), Just("&lt;x".to_owned()), ".{0,8}"];
    proptest::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}
