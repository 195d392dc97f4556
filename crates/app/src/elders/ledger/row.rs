//! One row into one elder, or into the reason why not.

use jiff::civil::Date;
use kit::sheet::{Cell, Row, fold, half_width};
use rules::base::{Phone, Sex};

use super::day::{Written, agrees_in_short, read_day};
use super::document::{Identified, read_document};
use super::group::{living_in, read_detail_column, read_group_column, read_groups, yes_or_no};
use super::name::read_name;
use super::phone::read_phones;
use super::plan::{GroupColumn, PersonColumns, Plan};
use super::sex::read_sex;
use super::{
    Birth, Death, Document, Entry, Insurance, Living, Mention, Moved, Place, Reason, Relative, RelativeKind, Source,
};

/// A reason and the column it stands in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Fault {
    pub reason: Reason,
    pub column: usize,
}

/// A row as read: the elder or the fault that refuses the row, and what else is to be said.
pub(super) struct ReadRow {
    pub entry: Result<Entry, Fault>,
    pub warnings: Vec<Fault>,
}

/// Reads a row of data.
pub(super) fn read_row(row: &Row, plan: &Plan, source: Source, on: Date) -> ReadRow {
    let mut reader = Reader { row, plan, on, warnings: Vec::new() };
    let entry = reader.entry(source);
    ReadRow { entry, warnings: reader.warnings }
}

struct Reader<'a> {
    row: &'a Row,
    plan: &'a Plan,
    on: Date,
    warnings: Vec<Fault>,
}

