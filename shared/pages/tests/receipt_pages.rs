//! The last page of a copy without signatures.
use pages::{Document, Fonts, Limits, ReceiptPage, ReceiptPageSigner, StampProblem, receipt_page};

#[test]
fn the_page_is_drawn_completely_by_its_own_font_on_one_sheet_of_a4() {
    for (signers, code) in [(1, "A".repeat(1500)), (9, "A".repeat(3391)), (0, "A".repeat(20))] {
        let made = made(&page(signers, "買主（甲）", Some(&code))).unwrap();
        let document = Document::open(made.clone(), &Limits::default()).unwrap();
        let found = document.inspect(&Fonts::built_in()).unwrap();
        assert_eq!((found.page_count, found.undrawable), (1, Vec::new()), "{signers}");
        assert!(made.len() < 300_000, "{signers}: {} bytes", made.len());
    }
}

#[test]
fn nine_of_the_longest_labels_leave_room_for_the_largest_code() {
    for label in ["甲".repeat(40), "甲".repeat(41), "買主 ".repeat(1000), "W".repeat(40)] {
        let made = made(&page(9, &label, Some(&"A".repeat(3391))));
        assert!(made.is_ok_and(|made| made.len() > 100_000), "{label}: with its code");
    }
}

#[test]
fn more_signers_than_have_room_are_counted() {
    let [nine, ten, hundred] = [9, 10, 100].map(|signers| made(&page(signers, "甲", None)).unwrap());
    assert!(nine != ten && ten != hundred);
}

#[test]
fn what_is_too_long_for_a_code_is_said_to_be_and_leaves_it_out() {
    let with = made(&page(1, "甲", Some(&"A".repeat(3391)))).unwrap();
    let without = made(&page(1, "甲", Some(&"A".repeat(3392)))).unwrap();
    assert!(without.len() < with.len(), "no modules");
    assert_eq!(without, made(&page(1, "甲", None)).unwrap());
}

#[test]
fn a_label_that_cannot_be_shown_costs_nobody_the_page() {
    for label in ["練習😀", "ع", "甲\n乙", "", " ", "\u{3134A}"] {
        assert_eq!(made(&page(1, label, None)), made(&page(1, "😀", None)), "{label:?} is named as what cannot be shown");
    }
    assert_ne!(made(&page(1, "甲", None)), made(&page(1, "😀", None)));
}

#[test]
fn the_same_page_gives_the_same_bytes() {
    assert_eq!(made(&page(2, "甲", Some("TEXT"))), made(&page(2, "甲", Some("TEXT"))));
    assert_ne!(made(&page(2, "甲", Some("TEXT"))), made(&page(2, "甲", Some("OTHER"))));
}

#[test]
fn a_file_that_is_no_font_makes_no_page() {
    assert_eq!(receipt_page(&page(1, "甲", None), b"no font", 0), Err(StampProblem::FontUnusable));
}

fn page(signers: usize, label: &str, code: Option<&str>) -> ReceiptPage {
    let signer = ReceiptPageSigner {
        label: Some(label.to_owned()),
        state: "valid_in_part",
        open: ["time", "revocation", "path", "validity", "key_usage", "unheard_of"].map(str::to_owned).to_vec(),
    };
    ReceiptPage {
        state: "valid_in_part",
        time: "2026-11-22 14:50:00 (JST)".to_owned(),
        original_sha256: [0xA5; 32],
        original_bytes: 123_456,
        service: "bank.example".to_owned(),
        signers: vec![signer; signers],
        code: code.map(str::to_owned),
    }
}

fn made(page: &ReceiptPage) -> Result<Vec<u8>, StampProblem> {
    receipt_page(page, &std::fs::read(GOTHIC).unwrap(), 0)
}

const GOTHIC: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
