//! A message's JSON with names that can be found fast, exact numbers, and the JSON that some makers put into text opened.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::{name, number::Number};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(Name, Json)>),
}

/// A name with what finds it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Name {
    pub(crate) hash: u64,
    pub(crate) text: String,
}

/// How many layers of JSON within text are opened.
const LAYERS: u8 = 2;

impl Json {
    /// The JSON of a payload; a byte-order mark and blanks around it are no fault.
    pub(crate) fn parse(payload: &[u8]) -> Option<Json> {
        let payload = payload.strip_prefix(b"\xef\xbb\xbf").unwrap_or(payload);
        whole(payload, LAYERS)
    }

    pub(crate) fn get(&self, hash: u64, text: &str) -> Option<&Json> {
        let Json::Map(entries) = self else { return None };
        // The last one counts, as most readers of JSON have it.
        entries.iter().rev().find(|it| it.0.hash == hash && name::same(&it.0.text, text)).map(|it| &it.1)
    }
}

fn whole(bytes: &[u8], layers: u8) -> Option<Json> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let json = Seed { layers }.deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(json)
}

#[derive(Clone, Copy)]
struct Seed {
    layers: u8,
}

impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(Number::whole(value)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        match i64::try_from(value) {
            Ok(it) => Ok(Json::Number(Number::whole(it))),
            Err(_) => Ok(Json::Text(value.to_string())),
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Number::of_f64(value).map(Json::Number).ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        let looks_like_json = matches!(
            (value.as_bytes().first(), value.as_bytes().last()),
            (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']'))
        );
        if looks_like_json
            && self.layers > 0
            && let Some(it) = whole(value.as_bytes(), self.layers - 1)
        {
            return Ok(it);
        }
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(it) = access.next_element_seed(self)? {
            list.push(it);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(text) = access.next_key::<String>()? {
            let value = access.next_value_seed(self)?;
            entries.push((Name { hash: name::hash(&text), text }, value));
        }
        Ok(Json::Map(entries))
    }
}
