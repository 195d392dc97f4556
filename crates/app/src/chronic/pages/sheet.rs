//! A page that is one form about one elder: shown, sent, shown again with what is wrong.

use kit::{
    Ask, Error, Result, Tx,
    error::FieldError,
    form::{self as kit_form, Field, Input, Options, csrf},
    page::{Head, Page},
};
use maud::html;

use crate::{
    chronic::care,
    elders::{self, Elder, Key},
};

pub struct Sheet {
    /// The last word of its address.
    pub word: &'static str,
    pub title: &'static str,
    pub fields: &'static [Field],
    pub button: &'static str,
    /// What is said when it is kept.
    pub said: &'static str,
}

impl Sheet {
    pub async fn show(&self, ask: &Ask, key: &str, input: &Input, errors: &[FieldError]) -> Result<Page> {
        let key: Key = key.parse()?;
        let here = care::link(&key);
        let (action, draft) = (format!("{here}/{}", self.word), format!("chronic-{}-{key}", self.word));
        let elder = ask.read(move |tx, ask| elders::find_living(tx, &ask.who.scope, &key)).await?;
        let content = html! {
            section.card { div.card-body {
                form.form.grid method="post" action=(action) data-draft=(draft) data-guard {
                    (csrf(ask))
                    (kit_form::fields(ask, self.fields, input, &Options::new(), errors))
                    div.form-foot {
                        button.btn.btn-primary { (ask.t(self.button)) }
                        a.btn.btn-ghost href=(here) { (ask.t("取消")) }
                    }
                }
            } }
        };
        let title = ask.t(self.title);
        let head = Head::new(title)
            .line(format!("{} · {}", elder.name, elders::about(ask, &elder)))
            .crumbs(super::way(ask, &elder, title));
        Ok(ask.page_with(super::status(!errors.is_empty())?, head, content))
    }

    pub async fn save<T: Send + 'static>(
        &self,
        ask: &Ask,
        key: &str,
        input: Input,
        work: impl FnOnce(&Tx<'_>, &Ask, &Elder, &Input) -> Result<T> + Send + 'static,
    ) -> Result<Page> {
        let sent = input.clone();
        match elders::deed(ask, key, move |tx, ask, elder| work(tx, ask, elder, &input)).await {
            Ok(_) => Ok(ask.go(&care::link(&key.parse()?), ask.t(self.said))),
            Err(Error::Invalid(errors)) => self.show(ask, key, &sent, &errors).await,
            Err(other) => Err(other),
        }
    }
}
