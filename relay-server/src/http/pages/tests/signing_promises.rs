//! Promises of a signing's pages.

use std::collections::BTreeSet;

use wire::RefusalKind;

use super::gallery;
use crate::http::pages::{Language, PageProblem};

fn signings() -> Vec<(String, String)> {
    let pages = gallery::in_both_languages().into_iter();
    pages.filter_map(|(name, page)| name.strip_prefix("signing-").map(|name| (name.to_owned(), page.clone()))).collect()
}

fn named(name: &str) -> String {
    gallery::named(&format!("signing-{name}"), Language::English)
}

#[test]
fn the_number_has_one_field_that_no_browser_fills_and_a_way_out_as_large_as_the_way_on() {
    for name in ["number", "number-malformed", "number-wrong", "number-wrong-twice", "number-second-device"] {
        let page = named(name);
        let fields: Vec<&str> = page.split("<input").skip(1).filter(|input| !input.contains("type=\"radio\"")).collect();
        let field = fields.first().and_then(|input| input.split_once('>')).map(|(field, _)| field).expect("a field");
        assert_eq!(fields.len(), 1, "{name}");
        assert!(field.contains("inputmode=\"numeric\"") && field.contains("autocomplete=\"off\""), "{name}");
        assert!(!field.contains("value="), "{name}: a number in a page may be read by who looks at it later");
        let (_, pair) = page.split_once("<div class=\"pair is-even\">").expect("two ways of one size");
        assert!(pair.contains("form=\"number-form\"") && pair.contains("/cancel\""), "{name}");
        assert!(page.contains("Is somebody asking you for this number"), "{name}");
    }
}

#[test]
fn a_wrong_number_says_how_many_are_left_and_a_slip_of_the_keys_costs_none() {
    assert!(named("number-wrong").contains("You can try 2 more times."));
    assert!(named("number-wrong-twice").contains("You can try 1 more time."));
    let slip = named("number-malformed");
    assert!(slip.contains("does not count") && !slip.contains("You can try"));
    for name in ["number-wrong", "number-malformed"] {
        assert!(named(name).contains("aria-invalid=\"true\"") && named(name).contains("role=\"alert\""));
    }
}

#[test]
fn inside_another_app_no_launch_is_offered() {
    assert!(named("waiting").contains("/launch\""));
    let page = named("waiting-in-app");
    assert!(page.contains("E-QR-14") && !page.contains("/launch\"") && page.contains("/copied\""));
}

#[test]
fn a_link_to_tap_is_shown_as_text_only_where_a_practice_phone_takes_it() {
    let shown = |name: &str| named(name).contains("id=\"link\"");
    assert_eq!((shown("launch"), shown("launch-practice"), shown("copied")), (false, true, true));
    for name in ["launch", "copied"] {
        assert!(named(name).contains("data-ticket-seconds-left=") && named(name).contains("/qr\""), "{name}");
        assert!(!named(name).contains("moving-qr"), "{name}: the QR is withdrawn while a link stands in its place");
    }
}

/// M32: who signs with the phone that shows the page needs no QR, and holds the card where that phone reads it.
#[test]
fn the_list_of_what_is_needed_is_that_of_the_device_that_shows_it() {
    let shown = |name| gallery::named(name, Language::Japanese);
    let (desktop, iphone, android) = (shown("prepare"), shown("prepare-iphone"), shown("prepare-android"));
    assert!(desktop.contains("「次へ」を押すとQRコードが出て"));
    assert!(iphone.contains("iPhoneの上の端") && !iphone.contains("QRコードを読み取り、カード"));
    assert!(android.contains("おサイフケータイ") && !android.contains("iPhone"));
    for page in [desktop, iphone, android] {
        assert!(page.contains("10分以内に署名を終えてください") && page.contains("英数字6〜16文字"));
    }
}

