//! The server: all routes behind one chain of layers, background work beside it, an orderly end.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{Html, IntoResponse, Response},
};

use crate::{
    App, Error, Id, Lang, Result, api,
    ask::Visitor,
    background,
    form::{encoded, pairs},
    house, idempotency,
    module::{Module, Route, Routes},
    page,
    who::session::{self, COOKIE, Stage},
};

/// The largest body a form or an API call may have. Uploads set their own limit.
const BODY_LIMIT: usize = 2 << 20;

/// All routes of the house and the modules, with what is known of each.
pub fn routes(modules: &[&Module]) -> (Router<App>, Vec<Route>) {
    let all = modules.iter().fold(house::routes(), |all, it| all.merge((it.routes)()));
    let Routes { router, list } = all;
    (router, list)
}

/// The service that answers every request.
pub fn router(app: App) -> Router {
    let (router, _) = routes(app.modules);
    router
        .fallback(|| async { Error::NotFound })
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .layer(from_fn_with_state(app.clone(), idempotency::once))
        .layer(from_fn_with_state(app.clone(), csrf))
        .layer(from_fn_with_state(app.clone(), explain))
        .layer(from_fn_with_state(app.clone(), visit))
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), observe))
        .layer(axum::extract::DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(app)
}

/// Listens until told to stop, then lets running requests end.
///
/// # Errors
/// In words: the address that could not be listened on.
pub async fn serve(app: App, listener: tokio::net::TcpListener) -> Result<(), String> {
    let background = background::start(&app);
    let served = axum::serve(listener, router(app)).with_graceful_shutdown(stopped()).await;
    drop(background);
    served.map_err(|e| e.to_string())
}

async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
        }
        Err(e) => {
            tracing::warn!("SIGTERM cannot be heard: {e}");
            let _ = interrupted.await;
        }
    }
    tracing::info!("stopping");
}

