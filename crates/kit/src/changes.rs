//! What became of one thing, read from the audit trail: every change with who, when, and from what to what.
//!
//! The trail is the one place where changes are kept. A deed notes its differences with [`Subject::note`]; a page shows them
//! with [`table`].

use maud::{Markup, html};
use serde_json::{Map, Value, json};

use crate::{
    Ask, Id, Result, Tx, audit,
    page::{empty, time},
};

/// The thing a change is about.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The word of the thing, as in [`audit::Entry`].
    pub word: &'static str,
    pub region: &'a str,
    pub id: Id,
    pub place: &'a str,
}

/// One deed of the trail.
#[derive(Debug, Clone, PartialEq)]
pub struct Deed {
    pub at: String,
    pub who: String,
    pub action: String,
    /// What it was about, where the deed was not about the fields of the thing itself.
    pub said: String,
    pub changes: Vec<Change>,
}

/// One field: before and after, as they are stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub field: String,
    pub before: String,
    pub after: String,
}

/// Fields with their values, in the order in which they are told.
pub type Values = Vec<(&'static str, String)>;

impl Subject<'_> {
    /// Notes a deed with the fields it changed, and nothing where it changed none. New things have no `before`.
    pub fn note(
        &self,
        tx: &Tx<'_>,
        ask: &Ask,
        action: &'static str,
        said: &str,
        before: &Values,
        after: &Values,
    ) -> Result<()> {
        let old = |field: &str| before.iter().find(|it| it.0 == field).map_or("", |it| &*it.1);
        let mut changes = Map::new();
        for (field, value) in after.iter().filter(|it| it.1 != old(it.0)) {
            changes.insert((*field).to_string(), json!([old(field), value]));
        }
        for (field, value) in before.iter().filter(|it| after.iter().all(|other| other.0 != it.0)) {
            changes.insert((*field).to_string(), json!([value, ""]));
        }
        if changes.is_empty() && said.is_empty() {
            return Ok(());
        }
        let detail = json!({"said": said, "changes": changes}).to_string();
        ask.note(
            tx,
            &audit::Entry {
                action,
                subject: self.word,
                subject_id: Some(self.id),
                region: self.region,
                place: self.place,
                detail: &detail,
            },
        )
    }

    /// What became of it, newest first; looks are left out.
    pub fn deeds(&self, tx: &Tx<'_>, most: i64) -> Result<Vec<Deed>> {
        tx.rows(
            "select at, who, action, detail from audit
              where region = $1 and subject_id = $2 and subject = $3 and action <> 'look'
              order by seq desc limit $4",
            &[&self.region, &self.id, &self.word, &most],
            |row| {
                let detail: String = row.get(3)?;
                let (said, changes) = parse(&detail);
                Ok(Deed { at: row.get(0)?, who: row.get(1)?, action: row.get(2)?, said, changes })
            },
        )
    }
}

fn parse(detail: &str) -> (String, Vec<Change>) {
    let Ok(Value::Object(all)) = serde_json::from_str(detail) else { return (detail.to_string(), Vec::new()) };
    let said = all.get("said").and_then(Value::as_str).unwrap_or_default().to_string();
    let changes = all.get("changes").and_then(Value::as_object).into_iter().flatten();
    let text = |it: Option<&Value>| it.and_then(Value::as_str).unwrap_or_default().to_string();
    let changes = changes.map(|(field, pair)| Change {
        field: field.clone(),
        before: text(pair.get(0)),
        after: text(pair.get(1)),
    });
    (said, changes.collect())
}

/// The deeds as a table. `title` says a field in words and `value` a stored value of it, both in the reader's language.
pub fn table(
    ask: &Ask,
    deeds: &[Deed],
    title: impl Fn(&str) -> String,
    value: impl Fn(&str, &str) -> String,
) -> Markup {
    if deeds.is_empty() {
        return empty(ask.t("还没有变更"), ask.t("新增、修改、停用等每一次办理都会记在这里。"), html! {});
    }
    let shown = |field: &str, text: &str| if text.is_empty() { "—".to_string() } else { value(field, text) };
    html! {
        div.tablewrap { table.list {
            caption.sr { (ask.t("变更记录")) }
            thead { tr {
                th scope="col" { (ask.t("时间")) } th scope="col" { (ask.t("办理人")) }
                th scope="col" { (ask.t("办理")) } th scope="col" { (ask.t("内容")) }
            } }
            tbody { @for it in deeds { tr {
                td data-label=(ask.t("时间")) { (time(&it.at)) }
                td.nowrap data-label=(ask.t("办理人")) { (ask.t(&it.who)) }
                td data-label=(ask.t("办理")) { (ask.t(word(&it.action))) }
                td data-label=(ask.t("内容")) {
                    @if !it.said.is_empty() { p { (it.said) } }
                    @for change in &it.changes {
                        p { span.muted { (title(&change.field)) ": " }
                            @if change.before.is_empty() { (shown(&change.field, &change.after)) }
                            @else { (shown(&change.field, &change.before)) " → " (shown(&change.field, &change.after)) } }
                    }
                }
            } } }
        } }
    }
}

/// The deeds of the trail in Chinese.
fn word(action: &str) -> &str {
    match action {
        "create" => "新增",
        "change" => "修改",
        "add" => "添加",
        "remove" => "删除",
        "close" => "停用",
        "reopen" => "恢复",
        "reveal" => "查看完整号码",
        "import" => "导入",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_reads_back_and_older_words_are_kept_as_they_are() {
        let detail = json!({"said": "换证", "changes": {"name": ["甲", "乙"]}}).to_string();
        let (said, changes) = parse(&detail);
        assert_eq!(said, "换证");
        assert_eq!(changes, [Change { field: "name".into(), before: "甲".into(), after: "乙".into() }]);
        assert_eq!(parse("城关镇卫生院"), ("城关镇卫生院".to_string(), Vec::new()));
    }
}
