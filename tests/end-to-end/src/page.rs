//! What a person does at the page of a session while the phone waits for it.

use fantoccini::Locator;

use crate::browser::Browser;
use crate::visitor::Visitor;

/// The page of one session, and the person before it.
pub trait Page {
    /// Types the digits of the phone, and sends them.
    fn type_number(&self, number: &str) -> impl Future<Output = ()>;

    /// Opens the address that the phone asked the browser to open, and presses 続ける.
    fn come_back(&self, address: &str) -> impl Future<Output = ()>;
}

/// Without a browser: forms over HTTP.
pub struct SessionPage<'a> {
    pub visitor: &'a Visitor,
    /// Its path, as [`Visitor::press_next`] gives it.
    pub session: &'a str,
}

impl Page for SessionPage<'_> {
    async fn type_number(&self, number: &str) {
        self.visitor.press(&format!("{}/number", self.session), &[("number", number)]).await.expect("the page takes digits");
    }

    async fn come_back(&self, address: &str) {
        let (_, value) = address.split_once('#').expect("a return has a fragment");
        self.visitor.press(&format!("{}/return", self.session), &[("value", value)]).await.expect("the page takes the return");
    }
}

impl Page for Browser {
    async fn type_number(&self, number: &str) {
        self.type_into("#number", number).await;
        self.click("button[form=number-form]").await;
    }

    async fn come_back(&self, address: &str) {
        self.page.goto(address).await.expect("the return opens");
        self.see("form[action$='/return'] button[type=submit]").await;
        let button = self.page.find(Locator::Css("form[action$='/return'] button[type=submit]")).await;
        button.expect("the button is there").click().await.expect("it can be pressed");
    }
}
