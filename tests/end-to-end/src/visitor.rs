//! A person at the page, with an HTTP client in place of a browser: cookies, forms and redirects, no scripts.

use std::time::{Duration, Instant};

use reqwest::multipart::{Form, Part};
use reqwest::{Client, Response, redirect};
use serde_json::Value;

/// One browser's worth of cookies at one service.
pub struct Visitor {
    client: Client,
    origin: String,
}

impl Visitor {
    /// # Errors
    /// When no HTTP client can be made.
    pub fn at(origin: &str) -> Result<Self, String> {
        let client = crate::http::client()
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .timeout(Duration::from_secs(60))
            // A server that was started again knows nothing of a connection kept from before.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|problem| problem.to_string())?;
        Ok(Self { client, origin: origin.to_owned() })
    }

    /// Drops a PDF and returns the path of its page.
    ///
    /// # Errors
    /// What the page said when it refused the file.
    pub async fn drop_pdf(&self, file_name: &str, pdf: Vec<u8>) -> Result<String, String> {
        self.drop_pdfs(vec![(file_name, pdf)]).await
    }

    /// Drops several at once, which are one signing's, and returns the path of their page.
    ///
    /// # Errors
    /// What the page said when it refused them.
    pub async fn drop_pdfs(&self, files: Vec<(&str, Vec<u8>)>) -> Result<String, String> {
        let mut form = Form::new();
        for (file_name, pdf) in files {
            let part = Part::bytes(pdf).file_name(file_name.to_owned()).mime_str("application/pdf");
            form = form.part("pdf", part.map_err(|problem| problem.to_string())?);
        }
        self.leads_on(self.post("/documents").multipart(form)).await
    }

    /// Agrees to the three consents and presses 「次へ」; returns the path of the session's page.
    ///
    /// # Errors
    /// What the page said when it refused.
    pub async fn press_next(&self, document: &str) -> Result<String, String> {
        let page = self.page(&format!("{document}?step=prepare")).await?;
        let consents = consent_fields(&page);
        if consents.is_empty() {
            return Err("the document's page asks for no consents".to_owned());
        }
        self.leads_on(self.post(&format!("{document}/sessions")).form(&consents)).await
    }

    /// Presses the button of a form; returns the path that it leads to.
    ///
    /// # Errors
    /// What the page said when it refused.
    pub async fn press(&self, path: &str, fields: &[(&str, &str)]) -> Result<String, String> {
        self.leads_on(self.post(path).form(fields)).await
    }

    /// Takes the moving QR of a session off its page: the link is good for a few seconds.
    ///
    /// # Errors
    /// When the page shows no QR.
    pub async fn scan(&self, session: &str) -> Result<String, String> {
        crate::qr::decode(&crate::qr::picture_in(&self.page(session).await?, "qr-code")?)
    }

    /// Presses 「リンクをコピー」 and returns the link that the page shows then.
    ///
    /// # Errors
    /// When the page shows no link.
    pub async fn copy_link(&self, session: &str) -> Result<String, String> {
        let page = self.press(&format!("{session}/copied"), &[]).await?;
        self.link_on(&page).await
    }

    /// Presses 「アプリを起動する」 and returns the link that the page shows then.
    ///
    /// # Errors
    /// When the page shows no link.
    pub async fn launch_link(&self, session: &str) -> Result<String, String> {
        let page = self.press(&format!("{session}/launch"), &[]).await?;
        self.link_on(&page).await
    }

    async fn link_on(&self, path: &str) -> Result<String, String> {
        let page = self.page(path).await?;
        let word = page.split(['"', '<', ' ', '\n']).find(|word| word.contains("/s#"));
        word.map(ToOwned::to_owned).ok_or_else(|| "the page shows no link".to_owned())
    }

    /// # Errors
    /// When the page does not answer with 200.
    pub async fn page(&self, path: &str) -> Result<String, String> {
        let answer = self.get(path).await?;
        answer.text().await.map_err(|problem| problem.to_string())
    }

    /// # Errors
    /// When the download does not answer with 200.
    pub async fn download(&self, path: &str) -> Result<Vec<u8>, String> {
        let answer = self.get(path).await?;
        answer.bytes().await.map(|bytes| bytes.to_vec()).map_err(|problem| problem.to_string())
    }

    /// Asks for the session's state until it is one of `wanted`, at most for `limit`.
    ///
    /// # Errors
    /// The last state seen when the limit passes.
    pub async fn wait_for_state(&self, session: &str, wanted: &[&str], limit: Duration) -> Result<Value, String> {
        let until = Instant::now() + limit;
        loop {
            let text = self.page(&format!("{session}/state")).await?;
            let state: Value = serde_json::from_str(&text).map_err(|problem| problem.to_string())?;
            if state["state"].as_str().is_some_and(|name| wanted.contains(&name)) {
                return Ok(state);
            }
            if Instant::now() > until {
                return Err(format!("the session stayed at {}", state["state"]));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.post(format!("{}{path}", self.origin)).header("Origin", &self.origin)
    }

    async fn get(&self, path: &str) -> Result<Response, String> {
        let answer = self.client.get(format!("{}{path}", self.origin)).send().await.map_err(|problem| problem.to_string())?;
        if answer.status().is_success() { Ok(answer) } else { Err(format!("{path}: {}", answer.status())) }
    }

    async fn leads_on(&self, request: reqwest::RequestBuilder) -> Result<String, String> {
        let answer = request.send().await.map_err(|problem| problem.to_string())?;
        let status = answer.status();
        if let Some(location) = answer.headers().get("location").and_then(|value| value.to_str().ok()) {
            return Ok(location.strip_prefix(&self.origin).unwrap_or(location).to_owned());
        }
        let page = answer.text().await.unwrap_or_default();
        Err(refusal_on(&page).unwrap_or_else(|| format!("the page answers {status}")))
    }
}

/// What the page says in its box for problems: title, cause, facts and code.
fn refusal_on(html: &str) -> Option<String> {
    let (_, rest) = html.split_once("id=\"problem\"")?;
    let (_, said) = rest.split_once("<b>")?;
    let (said, _) = said.split_once("</div>")?;
    let words = said.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text).trim());
    Some(words.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "))
}

/// Every checkbox of the page, ticked, as a browser would send it.
fn consent_fields(html: &str) -> Vec<(String, String)> {
    html.split("<input")
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .filter(|tag| tag.contains("type=\"checkbox\""))
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_else(|| "on".to_owned()))))
        .collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(ToOwned::to_owned)
}
