//! Taking an elder in: what is checked, what is sealed, what is counted. Forms, the API, ledgers and the generator all
//! come through here.

use kit::{Ask, Error, Id, Refusal, Result, Said, Tx, clock::stamp, db::Put};
use rules::base::{Date, IdNumber, Phone, Sex, normalise_id_number};

use super::{
    age, counts, duplicates,
    elder::{self, Birth, Elder, Key},
    groups::{self, Entry},
    life, marks,
    timeline::{self, Report, Tone},
};

/// What is known of an elder before the registry has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub name: String,
    pub sex: String,
    pub birth: Birth,
    pub document: Document,
    pub phone: Option<Phone>,
    pub address: String,
    /// Village, street or grid code of where they live.
    pub place: String,
    pub registered_place: Option<String>,
    pub organisation: Option<Id>,
    pub living: String,
    pub insurance: String,
    pub remark: String,
    /// (kind, word as written in the source).
    pub groups: Vec<(String, String)>,
    /// Where this comes from: `form`, `ledger FILE`, `api`.
    pub source: String,
}

/// The identity document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// A word of `words::ID_KINDS`.
    pub kind: &'static str,
    pub number: Option<String>,
}

pub const NUMBER_COLUMN: &str = "elder.id_number";
pub const PHONE_COLUMN: &str = "elder.phone";
pub const ADDRESS_COLUMN: &str = "elder.address";

impl Document {
    /// Checks a number by the rules of its kind.
    pub fn parse(kind: &str, number: &str) -> Result<Document> {
        let number = normalise_id_number(number);
        let field = "id_number";
        let (kind, number) = match kind {
            "resident" | "hmt_permit" => {
                let number: IdNumber =
                    number.parse().map_err(|e: rules::base::BadIdNumber| Error::invalid(field, e.text()))?;
                let area = &number.area()[..2];
                let is_permit = matches!(area, "81" | "82" | "83");
                // Residence permits of Hong Kong, Macao and Taiwan have the same form under 81, 82 and 83.
                (if is_permit { "hmt_permit" } else { "resident" }, Some(number.to_string()))
            }
            "passport" | "foreign_permit" | "travel_permit" | "other" => {
                let fits = (5..=20).contains(&number.len()) && number.bytes().all(|it| it.is_ascii_alphanumeric());
                if !fits {
                    let said = Said::new("证件号码“{value}”应为 5–20 个字母或数字").with("value", number);
                    return Err(Error::invalid(field, said));
                }
                (super::words::word(super::words::ID_KINDS, kind), Some(number))
            }
            _ if number.is_empty() => ("none", None),
            _ => return Err(Error::invalid("id_kind", "填了号码,请选择证件类型")),
        };
        Ok(Document { kind, number })
    }

    /// Birth date and sex as the number says, where it says so.
    pub fn says(&self) -> Option<(Date, Sex)> {
        let number: IdNumber = self
            .number
            .as_deref()
            .filter(|_| matches!(self.kind, "resident" | "hmt_permit" | "foreign_permit"))?
            .parse()
            .ok()?;
        Some((number.birth_date(), number.sex()))
    }
}

/// What became of a draft.
#[derive(Debug, Clone, PartialEq)]
pub enum Taken {
    New(Key),
    /// The registry had this ID number already, in this county.
    Known(Key),
}

/// Puts a new elder into the registry.
///
/// # Errors
/// `Invalid` where the place is not in the reader's scope; `Refused` with a link where somebody has the ID number already.
pub fn create(tx: &Tx<'_>, ask: &Ask, draft: &Draft) -> Result<Elder> {
    match take(tx, ask, draft)? {
        Taken::New(key) => {
            life::changed(tx, &key, "record", ask.now)?;
            elder::find(tx, &ask.who.scope, &key)
        }
        Taken::Known(key) => Err(known(ask, tx, &key)?),
    }
}

