use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::{CONTENT_TYPE, LOCATION, ORIGIN};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response, redirect};
use serde_json::Value;
use wire::{AcceptedHosts, Link};

/// One browser's worth of cookies.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
    cookies: Arc<Jar>,
    origin: String,
}

impl Browser {
    pub(crate) fn at(origin: &str) -> Self {
        let cookies = Arc::new(Jar::default());
        let builder = super::phone::client_builder().cookie_provider(cookies.clone());
        let client = builder.redirect(redirect::Policy::none()).build().unwrap();
        Self { client, cookies, origin: origin.to_owned() }
    }

    /// As the Cookie header would say.
    pub(crate) fn cookies(&self) -> String {
        let origin = self.origin.parse().unwrap();
        self.cookies.cookies(&origin).map(|cookies| cookies.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    /// Another browser with the same cookies, which learns nothing of what this one gets from now on.
    pub(crate) fn with_the_cookies_of_now(&self) -> Self {
        let other = Self::at(&self.origin);
        let origin = self.origin.parse().unwrap();
        self.cookies().split("; ").for_each(|cookie| other.cookies.add_cookie_str(cookie, &origin));
        other
    }

    /// A POST of a form that asked whether the person is sure.
    pub(crate) async fn post_sure(&self, path: &str) -> Response {
        self.request(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body("sure=yes").send().await.unwrap()
    }

    /// None where the server has no room.
    pub(crate) async fn drop_pdf_if_taken(&self, bytes: Vec<u8>) -> Option<String> {
        let answer = self.send_file("a.pdf", bytes, "").await;
        if answer.status() == 507 { None } else { Some(leads_to(answer).await) }
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.origin)).send().await.unwrap()
    }

    pub(crate) async fn get_if_changed(&self, path: &str, tag: &str) -> Response {
        let request = self.client.get(format!("{}{path}", self.origin)).header("If-None-Match", tag);
        request.send().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str) -> Response {
        self.request(path).send().await.unwrap()
    }

    /// A POST as a page of this server would make it, to be added to.
    pub(crate) fn request(&self, path: &str) -> RequestBuilder {
        self.bare_request(path).header(ORIGIN, &self.origin)
    }

    /// A POST from anywhere.
    pub(crate) fn bare_request(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.origin))
    }

    pub(crate) async fn send_file(&self, file_name: &str, bytes: Vec<u8>, declared_name: &str) -> Response {
        let part = Part::bytes(bytes).file_name(file_name.to_owned()).mime_str("application/pdf").unwrap();
        let form = Form::new().part("pdf", part).text("name", declared_name.to_owned());
        self.request("/documents").multipart(form).send().await.unwrap()
    }

    /// Several at once.
    pub(crate) async fn send_files(&self, files: &[(String, Vec<u8>)]) -> Response {
        let part = |(name, bytes): &(String, Vec<u8>)| Part::bytes(bytes.clone()).file_name(name.clone());
        let form = files.iter().fold(Form::new(), |form, file| form.part("pdf", part(file)));
        self.request("/documents").multipart(form).send().await.unwrap()
    }

    /// None where the server is gone before it answers.
    pub(crate) async fn try_to_send_file(&self, bytes: Vec<u8>) -> Option<Response> {
        let form = Form::new().part("pdf", Part::bytes(bytes).file_name("a.pdf"));
        self.request("/documents").multipart(form).send().await.ok()
    }

    pub(crate) async fn try_to_post(&self, path: &str) -> Option<Response> {
        self.request(path).send().await.ok()
    }

    /// Drops a PDF and returns the path of its page.
    pub(crate) async fn drop_pdf(&self, bytes: Vec<u8>) -> String {
        leads_to(self.send_file("契約書.pdf", bytes, "").await).await
    }

    pub(crate) async fn press_next(&self, document: &str) -> String {
        leads_to(self.press_next_for_answer(document).await).await
    }

    pub(crate) async fn press_next_for_answer(&self, document: &str) -> Response {
        let consents = [("contents", "yes"), ("certificate", "yes"), ("terms", "yes")];
        let form = consents.map(|(name, value)| format!("{name}={value}")).join("&");
        let form_type = "application/x-www-form-urlencoded";
        let request = self.request(&format!("{document}/sessions")).header(CONTENT_TYPE, form_type).body(form);
        request.send().await.unwrap()
    }

    pub(crate) async fn state(&self, session: &str) -> Value {
        self.get(&format!("{session}/state")).await.json().await.unwrap()
    }

    pub(crate) async fn wait_for(&self, session: &str, wanted: &str) -> Value {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let state = self.state(session).await;
            if state["state"] == wanted {
                return state;
            }
            assert!(Instant::now() < until, "the session stayed at {state}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The launch link or copied link that the session's page shows.
    pub(crate) async fn ticket_link(&self, session: &str) -> Link {
        let page = self.get(session).await.text().await.unwrap();
        let start = page.find("/s#").expect("the page shows a link");
        let begin = page[..start].rfind("http").unwrap();
        let text: String = page[begin..].chars().take_while(|letter| !matches!(letter, '"' | '<' | '&' | ' ' | '\n')).collect();
        Link::parse(&text, &AcceptedHosts::of_desktop()).ok().expect("a link of ours")
    }

    /// Into the field of the session's page.
    pub(crate) async fn type_number(&self, session: &str, typed: &str) -> Response {
        self.post_field(&format!("{session}/number"), "number", typed).await
    }

    /// A form with one field.
    pub(crate) async fn post_field(&self, path: &str, name: &str, value: &str) -> Response {
        let escaped: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let request = self.request(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.body(format!("{name}={escaped}")).send().await.unwrap()
    }
}

pub(crate) async fn leads_to(answer: Response) -> String {
    let status = answer.status();
    let location = answer.headers().get(LOCATION).map(|value| value.to_str().unwrap().to_owned());
    match location {
        Some(location) => location,
        None => panic!("{status}: {}", answer.text().await.unwrap().chars().take(600).collect::<String>()),
    }
}
