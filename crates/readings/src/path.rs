//! Where a thing stands in a message: `bloodPressure.bp_sys`, `blood.0`, `{device}` for a part of the topic.

use crate::{json::Json, name, number::Number};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Path {
    steps: Vec<Step>,
    /// The name of a part of the topic, in place of steps.
    part: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Name { hash: u64, text: String },
    Index(usize),
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Found<'a> {
    Json(&'a Json),
    /// A part of a text or of the topic.
    Piece(&'a str),
}

/// A row of a message: the object itself, last, after those it stands in.
#[derive(Debug, Clone)]
pub(crate) struct Row<'a> {
    pub(crate) scopes: Vec<&'a Json>,
}

/// The parts of a topic that a pattern names.
pub(crate) type Parts<'a> = Vec<(&'a str, &'a str)>;

impl Path {
    /// `.` is the message itself. Nothing where the writing is none.
    pub(crate) fn parse(written: &str) -> Option<Path> {
        if written == "." {
            return Some(Path { steps: Vec::new(), part: None });
        }
        if let Some(part) = written.strip_prefix('{') {
            let part = part.strip_suffix('}').filter(|it| !it.is_empty())?;
            return Some(Path { steps: Vec::new(), part: Some(part.to_owned()) });
        }
        let step = |it: &str| match it.parse() {
            _ if it.trim() != it || it.is_empty() => None,
            Ok(index) => Some(Step::Index(index)),
            Err(_) => Some(Step::Name { hash: name::hash(it), text: it.to_owned() }),
        };
        let steps = written.split('.').map(step).collect::<Option<Vec<_>>>()?;
        Some(Path { steps, part: None })
    }

    /// What stands there, seen from `from`; nothing where it is absent, null or an empty text.
    pub(crate) fn find<'a>(&self, from: &'a Json, parts: &Parts<'a>) -> Option<Found<'a>> {
        if let Some(part) = &self.part {
            return parts.iter().find(|it| it.0 == part).map(|it| Found::Piece(it.1));
        }
        let mut here = from;
        for (index, step) in self.steps.iter().enumerate() {
            here = match (step, here) {
                (Step::Name { hash, text }, Json::Map(_)) => here.get(*hash, text)?,
                (Step::Index(index), Json::List(list)) => list.get(*index)?,
                // `120/80` in one text is two values.
                (Step::Index(which), Json::Text(text)) if index + 1 == self.steps.len() => {
                    let piece = text.split(['/', ',', '|']).nth(*which)?.trim();
                    return (text.contains(['/', ',', '|']) && !piece.is_empty()).then_some(Found::Piece(piece));
                }
                _ => return None,
            };
        }
        match here {
            Json::Null => None,
            Json::Text(text) if text.trim().is_empty() => None,
            _ => Some(Found::Json(here)),
        }
    }

    /// The objects that stand there: every element where there is a list on the way or at the end.
    pub(crate) fn rows<'a>(&self, root: &'a Json) -> Vec<Row<'a>> {
        let mut rows = spread(Row { scopes: Vec::new() }, root);
        for step in &self.steps {
            rows = rows
                .into_iter()
                .flat_map(|row| {
                    let next = row.scopes.last().and_then(|here| match step {
                        Step::Name { hash, text } => here.get(*hash, text),
                        Step::Index(_) => None,
                    });
                    next.map(|it| spread(row, it)).unwrap_or_default()
                })
                .collect();
        }
        rows
    }
}

fn spread<'a>(row: Row<'a>, here: &'a Json) -> Vec<Row<'a>> {
    match here {
        Json::Map(_) => {
            let mut row = row;
            row.scopes.push(here);
            vec![row]
        }
        Json::List(list) => list.iter().flat_map(|it| spread(row.clone(), it)).collect(),
        _ => Vec::new(),
    }
}

impl<'a> Row<'a> {
    pub(crate) fn own(&self) -> &'a Json {
        self.scopes.last().expect("a row has an object")
    }

    /// The first of some paths, in the row itself before what is around it.
    pub(crate) fn look(&self, paths: &[Path], parts: &Parts<'a>) -> Option<Found<'a>> {
        self.scopes.iter().rev().find_map(|scope| paths.iter().find_map(|it| it.find(scope, parts)))
    }
}

impl<'a> Found<'a> {
    pub(crate) fn number(self) -> Option<(Number, &'a str)> {
        match self {
            Found::Json(Json::Number(it)) => Some((*it, "")),
            Found::Json(Json::Text(it)) => Number::parse(it.trim()),
            Found::Json(Json::Bool(it)) => Some((Number::whole(i64::from(*it)), "")),
            Found::Piece(it) => Number::parse(it.trim()),
            Found::Json(_) => None,
        }
    }

    /// Texts, and whole numbers as text.
    pub(crate) fn text(self) -> Option<String> {
        match self {
            Found::Json(Json::Number(it)) => it.as_whole().map(|it| it.to_string()),
            Found::Json(Json::Text(it)) => Some(it.trim().to_owned()),
            Found::Json(Json::Bool(it)) => Some(it.to_string()),
            Found::Piece(it) => Some(it.to_owned()),
            Found::Json(_) => None,
        }
    }

    /// Whether it is what an adapter writes: the text whatever its case, or the number.
    pub(crate) fn is(self, written: &str) -> bool {
        match self {
            Found::Json(Json::Text(it)) => name::same(it.trim(), written),
            Found::Piece(it) => name::same(it, written),
            other => other.text().is_some_and(|it| name::same(&it, written)),
        }
    }

    pub(crate) fn has(self, part: &str) -> bool {
        self.text().is_some_and(|it| name::within(&it, part))
    }

    /// Whether it says yes: not 0, no, off, normal or none.
    pub(crate) fn yes(self) -> bool {
        const NO: [&str; 11] = ["0", "false", "no", "off", "normal", "none", "ok", "clear", "正常", "否", "无"];
        match self.text() {
            Some(it) => !NO.iter().any(|no| name::same(&it, no)),
            None => true,
        }
    }
}

/// Whether a topic's end is as a pattern says, and the parts that it names: `info/{tenant}/alarm`, `iMEDE_watch/+`. What stands before
/// is a bridge's or a broker's.
pub(crate) fn topic<'a>(pattern: &'a str, topic: &'a str) -> Option<Parts<'a>> {
    let mut parts = Vec::new();
    let mut levels = topic.rsplit('/');
    for wanted in pattern.rsplit('/') {
        let level = levels.next()?;
        match wanted.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
            // A level that is itself a placeholder comes from somebody's documentation and names nothing.
            Some(_) if level.starts_with('{') => (),
            Some(part) => parts.push((part, level)),
            None if wanted == "+" || wanted == level => (),
            None => return None,
        }
    }
    Some(parts)
}