#[test]
fn the_labels_that_users_of_such_services_know_are_used_as_they_are() {
    let page = gallery::named("signing-waiting", Language::Japanese);
    for label in
        ["QRコードを更新する", "※QRコードの読み取り操作で問題が発生した場合はこちら", "アプリを起動する", "リンクをコピー"]
    {
        assert!(page.contains(&format!(">{label}<")), "{label}");
    }
    assert!(gallery::named("prepare", Language::Japanese).contains(">次へ<"));
}

#[test]
fn what_reads_a_sessions_events_stands_on_its_page_only_while_something_can_follow() {
    for (name, page) in signings() {
        let is_over = ["completed", "ended", "rejected"].iter().any(|over| name.starts_with(over));
        assert_eq!(page.contains("data-over"), is_over, "{name}");
        assert_eq!(page.contains("data-token="), !is_over, "{name}");
        assert_eq!(page.contains("handoff"), !is_over, "{name}");
    }
}

#[test]
fn page_and_phone_can_be_compared_from_the_match_on_until_the_check() {
    for (name, page) in signings() {
        let stages = ["matched", "password", "card", "sending", "delivered"];
        let is_compared = stages.iter().any(|stage| name.starts_with(stage));
        assert_eq!(page.contains(">0007 0e15 1c23 2a31<"), is_compared, "{name}");
    }
}

#[test]
fn what_the_card_may_have_done_is_left_to_the_phone_at_every_end() {
    let (open, no) = ("Not accepted. See your phone", "<td>No</td>");
    let mut endings = 0;
    for (name, page) in signings() {
        let Some(name) = name.strip_prefix("ended-").and_then(|name| name.strip_suffix("-en")) else { continue };
        let is_the_phones_word = RefusalKind::ALL.iter().any(|refusal| name.starts_with(refusal.code()));
        let is_open = name.ends_with("late") && !is_the_phones_word;
        assert_eq!(page.matches(open).count(), if is_open { 2 } else { 0 }, "{name}");
        assert_eq!(page.matches(no).count(), if is_open { 0 } else { 2 }, "{name}");
        endings += 1;
    }
    assert_eq!(endings, 2 * (4 + RefusalKind::ALL.len()) + 3, "every reason, before begin and after it where it can be");
}

#[test]
fn every_code_on_a_page_is_explained_in_the_list_of_failures() {
    let list = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/failures.md")).expect("the list is there");
    for (name, page) in gallery::in_both_languages() {
        for code in codes(&page) {
            assert!(list.contains(&format!("| {code} |")), "{name}: {code}");
        }
    }
}

#[test]
fn whatever_is_refused_has_a_code_to_search_for() {
    for (name, problem) in super::problems::problems() {
        let leads_nowhere = matches!(problem, PageProblem::NoSuchPage | PageProblem::DropOffClosed);
        assert_eq!(problem.code().is_none(), leads_nowhere, "{name}");
    }
}

#[test]
fn the_page_of_the_return_has_nothing_to_type_and_one_button() {
    for name in ["return", "return-confirm"] {
        let page = gallery::named(name, Language::Japanese);
        assert_eq!(page.matches("<input").count(), 1, "{name}: the value that is handed on");
        assert!(page.contains("<input type=\"hidden\" name=\"value\""), "{name}");
    }
    assert_eq!(gallery::named("return-confirm", Language::Japanese).matches("<button").count(), 1);
    let elsewhere = gallery::named("returned-elsewhere", Language::English);
    assert!(elsewhere.contains("E-QR-15") && elsewhere.contains("Nothing was signed") && !elsewhere.contains("<input"));
}

/// `E-`, letters, a hyphen and two digits.
fn codes(page: &str) -> BTreeSet<String> {
    let behind = page.split("E-").skip(1).filter_map(|rest| {
        let letters: String = rest.chars().take_while(char::is_ascii_uppercase).collect();
        let digits = rest.strip_prefix(&format!("{letters}-"))?.get(..2)?;
        (!letters.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())).then(|| format!("E-{letters}-{digits}"))
    });
    behind.collect()
}
