//! Places of practice: one main post at a time, and any number of other institutions beside it, each with its days.

use kit::{Ask, Error, Id, Result, Said, Tx, clock::stamp};
use rules::base::Date;

use super::{
    marks, organisation,
    staff::{self, Staff},
    words,
};
use crate::elders::Key;

/// Which line of posts a step belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Main,
    At(Id),
}

impl Line {
    fn word(self) -> String {
        match self {
            Line::Main => "main".to_string(),
            Line::At(id) => id.to_string(),
        }
    }
}

/// A step that is to be set: `kind` `None` ends the line on that day.
#[derive(Debug, Clone)]
pub struct New<'a> {
    pub line: Line,
    pub from: Date,
    pub kind: Option<&'a str>,
    pub organisation: Option<Id>,
    /// The institution outside the county somebody comes from.
    pub outside: &'a str,
}

/// A stretch in which somebody practises somewhere.
#[derive(Debug, Clone)]
pub struct Post {
    pub main: bool,
    pub kind: String,
    pub organisation: Option<Id>,
    pub outside: String,
    /// What the institution is called now.
    pub name: String,
    pub from: Date,
    /// The first day on which it no longer holds.
    pub until: Option<Date>,
}

impl Post {
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|it| day < it)
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Step {
    line: String,
    from: Date,
    kind: Option<String>,
    organisation: Option<Id>,
    outside: Option<String>,
}

fn steps(tx: &Tx<'_>, key: &Key) -> Result<Vec<Step>> {
    tx.rows(
        "select line, from_day, kind, organisation, outside from staff_post
          where region = $1 and staff = $2 order by line desc, from_day",
        &[&key.region, &key.id],
        |row| {
            Ok(Step {
                line: row.get(0)?,
                from: row.get(1)?,
                kind: row.get(2)?,
                organisation: row.get(3)?,
                outside: row.get(4)?,
            })
        },
    )
}

/// Every stretch, the main posts first.
pub fn posts_of(tx: &Tx<'_>, key: &Key) -> Result<Vec<Post>> {
    let steps = steps(tx, key)?;
    let mut all = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let Some(kind) = &step.kind else { continue };
        let name = match step.organisation {
            Some(id) => organisation::name(tx, id)?,
            None => String::new(),
        };
        all.push(Post {
            main: step.line == Line::Main.word(),
            kind: kind.clone(),
            organisation: step.organisation,
            outside: step.outside.clone().unwrap_or_default(),
            name,
            from: step.from,
            until: steps.get(at + 1).filter(|it| it.line == step.line).map(|it| it.from),
        });
    }
    Ok(all)
}

/// Sets where somebody practises from a day on, until the next step of the same line.
///
/// # Errors
/// `Invalid` for a post beside the main one at the same institution, for one that begins before there is a main post, and
/// for the end of a line that is not open on that day.
pub fn set(tx: &Tx<'_>, ask: &Ask, staff: &Staff, new: &New<'_>) -> Result<()> {
    let key = &staff.key;
    let all = posts_of(tx, key)?;
    let on = |main: bool, day: Date| all.iter().filter(move |it| it.main == main && it.holds(day));
    match (new.line, new.kind) {
        (Line::At(id), Some(_)) => {
            let Some(main) = on(true, new.from).next() else {
                let said = Said::new("{day} 还没有主要执业机构,先登记主要执业机构").with("day", new.from);
                return Err(Error::invalid("from", said));
            };
            if main.organisation == Some(id) {
                return Err(Error::invalid("organisation", "这家机构已是主要执业机构"));
            }
        }
        (Line::At(id), None) if !on(false, new.from).any(|it| it.organisation == Some(id)) => {
            return Err(Error::invalid("from", Said::new("{day} 没有在这家机构执业").with("day", new.from)));
        }
        (Line::Main, None) if on(true, new.from).next().is_none() => {
            return Err(Error::invalid("from", Said::new("{day} 没有主要执业机构").with("day", new.from)));
        }
        (Line::Main, Some(_)) => {
            let twice = on(false, new.from).any(|it| it.organisation == new.organisation);
            if twice && let Some(id) = new.organisation {
                // What was beside becomes the main post.
                write(
                    tx,
                    key,
                    &New { line: Line::At(id), kind: None, organisation: None, outside: "", ..new.clone() },
                )?;
            }
        }
        _ => {}
    }
    write(tx, key, new)?;
    if new.line == Line::Main && new.kind.is_none() {
        // Who leaves, leaves every institution.
        for it in on(false, new.from) {
            if let Some(id) = it.organisation {
                write(
                    tx,
                    key,
                    &New { line: Line::At(id), kind: None, organisation: None, outside: "", ..new.clone() },
                )?;
            }
        }
    }
    today(tx, ask, key, ask.today())?;
    marks::keep_staff(tx, &ask.app, key)?;
    super::member::leave_all(tx, ask, staff, new)?;
    staff::told(tx, ask, "change", staff, &said(tx, ask, new)?)
}