impl Reader<'_> {
    fn entry(&mut self, source: Source) -> Result<Entry, Fault> {
        let plan = self.plan;
        let name = read_name(self.row.cell(plan.name)).map_err(|reason| Fault { reason, column: plan.name })?;
        let id = self.identified()?;
        let birth = self.birth(&id)?;
        if name.has_private {
            self.warn(Reason::NamePrivateCharacter, plan.name);
        }
        if let (Document::None, Some(column)) = (&id.document, plan.id) {
            self.warn(Reason::IdMissing, column);
        }
        let sex = self.sex(&id);
        let (groups, living_of_groups) = self.groups();
        Ok(Entry {
            source,
            name: name.name,
            document: id.document,
            birth,
            sex,
            place: self.place(),
            phones: self.phones(&plan.phones),
            groups,
            living: self.living().or(living_of_groups),
            relatives: self.relatives(),
            insurance: plan.insurance.and_then(|column| insurance_of(&self.words(column)?)),
            death: self.death(),
            moved: self.moved(),
            remark: plan.remark.and_then(|column| self.words(column)),
        })
    }

    fn warn(&mut self, reason: Reason, column: usize) {
        self.warnings.push(Fault { reason, column });
    }

    fn cell(&self, column: Option<usize>) -> &Cell {
        column.map_or(&Cell::Empty, |column| self.row.cell(column))
    }

    /// The words of a cell in one line.
    fn words(&self, column: usize) -> Option<String> {
        let cell = self.row.cell(column);
        let text = half_width(&cell.display());
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_said = !words.is_empty() && !matches!(cell, Cell::Error(_));
        is_said.then_some(words)
    }

    fn identified(&self) -> Result<Identified, Fault> {
        let Some(column) = self.plan.id else { return Ok(Identified { document: Document::None, facts: None }) };
        let kind = self.cell(self.plan.id_kind);
        read_document(self.row.cell(column), kind, self.on).map_err(|reason| Fault { reason, column })
    }

    /// The ID number wins over the birth column. Without it the column is all there is, so it must be readable.
    fn birth(&mut self, id: &Identified) -> Result<Option<Birth>, Fault> {
        let Some(column) = self.plan.birth else { return Ok(id.facts.map(|facts| Birth::Day(facts.birth))) };
        let written = read_day(self.row.cell(column), self.on);
        if let Some(facts) = id.facts {
            match written {
                Ok(Some(written)) if !written.agrees_with(facts.birth) => self.warn(Reason::BirthDiffers, column),
                Ok(_) => {}
                Err(_) if agrees_in_short(self.row.cell(column), facts.birth) => {}
                Err(_) => self.warn(Reason::BirthUnreadable, column),
            }
            return Ok(Some(Birth::Day(facts.birth)));
        }
        match written {
            Err(_) => Err(Fault { reason: Reason::BirthUnreadable, column }),
            Ok(Some(written)) if written.is_after(self.on) => Err(Fault { reason: Reason::BirthInFuture, column }),
            Ok(Some(Written::Day(day))) => Ok(Some(Birth::Day(day))),
            Ok(Some(written)) => Ok(Some(Birth::Year(written.year()))),
            Ok(None) => Ok(None),
        }
    }

    fn sex(&mut self, id: &Identified) -> Option<Sex> {
        let of_id = id.facts.map(|facts| facts.sex);
        let Some(column) = self.plan.sex else { return of_id };
        match (read_sex(self.row.cell(column)), of_id) {
            (Ok(written), None) => written,
            (Ok(Some(written)), Some(of_id)) if written != of_id => {
                self.warn(Reason::SexDiffers, column);
                Some(of_id)
            }
            (Ok(_), of_id) => of_id,
            (Err(reason), of_id) => {
                self.warn(reason, column);
                of_id
            }
        }
    }

    fn place(&self) -> Place {
        let words = |column: Option<usize>| column.and_then(|column| self.words(column));
        let plan = self.plan;
        Place {
            county: words(plan.county),
            town: words(plan.town),
            village: words(plan.village),
            grid: words(plan.grid),
            address: words(plan.address),
            registered: words(plan.registered),
        }
    }

    fn phones(&mut self, columns: &[usize]) -> Vec<Phone> {
        let mut phones: Vec<Phone> = Vec::new();
        for &column in columns {
            let read = read_phones(self.row.cell(column));
            if read.has_unreadable {
                self.warn(Reason::PhoneUnreadable, column);
            }
            phones.extend(read.phones.into_iter().filter(|phone| !phones.contains(phone)).collect::<Vec<_>>());
        }
        phones
    }

    fn groups(&mut self) -> (Vec<Mention>, Option<Living>) {
        let mut mentions: Vec<Mention> = Vec::new();
        let mut living = None;
        for column in &self.plan.groups {
            let cell = self.row.cell(column.column());
            let read = match column {
                GroupColumn::Words(_) => read_groups(cell),
                GroupColumn::Detail { word, circle, .. } => read_detail_column(cell, word, *circle),
                GroupColumn::One { group, word, circle, .. } => {
                    let mention = read_group_column(cell, *group, word, *circle);
                    super::group::ReadGroups { mentions: mention.into_iter().collect(), ..Default::default() }
                }
            };
            if read.has_unknown {
                self.warnings.push(Fault { reason: Reason::GroupUnknown, column: column.column() });
            }
            living = living.or(read.living);
            for mention in read.mentions {
                if !mentions.iter().any(|known| known.group == mention.group) {
                    mentions.push(mention);
                }
            }
        }
        (mentions, living)
    }

    fn living(&self) -> Option<Living> {
        let said = self.plan.living.and_then(|column| self.words(column));
        let living = said.map(|words| living_in(&words).unwrap_or(Living::Other(words)));
        let is_empty_nest = self.plan.empty_nest.and_then(|column| yes_or_no(self.row.cell(column))) == Some(true);
        living.or(is_empty_nest.then_some(Living::EmptyNest))
    }

    fn relatives(&mut self) -> Vec<Relative> {
        let plan = self.plan;
        let people = [(RelativeKind::Contact, &plan.relative), (RelativeKind::Carer, &plan.carer)];
        people.into_iter().filter_map(|(kind, columns)| self.relative(kind, columns)).collect()
    }

    fn relative(&mut self, kind: RelativeKind, columns: &PersonColumns) -> Option<Relative> {
        let name = columns.name.and_then(|column| read_name(self.row.cell(column)).ok()).map(|read| read.name);
        let phones = self.phones(&columns.phones);
        let relation = columns.relation.and_then(|column| self.words(column));
        let is_somebody = name.as_deref().is_some_and(|name| !matches!(name, "无" | "没有")) || !phones.is_empty();
        is_somebody.then_some(Relative { kind, name, relation, phones })
    }

    fn death(&mut self) -> Option<Death> {
        let is_yes = |column: Option<usize>| column.and_then(|column| yes_or_no(self.row.cell(column)));
        let status = self.plan.status.and_then(|column| self.words(column)).unwrap_or_default();
        let is_said = is_yes(self.plan.dead) == Some(true)
            || is_yes(self.plan.alive) == Some(false)
            || ["死亡", "去世", "亡故", "身故", "deceased", "dead"]
                .iter()
                .any(|word| status.to_lowercase().contains(word));
        let column = self.plan.death.filter(|&column| !self.row.cell(column).is_empty());
        let Some(column) = column else { return is_said.then_some(Death { on: None }) };
        match read_day(self.row.cell(column), self.on) {
            Ok(Some(written)) if !written.is_after(self.on) => Some(Death { on: written.day() }),
            Ok(None) => is_said.then_some(Death { on: None }),
            _ => {
                self.warn(Reason::DeathUnreadable, column);
                is_said.then_some(Death { on: None })
            }
        }
    }

    fn moved(&mut self) -> Option<Moved> {
        let status = self.plan.status.and_then(|column| self.words(column)).unwrap_or_default();
        if let Some(day) = self.moving_day(self.plan.moved_out) {
            return Some(Moved::Out(day));
        }
        if let Some(day) = self.moving_day(self.plan.moved_in) {
            return Some(Moved::In(day));
        }
        match status {
            status if status.contains("迁出") || status.contains("搬离") => Some(Moved::Out(None)),
            status if status.contains("迁入") => Some(Moved::In(None)),
            _ => None,
        }
    }

    /// Nothing where the column says nothing; a day that may not be known where it says that somebody moved.
    fn moving_day(&mut self, column: Option<usize>) -> Option<Option<Date>> {
        let column = column?;
        let cell = self.row.cell(column);
        if let Some(has_moved) = yes_or_no(cell) {
            return has_moved.then_some(None);
        }
        match read_day(cell, self.on) {
            Ok(written) => written.map(Written::day),
            Err(_) => {
                self.warn(Reason::MovedUnreadable, column);
                None
            }
        }
    }
}

fn insurance_of(words: &str) -> Option<Insurance> {
    let folded = fold(words);
    let says = |any: &[&str]| any.iter().any(|word| folded.contains(word));
    Some(if folded.is_empty() {
        return None;
    } else if says(&["自费", "未参保", "无医保", "uninsured"]) || matches!(folded.as_str(), "无" | "否" | "none")
    {
        Insurance::None
    } else if says(&["居民", "新农合", "农村合作", "城居", "resident"]) {
        Insurance::Resident
    } else if says(&["职工", "城职", "employee"]) {
        Insurance::Employee
    } else if says(&["公费", "公务员", "离休"]) {
        Insurance::PublicFunded
    } else if says(&["商业", "commercial"]) {
        Insurance::Commercial
    } else {
        Insurance::Other(words.to_owned())
    })
}
