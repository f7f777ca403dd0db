//! Pictures of every page, kept where a person can look at them: `tests/end-to-end/pictures/`.

use crate::browser::{Browser, assert_accessible};
use crate::programs::repository;

/// Takes the page in light and dark, and lets axe judge both.
pub async fn keep(browser: &Browser, name: &str) {
    for scheme in ["light", "dark"] {
        browser.prefer_scheme(scheme).await;
        assert_accessible(browser, &format!("{name}, {scheme}")).await;
        save(&browser.picture().await, &format!("{name}-{scheme}"));
    }
    browser.prefer_scheme("light").await;
}

/// The same of what stands in the window, without a look at the rest: to a page that counts as read what was in sight, a
/// picture of the whole would be reading.
pub async fn keep_window(browser: &Browser, name: &str) {
    for scheme in ["light", "dark"] {
        browser.prefer_scheme(scheme).await;
        save(&browser.page.screenshot().await.expect("the window can be taken"), &format!("{name}-{scheme}"));
    }
    browser.prefer_scheme("light").await;
}

fn save(png: &[u8], name: &str) {
    let folder = repository().join("tests/end-to-end/pictures");
    std::fs::create_dir_all(&folder).expect("the folder of pictures can be made");
    std::fs::write(folder.join(format!("{name}.png")), png).expect("a picture can be written");
}