/// Why a number that somebody has cannot be taken, with the way to them where the reader may see them.
pub(super) fn known(ask: &Ask, tx: &Tx<'_>, key: &Key) -> Result<Error> {
    let (link, state) = match elder::find(tx, &ask.who.scope, key) {
        Ok(elder) => (Some(format!("/elders/{key}")), elder.state),
        Err(Error::NotFound) => (None, String::new()),
        Err(other) => return Err(other),
    };
    Ok(Error::Refused(Refusal {
        code: "id_number_taken",
        why: Said::new(match (&link, &*state) {
            (Some(_), "died") => "这个证件号码的老人已登记去世;如属误登,请在其档案中撤销死亡登记",
            (Some(_), "moved") => "这个证件号码的老人已登记迁出;如已迁回,请在其档案中办理迁回",
            (Some(_), _) => "这个证件号码已在册",
            (None, _) => "这个证件号码已在其他地区在册;确已迁来的,请原县区办理迁出",
        }),
        source: None,
        link,
    }))
}

/// A record that may be written: its place is the writer's, what is personal is sealed.
pub(super) struct Drawn {
    pub elder: Elder,
    initials: String,
    number_blind: Option<Vec<u8>>,
    phone_blind: Option<Vec<u8>>,
}

/// Draws a record up from what is known, as it begins.
///
/// # Errors
/// `Invalid` where the place is not in the reader's scope.
pub(super) fn draw_up(ask: &Ask, draft: &Draft) -> Result<Drawn> {
    let tree = ask.app.places.tree();
    let outside =
        || Error::invalid("place", Said::new("居住地“{value}”不在您的管理范围内").with("value", &draft.place));
    if !ask.who.scope.covers(&tree, &draft.place) {
        return Err(outside());
    }
    let region = tree.county_of(&draft.place).ok_or_else(outside)?.code.clone();
    let street = tree.street_code(&draft.place, &region);
    let crypt = &ask.app.crypt;
    let (number, phone) = (draft.document.number.as_deref(), draft.phone.as_ref().map(|it| it.as_str()));
    let elder = Elder {
        key: Key { region, id: ask.new_id() },
        street,
        place: draft.place.clone(),
        organisation: draft.organisation,
        name: draft.name.clone(),
        sex: draft.sex.clone(),
        birth: draft.birth,
        id_kind: draft.document.kind.to_string(),
        id_number: number.map(|it| crypt.seal(NUMBER_COLUMN, it)),
        phone: phone.map(|it| crypt.seal(PHONE_COLUMN, it)),
        address: (!draft.address.is_empty()).then(|| crypt.seal(ADDRESS_COLUMN, &draft.address)),
        registered_place: draft.registered_place.clone(),
        living: draft.living.clone(),
        insurance: draft.insurance.clone(),
        state: "living".to_string(),
        state_day: None,
        merged_into: None,
        moved_to: None,
        remark: draft.remark.clone(),
        source: draft.source.clone(),
        created: stamp(ask.now),
    };
    Ok(Drawn {
        elder,
        initials: kit::initials(&draft.name),
        number_blind: number.map(|it| crypt.blind(NUMBER_COLUMN, it)),
        phone_blind: phone.map(|it| crypt.blind(PHONE_COLUMN, it)),
    })
}

const INTO_INDEX: &str =
    "insert into person_index (blind, region, elder) values ($1, $2, $3) on conflict (blind) do nothing";

