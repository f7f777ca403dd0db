//! What browsers and phones reach: routes, cookies, headers. The words and the look of pages are in [`pages`].

pub mod pages;
