//! A headless Chromium of the test's own, driven through chromedriver.

mod axe;

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

pub use axe::assert_accessible;

/// One window with a fresh profile. Ends with the test, its processes too.
pub struct Browser {
    pub page: Client,
    driver: Driver,
}

impl Browser {
    /// A window of `width` pixels, its pages asked for in `language`.
    pub async fn open(width: u32, language: &str) -> Self {
        let driver = Driver::start();
        let capabilities = json!({
            "goog:chromeOptions": {
                "binary": "/usr/bin/chromium",
                "args": arguments(driver.profile.path(), width, language),
                "prefs": { "intl.accept_languages": language },
            }
        });
        let page = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().cloned().expect("an object"))
            .connect(&driver.address)
            .await
            .expect("chromedriver opens a session");
        let browser = Self { page, driver };
        browser.set_width(width).await;
        browser
    }

    /// The page's own width, as headless Chromium never makes a window narrower than 500 pixels.
    pub async fn set_width(&self, width: u32) {
        let metrics = json!({ "width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// `light` or `dark`, as the person's system would say.
    pub async fn prefer_scheme(&self, scheme: &str) {
        let scheme = json!({ "name": "prefers-color-scheme", "value": scheme });
        // Without motion: a picture in the middle of a change of colours would show neither theme.
        let features = json!({ "features": [scheme, { "name": "prefers-reduced-motion", "value": "reduce" }] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// The whole page as a picture, PNG.
    pub async fn picture(&self) -> Vec<u8> {
        use base64::Engine;
        let size = self.devtools("Page.getLayoutMetrics", json!({})).await["cssContentSize"].clone();
        let clip = json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 });
        let how = json!({ "captureBeyondViewport": true, "format": "png", "clip": clip });
        let answer = self.devtools("Page.captureScreenshot", how).await;
        let text = answer["data"].as_str().expect("a picture as base64");
        base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
    }

    /// Calls one method of the DevTools protocol.
    pub async fn devtools(&self, method: &str, parameters: Value) -> Value {
        let session = self.page.session_id().await.expect("a session").expect("a session id");
        let url = format!("{}/session/{session}/goog/cdp/execute", self.driver.address);
        let answer = crate::http::client()
            .build()
            .expect("a client")
            .post(url)
            .json(&json!({ "cmd": method, "params": parameters }))
            .send()
            .await;
        let answer: Value = answer.expect("chromedriver answers").json().await.expect("JSON");
        assert!(answer["value"]["error"].is_null(), "{method}: {answer}");
        answer["value"].clone()
    }

    /// Waits until `selector` is there. A page that is just being left answers with an error, so any error is asked again.
    pub async fn see(&self, selector: &str) -> fantoccini::elements::Element {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.page.find(Locator::Css(selector)).await {
                Ok(element) => return element,
                Err(problem) if Instant::now() > until => {
                    panic!("{selector} did not appear: {problem}\n{}", self.words().await)
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    }

    pub async fn click(&self, selector: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.see(selector).await.click().await {
                Ok(()) => return,
                // Drawn anew between being seen and being pressed: nothing was pressed yet.
                Err(problem) if problem.is_stale_element_reference() && Instant::now() < until => {}
                Err(problem) => panic!("{selector} cannot be pressed: {problem}"),
            }
        }
    }

    pub async fn type_into(&self, selector: &str, text: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.see(selector).await.send_keys(text).await {
                Ok(()) => return,
                // Drawn anew between being seen and being typed into: nothing was typed yet.
                Err(problem) if problem.is_stale_element_reference() && Instant::now() < until => {}
                Err(problem) => panic!("nothing can be typed into {selector}: {problem}"),
            }
        }
    }

    /// What a person can read on the page.
    pub async fn words(&self) -> String {
        let script = "return document.body ? document.body.innerText : ''";
        let words = self.page.execute(script, vec![]).await.expect("a script runs");
        words.as_str().unwrap_or_default().to_owned()
    }

    pub async fn close(self) {
        let _ = self.page.close().await;
    }
}

/// chromedriver in a process group of its own: ending it alone would leave its Chromium alive.
struct Driver {
    child: Child,
    address: String,
    profile: TempDir,
}

impl Driver {
    /// chromedriver takes a free port of one address family and ends if another program has the same number in the
    /// other one. Nothing under test has begun by then, so it is started again.
    fn start() -> Self {
        (0..STARTS).find_map(|_| Self::try_start()).expect("chromedriver says its port")
    }

    fn try_start() -> Option<Self> {
        let profile = TempDir::with_prefix("kazasu-browser-").expect("a folder for the profile");
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("chromedriver is installed; `make packages` installs it");
        let mut output = BufReader::new(child.stdout.take().expect("the output is piped")).lines();
        let port = output
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("successfully on port ")?.1.trim_end_matches('.').to_owned()));
        let address = port.as_ref().map(|port| format!("http://127.0.0.1:{port}"));
        let driver = Self { child, address: address.unwrap_or_default(), profile };
        std::thread::spawn(move || output.for_each(drop));
        port.map(|_| driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg("-KILL").arg("--").arg(format!("-{}", self.child.id())).status();
        let _ = self.child.wait();
    }
}

fn arguments(profile: &std::path::Path, width: u32, language: &str) -> Vec<String> {
    let quiet = [
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
    ];
    let mut arguments: Vec<String> = quiet.iter().map(ToString::to_string).collect();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    arguments.push(format!("--window-size={width},{HEIGHT}"));
    arguments.push(format!("--lang={language}"));
    arguments
}

const HEIGHT: u32 = 900;
const STARTS: u32 = 5;
const PATIENCE: Duration = Duration::from_secs(30);
