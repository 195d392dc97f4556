//! The API's own description, made from the routes and the forms they take, and its error documents.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use crate::{Error, Lang, form, module::Route};

/// What the API's description says of one address.
#[derive(Debug, Clone, Copy)]
pub struct ApiDoc {
    pub summary: &'static str,
    /// Query parameters: (name, description).
    pub query: &'static [(&'static str, &'static str)],
    /// Fields of the JSON body.
    pub body: &'static [form::Field],
    /// The JSON Schema of the answer.
    pub answer: fn() -> Value,
    /// Statuses besides 200: (status, what it means).
    pub also: &'static [(u16, &'static str)],
}

/// An address that is only read and answers an object.
pub const READ: ApiDoc = ApiDoc { summary: "", query: &[], body: &[], answer: object, also: &[] };

pub fn object() -> Value {
    json!({"type": "object"})
}

/// The answer of every list.
pub fn list_answer() -> Value {
    json!({"type": "object", "required": ["items", "total"], "properties": {
        "items": {"type": "array", "items": {"type": "object"}},
        "total": {"type": "integer", "description": "how many there are; counted to 10,000, in several counties to 1,000, where the number is not kept"},
        "more": {"type": "boolean", "description": "whether there are more than `total`"},
        "next": {"type": ["string", "null"], "description": "value of `after` for the next page"}
    }})
}

/// The OpenAPI 3.1 document of all routes below `/api/v1`.
pub fn description(routes: &[Route]) -> Value {
    let mut paths = Map::new();
    for route in routes {
        let Some(doc) = &route.api else { continue };
        let parameters: Vec<Value> = route
            .path
            .split('/')
            .filter_map(|it| it.strip_prefix('{')?.strip_suffix('}'))
            .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
            .chain(doc.query.iter().map(|(name, about)| {
                json!({"name": name, "in": "query", "required": false, "description": about, "schema": {"type": "string"}})
            }))
            .collect();
        let mut responses = Map::new();
        responses.insert(
            "200".into(),
            json!({"description": "OK", "content": {"application/json": {"schema": (doc.answer)()}}}),
        );
        for (status, about) in [
            (400, "The request could not be read"),
            (401, "No valid token"),
            (403, "The token lacks the permission"),
            (404, "Not there, or outside your scope"),
            (409, "A rule says no"),
            (413, "The body is too large"),
            (415, "The body is of another media type"),
            (422, "A field is wrong"),
            (429, "Too many attempts"),
        ]
        .iter()
        .chain(doc.also)
        {
            responses.insert(
                status.to_string(),
                json!({"description": about, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}),
            );
        }
        let mut operation = json!({
            "operationId": format!("{}{}", route.method.as_str().to_lowercase(), route.path.trim_start_matches("/api/v1").replace(['/', '{', '}', '.', '-'], "_")),
            "summary": doc.summary, "parameters": parameters, "responses": responses,
            "security": [{"token": []}],
        });
        if !doc.body.is_empty() {
            operation["requestBody"] =
                json!({"required": true, "content": {"application/json": {"schema": form::schema(doc.body)}}});
        }
        let item = paths.entry(route.path.clone()).or_insert_with(|| json!({}));
        item[route.method.as_str().to_lowercase()] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "yiyang (医养)", "version": env!("CARGO_PKG_VERSION"),
                 "description": "What a page does, the API does, by the same functions. Writes accept Idempotency-Key, remembered for a week: what is sent again under the same key is answered again, not done again."},
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": {"type": "object", "required": ["type", "title", "status", "code"], "properties": {
                "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
                "code": {"type": "string"}, "detail": {"type": "string"}, "source": {"type": "string"},
                "errors": {"type": "array", "items": {"type": "object", "properties": {
                    "field": {"type": "string"}, "message": {"type": "string"}}}}}}}
        }
    })
}

/// An RFC 9457 problem document.
pub fn problem(error: &Error, lang: Lang, reference: &str) -> Response {
    let (status, code, title) = error.summary(lang);
    let mut body = json!({"type": format!("about:blank#{code}"), "title": title, "status": status, "code": code});
    match error {
        Error::Invalid(fields) => {
            let errors: Vec<Value> =
                fields.iter().map(|it| json!({"field": it.field, "message": it.said.in_lang(lang)})).collect();
            body["errors"] = json!(errors);
        }
        Error::Refused(refusal) => {
            if let Some(source) = &refusal.source {
                body["source"] = json!(source);
            }
        }
        Error::Internal(_) => body["detail"] = json!(reference),
        _ => {}
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}
