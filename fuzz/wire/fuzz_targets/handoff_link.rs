//! Any text that a camera, a browser or a clipboard brings. What is read as a link leads to an accepted host, and says
//! itself again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::{AcceptedHosts, Link};

fuzz_target!(|text: &str| {
    let accepted = AcceptedHosts::of_desktop();
    if let Ok(link) = Link::parse(text, &accepted) {
        assert!(accepted.has(&link.base));
        assert_eq!(link.to_text().as_str(), text.trim());
    }
});