/// A number for this request, its log line without personal data, its metrics, and the headers every answer has.
async fn observe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let reference = RequestId(format!("{:x}", Id::new(app.clock.now()).0));
    let started = tokio::time::Instant::now();
    let method = request.method().clone();
    request.extensions_mut().insert(reference.clone());
    let mut response = next.run(request).await;
    let route = response.extensions().get::<RouteName>().map_or("other".to_string(), |it| it.0.clone());
    let (status, took) = (response.status().as_u16(), started.elapsed());
    app.metrics.request(method.as_str(), &route, status, took);
    tracing::info!(id = reference.0, method = method.as_str(), route, status, ms = took.as_millis() as u64, "request");
    let headers = response.headers_mut();
    let secure: [(&'static str, &'static str); 6] = [
        (
            "content-security-policy",
            "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; \
             frame-ancestors 'none'; form-action 'self'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(self), geolocation=(self), microphone=()"),
    ];
    for (name, value) in secure {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.config.secure_cookies() {
        headers.insert("strict-transport-security", HeaderValue::from_static("max-age=31536000"));
    }
    if let Ok(value) = HeaderValue::from_str(&reference.0) {
        headers.insert("x-request-id", value);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[derive(Clone)]
struct RequestId(String);

/// The pattern of the route that answered, for metrics and logs.
#[derive(Clone)]
struct RouteName(String);

/// Finds out who comes, in which language, before any route is chosen.
async fn visit(State(app): State<App>, request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let lang = cookies(request.headers())
        .iter()
        .find(|it| it.0 == "lang")
        .and_then(|it| Lang::parse(&it.1))
        .or_else(|| accepted_language(request.headers()))
        .unwrap_or_default();
    match recognised(&app, request, next).await {
        Ok(it) => it,
        // The session could not be read: whoever asks is told so, and is not taken for a stranger.
        Err(e) => explained(&app, &asked, None, lang, &e),
    }
}

async fn recognised(app: &App, mut request: Request, next: Next) -> Result<Response> {
    let now = app.clock.now();
    let cookies = cookies(request.headers());
    let query = pairs(request.uri().query().unwrap_or_default());
    let param = |name: &str| query.iter().find(|it| it.0 == name).map(|it| it.1.clone());
    let cookie = |name: &str| cookies.iter().find(|it| it.0 == name).map(|it| it.1.clone());
    let path = request.uri().path();
    let needs_no_one = path.starts_with("/assets/") || matches!(path, "/healthz" | "/readyz" | "/metrics");
    let bearer = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|it| it.to_str().ok())
        .and_then(|it| it.strip_prefix("Bearer "))
        .map(str::to_string);
    let token = cookie(COOKIE).filter(|_| bearer.is_none() && !needs_no_one);
    let (mut session, mut who) = (None, None);
    let tree = app.places.tree();
    if let Some(bearer) = bearer {
        who = app.db.read(move |tx| crate::who::token::find(tx, &bearer, &tree, now)).await?;
    } else if let Some(token) = token.clone() {
        let limits = app.config.limits();
        session = app.db.read(move |tx| session::find(tx, &token, &tree, limits, now)).await?;
        who = session.as_ref().filter(|it| it.stage == Stage::Full).map(|it| it.who.clone());
    }
    if let (Some(token), true) = (token.clone(), session.as_ref().is_some_and(|it| it.stale)) {
        app.db.write(move |tx| session::touch(tx, &token, now)).await?;
    }
    let asked = param("lang").as_deref().and_then(Lang::parse);
    let lang = asked
        .or_else(|| cookie("lang").as_deref().and_then(Lang::parse))
        .or(session.as_ref().and_then(|it| it.lang))
        .or_else(|| accepted_language(request.headers()))
        .unwrap_or_default();
    let size = param("size");
    let large = size.clone().or_else(|| cookie("size")).as_deref() == Some("large");
    if let (Some(lang), Some(who)) = (asked, &who) {
        let account = who.account;
        app.db.write(move |tx| session::set_lang(tx, account, lang)).await?;
    }
    let visitor = Visitor {
        lang,
        large,
        now,
        who: who.map(Arc::new),
        session,
        token,
        flash: cookie(page::FLASH_COOKIE).and_then(|it| pairs(&format!("f={it}")).pop()).map(|it| it.1.into()),
    };
    let detour = detour(app, &visitor, &request);
    request.extensions_mut().insert(visitor);
    let mut response = match detour {
        Some(to) => page::redirect(to, None, app.config.secure_cookies()),
        None => next.run(request).await,
    };
    let secure = if app.config.secure_cookies() { "; Secure" } else { "" };
    for (name, value) in [("lang", asked.map(|it| it.code().to_string())), ("size", size)] {
        if let Some(value) = value.filter(|it| it.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')) {
            let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax{secure}");
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
        }
    }
    Ok(response)
}

/// Where somebody must go first: the second factor, or a new password.
fn detour(app: &App, visitor: &Visitor, request: &Request) -> Option<&'static str> {
    let session = visitor.session.as_ref()?;
    let path = request.uri().path();
    let free = path.starts_with("/assets/") || matches!(path, "/login" | "/login/code" | "/logout" | "/healthz");
    if session.stage == Stage::Code {
        return (!free).then_some("/login/code");
    }
    let free = free || path == "/account" || path.starts_with("/account/");
    if session.must_change_password {
        return (!free).then_some("/account?must=password");
    }
    let lacks_factor = app.config.needs_second_factor(session.who.role) && !session.has_second_factor;
    (lacks_factor && !free).then_some("/account?must=second-factor")
}

/// Turns an error into a page, a problem document or a short text, in the reader's language.
async fn explain(State(app): State<App>, request: Request, next: Next) -> Response {
    let visitor = request.extensions().get::<Visitor>().cloned();
    let asked = Asked::of(&request);
    let route = RouteName(request.extensions().get::<MatchedPath>().map_or("other".into(), |it| it.as_str().into()));
    let mut response = next.run(request).await;
    let error = response.extensions_mut().remove::<Arc<Error>>().or_else(|| {
        let plain = !response.headers().contains_key(header::CONTENT_TYPE) || is_plain_text(&response);
        match response.status() {
            StatusCode::METHOD_NOT_ALLOWED if plain => Some(Arc::new(Error::Method)),
            StatusCode::NOT_FOUND if plain => Some(Arc::new(Error::NotFound)),
            StatusCode::UNPROCESSABLE_ENTITY
            | StatusCode::BAD_REQUEST
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
                if plain =>
            {
                Some(Arc::new(Error::invalid("body", "请求无法读取,请检查后重试")))
            }
            _ => None,
        }
    });
    if let Some(error) = error {
        let allow = response.headers_mut().remove(header::ALLOW);
        let lang = visitor.as_ref().map_or(Lang::default(), |it| it.lang);
        response = explained(&app, &asked, visitor.as_ref(), lang, &error);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    response.extensions_mut().insert(route);
    response
}

/// What is known of a request when its answer turns out to be an error.
struct Asked {
    reference: String,
    path: String,
    is_read: bool,
    wanted: String,
}

impl Asked {
    fn of(request: &Request) -> Asked {
        let path = request.uri().path().to_string();
        Asked {
            reference: request.extensions().get::<RequestId>().map(|it| it.0.clone()).unwrap_or_default(),
            is_read: request.method() == Method::GET,
            wanted: request.uri().path_and_query().map_or(path.clone(), |it| it.as_str().to_string()),
            path,
        }
    }
}

fn explained(app: &App, asked: &Asked, visitor: Option<&Visitor>, lang: Lang, error: &Error) -> Response {
    if let Error::Internal(cause) = error {
        tracing::error!(id = asked.reference, "{}", cause.what);
    }
    let is_program = asked.path.starts_with("/api/") || asked.path.starts_with("/fhir/");
    let mut response = if is_program {
        api::problem(error, lang, &asked.reference)
    } else if matches!(error, Error::SignedOut) && asked.is_read {
        page::redirect(&format!("/login?next={}", encoded(&asked.wanted)), None, app.config.secure_cookies())
    } else {
        house::error_page(app, visitor, lang, error, &asked.reference)
    };
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    }
    response
}

