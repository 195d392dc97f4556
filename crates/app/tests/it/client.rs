//! A browser and a program, as far as the tests need them: cookies, the form token, JSON with a bearer token.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, header},
};
use kit::form::encoded;
use serde_json::Value;
use tower::ServiceExt;

/// A browser of one person.
#[derive(Clone)]
pub struct Client {
    router: Router,
    cookies: BTreeMap<String, String>,
    /// The token of the last page that had one.
    pub csrf: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The words of a page's main part, for a failed test.
    pub fn words(&self) -> String {
        let text = self.text();
        let main = text.find("<main").map_or(&*text, |at| &text[at..]);
        let mut words = String::new();
        let mut in_tag = false;
        for c in main.chars() {
            match c {
                '<' => in_tag = true,
                '>' => {
                    in_tag = false;
                    words.push(' ');
                }
                c if !in_tag => words.push(c),
                _ => {}
            }
        }
        words.split_whitespace().take(200).collect::<Vec<_>>().join(" ")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("no JSON ({e}): {}", self.words()))
    }

    /// Where a redirect leads; empty where it is none.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or("")
    }

    /// The answer, if it is a success.
    #[track_caller]
    pub fn ok(self) -> Answer {
        self.with_status(200)
    }

    /// The answer, if it has this status.
    #[track_caller]
    pub fn with_status(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{} {}", self.location(), self.words());
        self
    }

    /// Where the answer leads, if it is a redirect after a deed.
    #[track_caller]
    pub fn leads(self) -> String {
        assert_eq!(self.status, 303, "{}", self.words());
        self.location().to_string()
    }
}

impl Client {
    pub fn new(router: Router) -> Client {
        Client { router, cookies: BTreeMap::new(), csrf: String::new() }
    }

    /// Signs in through the form.
    ///
    /// # Errors
    /// The answer, where it was refused.
    pub async fn sign_in(&mut self, login: &str, password: &str) -> Result<(), Answer> {
        let answer = self.post("/login", &[("user", login), ("password", password)]).await;
        if answer.status != 303 {
            return Err(answer);
        }
        self.get("/").await;
        Ok(())
    }

    pub fn cookie(&self, name: &str) -> &str {
        self.cookies.get(name).map_or("", |it| it)
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_string(), value.to_string());
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// As htmx asks: for a part of the page.
    pub async fn get_part(&mut self, path: &str) -> Answer {
        let request = self.request(Method::GET, path).header("hx-request", "true");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a form with the token of its page.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.csrf.clone();
        let all: Vec<String> = fields
            .iter()
            .chain(&[("csrf", &*token)])
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        self.post_raw(path, "application/x-www-form-urlencoded", all.join("&").into()).await
    }

    /// Sends a form with a file, the token in its address.
    pub async fn post_file(&mut self, path: &str, fields: &[(&str, &str)], file: (&str, &str, &[u8])) -> Answer {
        let body = multipart(fields, file);
        let mark = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{mark}csrf={}", encoded(&self.csrf));
        self.post_raw(&path, &format!("multipart/form-data; boundary={BOUNDARY}"), body).await
    }

    pub async fn post_raw(&mut self, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, kind);
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// A request with this browser's cookies, for what the other functions do not send.
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder().method(method).uri(path).header(header::HOST, "yiyang.test");
        if cookies.is_empty() { request } else { request.header(header::COOKIE, cookies.join("; ")) }
    }

    pub async fn send(&mut self, request: Request<Body>) -> Answer {
        let answer = ask(&self.router, request).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|it| it.to_str().ok()) {
            let (pair, rest) = cookie.split_once(';').unwrap_or((cookie, ""));
            if let Some((name, value)) = pair.split_once('=') {
                if rest.contains("Max-Age=0") {
                    self.cookies.remove(name);
                } else {
                    self.cookies.insert(name.to_string(), value.to_string());
                }
            }
        }
        if let Some(token) = token_in(&answer.text()) {
            self.csrf = token;
        }
        answer
    }
}

/// What separates the parts of a form with files.
const BOUNDARY: &str = "----yiyang-test-7f3a";

/// A form with one file: (field, name, bytes).
fn multipart(fields: &[(&str, &str)], file: (&str, &str, &[u8])) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.as_bytes());
    }
    let (field, name, bytes) = file;
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    );
    body.extend(head.as_bytes());
    body.extend(bytes);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// The form token of a page.
fn token_in(page: &str) -> Option<String> {
    let marks = ["name=\"csrf\" content=\"", "name=\"csrf\" value=\""];
    let start = marks.iter().find_map(|it| page.find(it).map(|at| at + it.len()))?;
    page[start..].split('"').next().filter(|it| !it.is_empty()).map(str::to_string)
}

/// A program that speaks JSON.
#[derive(Clone)]
pub struct Api {
    router: Router,
    pub token: String,
}

impl Api {
    pub fn new(router: Router, token: String) -> Api {
        Api { router, token }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    /// Sends a form with a file.
    pub async fn post_file(&self, path: &str, fields: &[(&str, &str)], file: (&str, &str, &[u8])) -> Answer {
        let request = Request::builder().method(Method::POST).uri(path).header(header::HOST, "yiyang.test");
        let request = request
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
        ask(&self.router, request.body(Body::from(multipart(fields, file))).unwrap()).await
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "yiyang.test");
        if !self.token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        ask(&self.router, request.body(body).unwrap()).await
    }
}

async fn ask(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.expect("the router answers everything");
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("the answer's body").to_vec();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}