impl Drawn {
    /// Writes the record, with what its end closed and when it was changed.
    pub fn put(&self, to: &impl Put, ended: Option<&str>, changed: &str) -> Result<()> {
        let it = &self.elder;
        to.put(
            "insert into elder (region, id, street, place, organisation, name, initials, sex, birth, birth_precision, id_kind,
                                id_number, phone, phone_blind, address, registered_place, living, insurance, state, state_day,
                                ended, remark, source, created, changed)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                     $24, $25)",
            &[
                &it.key.region,
                &it.key.id,
                &it.street,
                &it.place,
                &it.organisation,
                &it.name,
                &self.initials,
                &it.sex,
                &it.birth.day.to_string(),
                &(if it.birth.exact { "day" } else { "year" }),
                &it.id_kind,
                &it.id_number,
                &it.phone,
                &self.phone_blind,
                &it.address,
                &it.registered_place,
                &it.living,
                &it.insurance,
                &it.state,
                &it.state_day,
                &ended,
                &it.remark,
                &it.source,
                &it.created,
                &changed,
            ],
        )
    }

    /// Lets the ID number lead to the record.
    pub fn put_index(&self, to: &impl Put) -> Result<()> {
        let Some(blind) = &self.number_blind else { return Ok(()) };
        to.put(INTO_INDEX, &[blind, &self.elder.key.region, &self.elder.key.id])
    }

    pub fn phone_blind(&self) -> Option<&[u8]> {
        self.phone_blind.as_deref()
    }
}

/// The groups somebody enters with the record, but for the one that follows from age.
pub(super) fn groups_of<'a>(ask: &Ask, region: &str, draft: &'a Draft) -> Vec<Entry<'a>> {
    let by_age = age::decides(ask, region, draft.birth);
    let entry = |kind, word| Entry { kind, day: ask.today(), source: &draft.source, word };
    let said = draft.groups.iter().filter(|it| it.0 != age::GROUP || !by_age);
    let mut all: Vec<Entry<'a>> = said.map(|(kind, word)| entry(&**kind, &**word)).collect();
    if draft.living == "alone" && draft.groups.iter().all(|it| it.0 != "alone") {
        all.push(entry("alone", ""));
    }
    all
}

/// What the record says of its beginning.
pub(super) fn begun() -> Report {
    Report::new("elders", "建立档案").tone(Tone::Ok)
}

/// Puts a new elder into the registry, or gives the one who has the ID number already.
pub fn take(tx: &Tx<'_>, ask: &Ask, draft: &Draft) -> Result<Taken> {
    let drawn = draw_up(ask, draft)?;
    let Elder { key, street, .. } = &drawn.elder;
    if let Some(blind) = &drawn.number_blind {
        let inserted = tx.run(INTO_INDEX, &[blind, &key.region, &key.id])?;
        if inserted == 0 {
            return tx.one("select region, elder from person_index where blind = $1", &[blind], |row| {
                Ok(Taken::Known(Key { region: row.get(0)?, id: row.get(1)? }))
            });
        }
    }
    drawn.put(tx, None, &drawn.elder.created)?;
    counts::living(tx, &key.region, street, &draft.sex, draft.birth.day, 1)?;
    for entry in groups_of(ask, &key.region, draft) {
        groups::put(tx, key, street, &entry)?;
    }
    age::settle(tx, ask, key, street, draft.birth, ask.today())?;
    marks::settled(tx, &ask.app, key, &draft.place, ask.today())?;
    marks::housed(tx, &ask.app, key, draft.organisation, ask.today())?;
    marks::keep(tx, &ask.app, key)?;
    duplicates::look(tx, ask, key, draft)?;
    timeline::report(tx, ask.now, key, &begun())?;
    Ok(Taken::New(drawn.elder.key))
}

/// The record a resident's ID number leads to, in whatever county.
pub fn with_number(tx: &Tx<'_>, ask: &Ask, number: &str) -> Result<Option<Key>> {
    tx.row(
        "select region, elder from person_index where blind = $1",
        &[&ask.app.crypt.blind(NUMBER_COLUMN, number)],
        |row| Ok(Key { region: row.get(0)?, id: row.get(1)? }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_checked_by_its_kind() {
        assert_eq!(
            Document::parse("resident", "11010519491231002x").unwrap().number.as_deref(),
            Some("11010519491231002X")
        );
        assert!(Document::parse("resident", "110105194912310021").is_err());
        assert_eq!(Document::parse("passport", "E 1234 5678").unwrap().number.as_deref(), Some("E12345678"));
        assert_eq!(Document::parse("none", "").unwrap().kind, "none");
        assert!(Document::parse("none", "123").is_err());
    }
}