fn is_plain_text(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|it| it.as_bytes().starts_with(b"text/plain"))
}

impl IntoResponse for Error {
    /// Only carries the error out; `explain` gives it words.
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.summary(Lang::Zh).0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// A form sent with a cookie must carry the token of its session, and come from our own pages.
async fn csrf(State(_): State<App>, request: Request, next: Next) -> Result<Response> {
    let visitor = request.extensions().get::<Visitor>().ok_or_else(|| Error::internal("no visitor"))?;
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads {
        return Ok(next.run(request).await);
    }
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    let foreign_site = text("sec-fetch-site").is_some_and(|it| !matches!(it, "same-origin" | "none"));
    let foreign_origin = text("origin")
        .is_some_and(|it| it == "null" || it.split_once("://").is_none_or(|(_, host)| Some(host) != text("host")));
    let Some(session) = &visitor.session else {
        // Without a session there is nothing to ride on, except signing somebody in as another person.
        return if foreign_site || foreign_origin { Err(Error::Forbidden) } else { Ok(next.run(request).await) };
    };
    if foreign_site || foreign_origin {
        return Err(Error::Forbidden);
    }
    let wanted = session.who.csrf.clone();
    if text("x-csrf-token") == Some(&*wanted) {
        return Ok(next.run(request).await);
    }
    let is_multipart = text("content-type").is_some_and(|it| it.starts_with("multipart/form-data"));
    if is_multipart {
        // A file is not held in memory to look for the token: the form's address carries it.
        let query = pairs(request.uri().query().unwrap_or_default());
        let sent = query.iter().find(|it| it.0 == "csrf").map(|it| it.1.clone());
        return if sent.as_deref() == Some(&*wanted) { Ok(next.run(request).await) } else { Err(Error::Forbidden) };
    }
    let (parts, body) = request.into_parts();
    let bytes: Bytes =
        to_bytes(body, BODY_LIMIT).await.map_err(|_| Error::invalid("body", "请求正文过大或中断,请重试"))?;
    let sent = std::str::from_utf8(&bytes).map(pairs).unwrap_or_default();
    if !sent.iter().any(|(name, value)| name == "csrf" && *value == wanted) {
        return Err(Error::refused("form_expired", "页面已过期,请刷新后再提交"));
    }
    Ok(next.run(Request::from_parts(parts, Body::from(bytes))).await)
}

fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response {
    let what = cause
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| cause.downcast_ref::<&str>().map(|it| (*it).to_string()))
        .unwrap_or_default();
    tracing::error!("a handler panicked: {what}");
    (StatusCode::INTERNAL_SERVER_ERROR, Html("<h1>系统出错,已记录 / Something went wrong on our side</h1>"))
        .into_response()
}

fn cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|it| it.to_str().ok())
        .flat_map(|it| it.split(';'))
        .filter_map(|it| it.trim().split_once('='))
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect()
}

/// English for those whose browser asks for it and not for Chinese.
fn accepted_language(headers: &HeaderMap) -> Option<Lang> {
    let wish = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    (wish.starts_with("en") && !wish.contains("zh")).then_some(Lang::En)
}

/// The cookie that carries a session's token; it ends with the browser, the server's limits hold besides.
pub fn session_cookie(app: &App, token: &str) -> String {
    let secure = if app.config.secure_cookies() { "; Secure" } else { "" };
    format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{secure}")
}
