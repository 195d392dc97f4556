//! The one error a handler returns, in four kinds a person can act on and one that is ours.

use std::fmt;

use crate::{
    lang::{Lang, Said},
    trouble::Trouble,
};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug)]
pub enum Error {
    /// Nobody is signed in: pages lead to the sign-in, the API answers 401.
    SignedOut,
    /// Not there, or not in the scope of who asks: the answer is the same, so that nothing leaks.
    NotFound,
    Forbidden,
    /// The input was filled in wrongly: which field, and what to do about it.
    Invalid(Vec<FieldError>),
    /// The rules say no: why, and the document it rests on.
    Refused(Refusal),
    /// The address is there, but not for this method.
    Method,
    /// Too many attempts; seconds until the next one is heard.
    TooMany(u64),
    /// Ours. Logged once with its cause; the person sees a number to quote.
    Internal(Cause),
}

/// One wrong field. `code` is stable for programs, `said` is for people.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldError {
    pub field: String,
    pub said: Said,
}

/// A "no" with its reason and, where a document decides, that document.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub code: &'static str,
    pub why: Said,
    pub source: Option<String>,
    /// Where to go on, such as the page of the person who already has this ID number.
    pub link: Option<String>,
}

/// What went wrong on our side, with enough to find it.
#[derive(Debug, Clone)]
pub struct Cause {
    pub what: String,
    /// The database refused because a row with this key, or of the same days, is there already.
    pub duplicate: bool,
    /// The machine's failure, where it is one that people can do something about.
    pub trouble: Option<Trouble>,
}

impl Error {
    pub fn invalid(field: &str, said: impl Into<Said>) -> Error {
        Error::Invalid(vec![FieldError { field: field.to_string(), said: said.into() }])
    }

    pub fn refused(code: &'static str, why: impl Into<Said>) -> Error {
        Error::Refused(Refusal { code, why: why.into(), source: None, link: None })
    }

    pub fn internal(what: impl fmt::Display) -> Error {
        Error::Internal(Cause { what: what.to_string(), duplicate: false, trouble: None })
    }

    /// Something beside the program fails: the database, the disk, the store of files.
    pub fn trouble(trouble: Trouble, what: impl fmt::Display) -> Error {
        Error::Internal(Cause { what: what.to_string(), duplicate: false, trouble: Some(trouble) })
    }

    /// What beside the program failed, if something did.
    pub fn failing(&self) -> Option<Trouble> {
        match self {
            Error::Internal(it) => it.trouble,
            _ => None,
        }
    }

    /// Whether the database refused the write because such a row is there already.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Error::Internal(it) if it.duplicate)
    }

    /// The HTTP status, the stable code and the sentence for a person.
    pub fn summary(&self, lang: Lang) -> (u16, &'static str, String) {
        match self {
            Error::SignedOut => (401, "signed_out", lang.t("请先登录").into()),
            Error::NotFound => (404, "not_found", lang.t("没有找到,或不在您的管理范围内").into()),
            Error::Forbidden => (403, "forbidden", lang.t("您的角色没有这项权限").into()),
            Error::Invalid(fields) => {
                let all: Vec<String> = fields.iter().map(|it| it.said.in_lang(lang)).collect();
                (422, "invalid", all.join(lang.t(";")))
            }
            Error::Refused(it) => (409, it.code, it.why.in_lang(lang)),
            Error::Method => (405, "method_not_allowed", lang.t("这个地址不接受这种请求").into()),
            Error::TooMany(seconds) => {
                (429, "too_many", lang.f("尝试次数过多,请在 {seconds} 秒后再试", &[("seconds", seconds)]))
            }
            Error::Internal(Cause { trouble: Some(it), .. }) => (503, it.code(), lang.t(it.sentence()).into()),
            Error::Internal(_) => (500, "internal", lang.t("系统出错,已记录").into()),
        }
    }
}

/// What several checks of one input found wrong, so that all of it is told at once: each field with the first that was found.
#[derive(Debug, Default)]
pub struct Wrong(Vec<FieldError>);

impl Wrong {
    /// What a check gave; nothing where it found fields filled in wrongly, which are kept.
    ///
    /// # Errors
    /// Every other error of the check.
    pub fn keep<T>(&mut self, checked: Result<T>) -> Result<Option<T>> {
        match checked {
            Ok(it) => Ok(Some(it)),
            Err(Error::Invalid(fields)) => {
                let known = |it: &FieldError| self.0.iter().any(|one| one.field == it.field);
                let new: Vec<FieldError> = fields.into_iter().filter(|it| !known(it)).collect();
                self.0.extend(new);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// The error that tells it all.
    pub fn told(self) -> Error {
        Error::Invalid(self.0)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Internal(Cause { what, trouble: Some(it), .. }) => write!(f, "{}\n{what}", it.advice()),
            Error::Internal(cause) => f.write_str(&cause.what),
            other => f.write_str(&other.summary(Lang::from_env()).2),
        }
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(it: rusqlite::Error) -> Error {
        let duplicate = matches!(
            it.sqlite_error().map(|e| e.extended_code),
            Some(
                rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
                    | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                    | rusqlite::ffi::SQLITE_CONSTRAINT_TRIGGER
            )
        );
        let trouble = Trouble::of_sqlite(&it);
        Error::Internal(Cause { what: format!("SQLite: {it}"), duplicate, trouble })
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(it: tokio_postgres::Error) -> Error {
        use tokio_postgres::error::SqlState;
        let duplicate =
            it.code().is_some_and(|it| [SqlState::UNIQUE_VIOLATION, SqlState::EXCLUSION_VIOLATION].contains(it));
        let detail = it.as_db_error().map(|db| db.message().to_string()).unwrap_or_default();
        let trouble = Trouble::of_postgres(&it);
        Error::Internal(Cause { what: format!("PostgreSQL: {it} {detail}"), duplicate, trouble })
    }
}

impl From<std::io::Error> for Error {
    fn from(it: std::io::Error) -> Error {
        match Trouble::of_disk(&it) {
            Some(trouble) => Error::trouble(trouble, it),
            None => Error::internal(it),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(it: serde_json::Error) -> Error {
        Error::internal(it)
    }
}

impl From<crate::sheet::SheetError> for Error {
    /// A spreadsheet that cannot be read is the user's to mend; the error says how, in both languages.
    fn from(it: crate::sheet::SheetError) -> Error {
        Error::invalid("file", Said::new("{why}").with("why", it))
    }
}
