//! The page that a visible signature shows.
use pages::{Document, Fonts, Limits, StampProblem, StampText, draw, stamp};
use proptest::prelude::*;

#[test]
fn a_stamp_is_drawn_completely_by_its_own_font() {
    let page = made("練習　花子").unwrap();
    let found = Document::open(page.clone(), &Limits::default()).unwrap().inspect(&Fonts::built_in()).unwrap();
    assert_eq!((found.page_count, found.undrawable), (1, Vec::new()));
    let drawn = draw(&page, 0, 600, &Limits::default(), &Fonts::built_in()).unwrap();
    assert!(drawn.width > 2 * drawn.height, "{drawn:?}");
}

#[test]
fn a_stamp_carries_the_glyphs_of_its_text_only() {
    for name in ["練習　花子", "Hanako Rénshū", "髙橋・﨑 𠮷野（株式会社架空商事）"] {
        let page = made(name).unwrap();
        assert!(page.len() < 30_000, "{name}: {} bytes", page.len());
    }
}

#[test]
fn a_stamp_is_made_from_either_kind_of_outlines() {
    let text = StampText { label: "Signed by".to_owned(), ..text("Hanako Rénshū") };
    let text = StampText { notes: vec!["2026-11-22".to_owned()], ..text };
    for (font, program) in [(GOTHIC, "FontFile3"), (TRUE_TYPE, "FontFile2")] {
        let page = stamp(&text, &read(font), 0).unwrap();
        assert!(String::from_utf8_lossy(&page).contains(program), "{font}");
        let found = Document::open(page, &Limits::default()).unwrap().inspect(&Fonts::built_in()).unwrap();
        assert_eq!(found.undrawable, Vec::new(), "{font}");
    }
}

#[test]
fn the_same_text_gives_the_same_bytes() {
    assert_eq!(made("練習　花子"), made("練習　花子"));
    assert_ne!(made("練習　花子"), made("見本　太郎"));
}

#[test]
fn what_cannot_be_shown_as_written_is_refused_by_name() {
    // Line feed, an override of direction, an emoji, Arabic, Hebrew, Thai, a mark that joins, no character at all.
    for character in
        ['\n', '\0', '\u{1B}', '\u{202E}', '\u{2066}', '😀', 'ع', 'א', 'ก', '\u{3099}', '\u{FFFD}', '\u{200D}', '\u{FEFF}']
    {
        assert_eq!(made(&format!("練習{character}")), Err(StampProblem::NotShown { character }), "{character:?}");
    }
}

#[test]
fn a_character_that_the_font_has_not_is_refused_by_name() {
    // Of the rarest kanji, encoded in 2020; no font of this machine has them.
    assert_eq!(made("\u{3134A}"), Err(StampProblem::NotShown { character: '\u{3134A}' }));
}

#[test]
fn rarer_forms_of_kanji_are_shown_where_the_font_has_them() {
    assert_ne!(made("葛\u{E0100}城"), Err(StampProblem::NotShown { character: '\u{E0100}' }));
    assert_ne!(made("葛\u{E0100}城").unwrap(), made("葛城").unwrap());
    assert_eq!(made("あ\u{E0101}"), Err(StampProblem::NotShown { character: '\u{E0101}' }));
    assert_eq!(made("\u{E0100}"), Err(StampProblem::NotShown { character: '\u{E0100}' }));
}

#[test]
fn a_long_name_is_written_smaller_and_a_longer_one_is_refused() {
    let width = |name: &str| {
        Document::open(made(name).unwrap(), &Limits::default()).unwrap().inspect(&Fonts::built_in()).unwrap().sizes[0].width
    };
    assert!(width(&"花".repeat(30)) <= 22_200, "{}", width(&"花".repeat(30)));
    for characters in [36, 100, 10_000] {
        assert_eq!(made(&"花".repeat(characters)), Err(StampProblem::TooLong { characters }));
    }
    assert_eq!(made(""), Err(StampProblem::Empty));
    assert_eq!(made("　 "), Err(StampProblem::Empty));
}

#[test]
fn what_is_no_font_is_said_so() {
    for bytes in [Vec::new(), b"no font at all".to_vec(), read(GOTHIC)[..100_000].to_vec()] {
        assert_eq!(stamp(&text("花"), &bytes, 0), Err(StampProblem::FontUnusable));
    }
    assert_eq!(stamp(&text("花"), &read(GOTHIC), 1_000), Err(StampProblem::FontUnusable));
}

#[test]
fn a_stamp_s_text_is_not_printed() {
    assert_eq!(format!("{:?}", text("練習　花子")), "StampText");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// A font comes from a disk, and disks break.
    #[test]
    fn a_broken_font_makes_a_stamp_or_none(places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40), cut in any::<prop::sample::Index>()) {
        let mut font = read(TRUE_TYPE);
        for (place, byte) in places {
            // Most of what is read of a font stands at its beginning.
            let place = place.index(4_000);
            font[place] = byte;
        }
        font.truncate(font.len().saturating_sub(cut.index(3) * 100_000));
        let text = StampText { label: "Signed by".to_owned(), name: "Hanako".to_owned(), notes: Vec::new() };
        if let Ok(page) = stamp(&text, &font, 0) {
            prop_assert!(Document::open(page, &Limits::default()).is_ok());
        }
    }

    /// Whatever a name holds: it is shown completely, or refused; and its letters never become operators.
    #[test]
    fn any_name_is_shown_or_refused(name in "\\PC{1,20}|[ -~]{1,40}|[ぁ-ヶ一-龠()<>\\\\/ ]{1,20}|(?s:.){0,30}") {
        match made(&name) {
            Err(problem) => prop_assert!(!matches!(problem, StampProblem::FontUnusable), "{:?}", problem),
            Ok(page) => {
                let found = Document::open(page.clone(), &Limits::default()).unwrap().inspect(&Fonts::built_in()).unwrap();
                prop_assert_eq!(found.undrawable, Vec::new());
                let content = content_of(&page);
                prop_assert!(content.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ' || byte == b'\n'));
                prop_assert_eq!(content.matches("Tj").count(), 3);
                prop_assert!(content.split('<').skip(1).all(|hex| hex.split('>').next().is_some_and(is_hexadecimal)));
            }
        }
    }
}

fn is_hexadecimal(digits: &str) -> bool {
    digits.len() % 4 == 0 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

fn content_of(page: &[u8]) -> String {
    let text = String::from_utf8_lossy(page);
    let (_, content) = text.split_once("4 0 obj").unwrap();
    let (_, content) = content.split_once("stream\n").unwrap();
    content.split_once("endstream").unwrap().0.to_owned()
}

fn made(name: &str) -> Result<Vec<u8>, StampProblem> {
    stamp(&text(name), font(), 0)
}

fn text(name: &str) -> StampText {
    StampText {
        label: "電子署名".to_owned(),
        name: name.to_owned(),
        notes: vec!["申告時刻: 2026-11-22 10:11:12 (JST)".to_owned()],
    }
}

/// Read once: it has twenty megabytes.
fn font() -> &'static [u8] {
    static FONT: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| read(GOTHIC));
    &FONT
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

const GOTHIC: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
const TRUE_TYPE: &str = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
