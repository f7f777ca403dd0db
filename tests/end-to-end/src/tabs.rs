//! One session in two tabs.

use fantoccini::wd::WindowHandle;

use crate::browser::Browser;

/// Both show the page that was open; what is done, is done in the first.
pub struct Tabs {
    pub browser: Browser,
    pub tabs: [WindowHandle; 2],
}

impl Tabs {
    /// # Panics
    /// When no second tab opens.
    pub async fn of(browser: Browser) -> Self {
        let first = browser.page.window().await.expect("a tab is open");
        let url = browser.page.current_url().await.expect("it shows a page");
        let second = browser.page.new_window(true).await.expect("a second opens").handle;
        browser.page.switch_to_window(second.clone()).await.expect("it is there");
        browser.page.goto(url.as_str()).await.expect("the page opens again");
        browser.page.switch_to_window(first.clone()).await.expect("it is there");
        Self { browser, tabs: [first, second] }
    }

    /// Both turn to it by themselves, say the same, and say so again when they are loaded anew.
    ///
    /// # Panics
    /// When one of them does not.
    pub async fn stand_at(&self, step: &str) {
        let mut said = Vec::new();
        for tab in self.tabs.iter().rev() {
            self.browser.page.switch_to_window(tab.clone()).await.expect("both are there");
            self.browser.see(step).await;
            said.push(self.said().await);
            self.browser.page.refresh().await.expect("the page loads");
            self.browser.see(step).await;
            said.push(self.said().await);
        }
        assert!(
            said.windows(2).all(|pair| pair.first() == pair.last()) && !said.iter().any(String::is_empty),
            "{step}: {said:#?}"
        );
    }

    /// The step's words, without what changes with the time.
    async fn said(&self) -> String {
        let script = "const step = document.getElementById('step').cloneNode(true); \
            for (const clock of step.querySelectorAll('[data-clock], [data-ticket-clock], .qr-refreshing, .note[hidden], noscript')) clock.remove(); \
            return step.textContent.replace(/\\s+/g, ' ').trim()";
        self.browser.page.execute(script, vec![]).await.expect("a script runs").as_str().unwrap_or_default().to_owned()
    }
}