fn write(tx: &Tx<'_>, key: &Key, new: &New<'_>) -> Result<()> {
    tx.run(
        "insert into staff_post (region, staff, line, from_day, kind, organisation, outside)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (region, staff, line, from_day)
         do update set kind = excluded.kind, organisation = excluded.organisation, outside = excluded.outside",
        &[
            &key.region,
            &key.id,
            &new.line.word(),
            &new.from.to_string(),
            &new.kind,
            &new.organisation.filter(|_| new.kind.is_some()),
            &(!new.outside.is_empty()).then_some(new.outside),
        ],
    )?;
    Ok(())
}

fn said(tx: &Tx<'_>, ask: &Ask, new: &New<'_>) -> Result<String> {
    let name = match (new.line, new.organisation) {
        (Line::At(id), _) | (Line::Main, Some(id)) => organisation::name(tx, id)?,
        _ => String::new(),
    };
    let day = new.from;
    Ok(match (new.kind, new.line) {
        (Some(kind), _) => ask
            .f("{day} 起在{name}:{kind}", &[("day", &day), ("name", &name), ("kind", &ask.t(words::post_title(kind)))]),
        (None, Line::At(_)) => ask.f("{day} 起不再在{name}执业", &[("day", &day), ("name", &name)]),
        (None, Line::Main) => ask.f("{day} 离职", &[("day", &day)]),
    })
}

/// Brings the main post of today into the record, by which lists and scopes find somebody.
pub fn today(tx: &Tx<'_>, ask: &Ask, key: &Key, day: Date) -> Result<()> {
    let main = posts_of(tx, key)?.into_iter().find(|it| it.main && it.holds(day));
    let ahead = tx.count(
        "select count(*) from staff_post where region = $1 and staff = $2 and line = 'main' and from_day > $3 and kind is not null",
        &[&key.region, &key.id, &day.to_string()],
    )?;
    let state = if main.is_some() || 0 < ahead { "active" } else { "left" };
    let organisation = match main.and_then(|it| it.organisation) {
        Some(id) => organisation::by_id(tx, id)?,
        None => None,
    };
    match organisation {
        Some(it) => {
            let tree = ask.app.places.tree();
            let street = tree.street_code(&it.place, &key.region);
            tx.run(
                "update staff set organisation = $3, street = $4, place = $5, state = $6, changed = $7
                  where region = $1 and id = $2",
                &[&key.region, &key.id, &it.id, &street, &it.place, &state, &stamp(ask.now)],
            )?;
        }
        // Who left stays findable where they worked last.
        None => {
            tx.run(
                "update staff set state = $3, changed = $4 where region = $1 and id = $2",
                &[&key.region, &key.id, &state, &stamp(ask.now)],
            )?;
        }
    }
    Ok(())
}
