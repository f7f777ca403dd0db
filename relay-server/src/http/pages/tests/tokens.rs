use std::collections::BTreeMap;

use serde::Deserialize;

/// `docs/design/tokens.json`, the one source of the look on page, phone and mail.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) colours: BTreeMap<String, Colour>,
    spaces: Vec<u32>,
    corners: BTreeMap<String, u32>,
    text: BTreeMap<String, u32>,
    target: u32,
    motion_ms: BTreeMap<String, u32>,
    pub(super) contrasts: Vec<Contrast>,
}

#[derive(Deserialize)]
pub(super) struct Colour {
    pub(super) light: String,
    pub(super) dark: String,
}

#[derive(Deserialize)]
pub(super) struct Contrast {
    pub(super) of: String,
    pub(super) on: Vec<String>,
    pub(super) at_least: f64,
}

impl Tokens {
    pub(super) fn load() -> Self {
        serde_json::from_str(include_str!("../../../../../docs/design/tokens.json")).expect("the tokens are JSON")
    }

    fn css(&self) -> String {
        let colours = |shade: fn(&Colour) -> &String| -> Vec<String> {
            self.colours.iter().map(|(name, colour)| format!("--{name}: {};", shade(colour))).collect()
        };
        let mut light = colours(|colour| &colour.light);
        light.extend(self.spaces.iter().map(|space| format!("--space-{space}: {space}px;")));
        light.extend(self.corners.iter().map(|(name, corner)| format!("--corner-{name}: {corner}px;")));
        light.extend(self.text.iter().map(|(name, size)| format!("--text-{name}: {}rem;", f64::from(*size) / 16.0)));
        light.extend(self.motion_ms.iter().map(|(name, duration)| format!("--motion-{name}: {duration}ms;")));
        light.push(format!("--target: {}px;", self.target));
        let (light, dark) = (light.join(" "), colours(|colour| &colour.dark).join(" "));
        format!("{ORIGIN}\n:root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n")
    }
}

const ORIGIN: &str = "/* Made from docs/design/tokens.json by the test that guards it. */";

/// With `KAZASU_WRITE_TOKENS` set, writes the file anew in place of comparing it.
#[test]
fn the_style_sheet_has_the_tokens_of_the_one_source() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/tokens.css");
    let expected = Tokens::load().css();
    if std::env::var_os("KAZASU_WRITE_TOKENS").is_some() {
        std::fs::write(path, &expected).expect("the assets can be written");
    }
    let found = std::fs::read_to_string(path).expect("the assets can be read");
    assert_eq!(found, expected, "run this test again with KAZASU_WRITE_TOKENS=1");
}

#[test]
fn nothing_is_smaller_than_thirteen_pixels() {
    let smallest = Tokens::load().text.into_values().min();
    assert_eq!(smallest, Some(13));
}
