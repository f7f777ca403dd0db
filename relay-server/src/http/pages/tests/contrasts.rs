use super::tokens::{Colour, Tokens};

#[test]
fn every_text_stands_out_from_its_ground_in_both_themes() {
    let tokens = Tokens::load();
    for contrast in &tokens.contrasts {
        for ground in &contrast.on {
            let (front, back) = (&tokens.colours[&contrast.of], &tokens.colours[ground]);
            for shade in [|colour: &Colour| colour.light.clone(), |colour: &Colour| colour.dark.clone()] {
                let found = ratio(&shade(front), &shade(back));
                assert!(found >= contrast.at_least, "{} on {ground}: {found:.2}", contrast.of);
            }
        }
    }
}

#[test]
fn black_on_white_has_the_greatest_contrast() {
    assert!((ratio("#000000", "#FFFFFF") - 21.0).abs() < 1e-9);
}

/// WCAG 2.2, definition of contrast ratio.
fn ratio(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// WCAG 2.2, definition of relative luminance.
fn luminance(colour: &str) -> f64 {
    let number = u32::from_str_radix(colour.trim_start_matches('#'), 16).expect("six hexadecimal digits");
    let [_, red, green, blue] = number.to_be_bytes().map(|channel| linear(f64::from(channel) / 255.0));
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn linear(channel: f64) -> f64 {
    if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
}
