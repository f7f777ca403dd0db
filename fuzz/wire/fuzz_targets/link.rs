//! Any text that a camera or a clipboard brings. What is read as a link is a link on loopback, and says itself again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::Link;

fuzz_target!(|text: &str| {
    if let Ok(link) = Link::parse(text) {
        assert!(link.base.is_loopback());
        assert_eq!(link.to_text(), text.trim());
    }
});
