//! Cases of alarms (报警事件) as they are kept: one open case of a subject and kind, whatever often it is raised.

use jiff::{SignedDuration, Timestamp};
use kit::{
    Ask, Error, Id, Result, Scope, Tx,
    clock::{day_of, stamp},
    db::Row,
    place::ScopeColumns,
};
use rules::{
    alarm::{self, Course, Kind},
    base::Date,
};

use crate::elders::{self, Key};

/// One case.
#[derive(Debug, Clone)]
pub struct Case {
    pub key: Key,
    pub street: String,
    pub place: String,
    pub organisation: Option<Id>,
    pub subject: String,
    pub elder: Option<Id>,
    pub about: String,
    pub kind: Kind,
    pub urgent: bool,
    /// A word of `words::STATES`.
    pub state: String,
    pub at: String,
    pub raised: String,
    /// From when the seconds of the response count: when it was raised, or became urgent.
    pub since: String,
    pub raises: i64,
    pub last_raised: String,
    pub eased: Option<String>,
    pub source: String,
    pub device: Option<Id>,
    pub device_label: String,
    /// Millionths of a degree.
    pub position: Option<(i64, i64)>,
    pub next_at: Option<String>,
    pub steps: i64,
    pub told_leave: bool,
    pub told_arrive: bool,
    pub allowed: Option<i64>,
    pub acknowledged: Option<String>,
    pub acknowledged_by: String,
    pub departed: Option<String>,
    pub departed_by: String,
    pub staff: Option<Id>,
    pub visit: Option<Id>,
    pub arrived: Option<String>,
    pub arrived_by: String,
    pub proven: bool,
    pub closed: Option<String>,
    pub closed_by: String,
    pub verdict: String,
    pub found: String,
    pub follow_up: String,
    pub follow_day: Option<Date>,
    pub followed: Option<String>,
    pub informed: Option<String>,
    pub version: Id,
}

/// How a scope limits cases `c`: a centre sees those it answers.
pub const SCOPE: ScopeColumns = ScopeColumns {
    region: "c.region",
    street: Some("c.street"),
    place: "c.place",
    organisation: Some("c.organisation"),
    person: Some("c.elder"),
};

pub const COLUMNS: &str = "region, id, street, place, organisation, subject, elder, about, kind, urgent, state, at, raised, raises, \
    last_raised, eased, source, device, device_label, latitude, longitude, next_at, steps, told_leave, told_arrive, allowed, \
    acknowledged, acknowledged_by, departed, departed_by, staff, visit, arrived, arrived_by, proven, closed, closed_by, verdict, \
    found, follow_up, follow_day, followed, informed, version, since";

pub fn read(row: &Row<'_>) -> Result<Case> {
    let kind: String = row.get(8)?;
    let position: (Option<i64>, Option<i64>) = (row.get(19)?, row.get(20)?);
    Ok(Case {
        key: Key { region: row.get(0)?, id: row.get(1)? },
        street: row.get(2)?,
        place: row.get(3)?,
        organisation: row.get(4)?,
        subject: row.get(5)?,
        elder: row.get(6)?,
        about: row.get(7)?,
        kind: Kind::parse(&kind).ok_or_else(|| Error::internal(format!("alarm_case.kind = {kind}")))?,
        urgent: row.get(9)?,
        state: row.get(10)?,
        at: row.get(11)?,
        raised: row.get(12)?,
        raises: row.get(13)?,
        last_raised: row.get(14)?,
        eased: row.get(15)?,
        source: row.get(16)?,
        device: row.get(17)?,
        device_label: row.get(18)?,
        position: position.0.zip(position.1),
        next_at: row.get(21)?,
        steps: row.get(22)?,
        told_leave: row.get(23)?,
        told_arrive: row.get(24)?,
        allowed: row.get(25)?,
        acknowledged: row.get(26)?,
        acknowledged_by: row.get(27)?,
        departed: row.get(28)?,
        departed_by: row.get(29)?,
        staff: row.get(30)?,
        visit: row.get(31)?,
        arrived: row.get(32)?,
        arrived_by: row.get(33)?,
        proven: row.get(34)?,
        closed: row.get(35)?,
        closed_by: row.get(36)?,
        verdict: row.get(37)?,
        found: row.get(38)?,
        follow_up: row.get(39)?,
        follow_day: row.get(40)?,
        followed: row.get(41)?,
        informed: row.get(42)?,
        version: row.get(43)?,
        since: row.get(44)?,
    })
}

impl Case {
    /// A case as it begins at an instant: of nobody and nothing yet, and nobody took it.
    pub fn begun(now: Timestamp, region: &str, kind: Kind, urgent: bool) -> Case {
        Case {
            key: Key { region: region.to_string(), id: Id::new(now) },
            street: String::new(),
            place: String::new(),
            organisation: None,
            subject: String::new(),
            elder: None,
            about: String::new(),
            kind,
            urgent,
            state: "raised".into(),
            at: stamp(now),
            raised: stamp(now),
            since: stamp(now),
            raises: 1,
            last_raised: stamp(now),
            eased: None,
            source: "device".into(),
            device: None,
            device_label: String::new(),
            position: None,
            next_at: None,
            steps: 0,
            told_leave: false,
            told_arrive: false,
            allowed: None,
            acknowledged: None,
            acknowledged_by: String::new(),
            departed: None,
            departed_by: String::new(),
            staff: None,
            visit: None,
            arrived: None,
            arrived_by: String::new(),
            proven: false,
            closed: None,
            closed_by: String::new(),
            verdict: String::new(),
            found: String::new(),
            follow_up: String::new(),
            follow_day: None,
            followed: None,
            informed: None,
            version: Id::new(now),
        }
    }

    pub fn link(&self) -> String {
        format!("/monitoring/{}", self.key)
    }

    pub fn elder_key(&self) -> Option<Key> {
        self.elder.map(|id| Key { region: self.key.region.clone(), id })
    }

    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// The day on which its clock began: what was laid down then holds for it.
    pub fn day(&self) -> Result<Date> {
        self.clock_from().map(day_of)
    }

    fn clock_from(&self) -> Result<Timestamp> {
        self.since.parse().map_err(Error::internal)
    }

    /// The instant at which so many seconds of the response are over, as it is stored.
    pub fn after(&self, seconds: i64) -> Result<String> {
        let at = self.clock_from()?.checked_add(SignedDuration::from_secs(seconds)).map_err(Error::internal)?;
        Ok(stamp(at))
    }

    /// How far it has come at an instant.
    pub fn course(&self, now: Timestamp) -> Result<Course> {
        let from = self.clock_from()?;
        let since = |stored: &Option<String>| -> Result<Option<i64>> {
            let Some(stored) = stored else { return Ok(None) };
            let at: Timestamp = stored.parse().map_err(Error::internal)?;
            Ok(Some(at.duration_since(from).as_secs()))
        };
        Ok(Course {
            now: now.duration_since(from).as_secs(),
            taken: usize::try_from(self.steps).unwrap_or(0),
            acknowledged: since(&self.acknowledged)?,
            left: since(&self.departed)?,
            arrived: since(&self.arrived)?,
            is_closed: self.closed.is_some(),
            told_leave: self.told_leave,
            told_arrive: self.told_arrive,
        })
    }

    pub fn note(&self, tx: &Tx<'_>, ask: &Ask, action: &'static str, detail: &str) -> Result<()> {
        let entry = kit::audit::Entry {
            action,
            subject: "alarm_case",
            subject_id: Some(self.key.id),
            region: &self.key.region,
            place: &self.place,
            detail,
        };
        ask.note(tx, &entry)
    }

    /// Whether who asks may see it: who works in the centre, or in the institution that keeps the elder, and everybody of the place.
    pub fn is_held_by(&self, scope: &Scope) -> bool {
        scope.holds(&self.key.region, &self.place, self.organisation, self.elder)
    }
}

/// The case, if the scope holds it.
///
/// # Errors
/// `NotFound` where it is not there, or not theirs.
pub fn find(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Case> {
    let it = by_key(tx, key)?;
    if it.is_held_by(scope) { Ok(it) } else { Err(Error::NotFound) }
}

/// As [`find`], and keeps others from changing it until this transaction ends.
pub fn find_held(tx: &Tx<'_>, scope: &Scope, key: &Key) -> Result<Case> {
    hold(tx, key)?;
    find(tx, scope, key)
}

pub fn hold(tx: &Tx<'_>, key: &Key) -> Result<()> {
    tx.hold("alarm_case", &key.region, key.id)
}

pub fn by_key(tx: &Tx<'_>, key: &Key) -> Result<Case> {
    tx.one(&format!("select {COLUMNS} from alarm_case where region = $1 and id = $2"), &[&key.region, &key.id], read)
}

/// The open case of a subject and kind.
pub fn open_of(tx: &Tx<'_>, region: &str, subject: &str, kind: Kind) -> Result<Option<Case>> {
    let sql =
        format!("select {COLUMNS} from alarm_case where region = $1 and subject = $2 and kind = $3 and closed is null");
    tx.row(&sql, &[&region, &subject, &kind.word()], read)
}

/// The case for which a visit is made.
pub fn of_visit(tx: &Tx<'_>, region: &str, visit: Id) -> Result<Option<Case>> {
    let sql = format!("select {COLUMNS} from alarm_case where region = $1 and visit = $2 order by id desc limit 1");
    tx.row(&sql, &[&region, &visit], read)
}

/// The newest cases of an elder and of those merged into theirs.
pub fn of_elder(tx: &Tx<'_>, elder: &Key, most: usize) -> Result<Vec<Case>> {
    let records = elders::Records::of(tx, elder)?;
    let sql = format!(
        "select {COLUMNS} from alarm_case where region = $1 and elder in ({}) order by raised desc, id desc limit {most}",
        records.after(1)
    );
    tx.rows(&sql, &records.bind(&[&elder.region]), read)
}

/// Writes a new case; gives whether there was none of its subject and kind open.
pub fn insert(tx: &Tx<'_>, it: &Case) -> Result<bool> {
    let written = tx.run(
        "insert into alarm_case (region, id, street, place, organisation, subject, elder, about, kind, urgent, state, at, raised,
                                 raises, last_raised, eased, source, device, device_label, latitude, longitude, next_at, steps,
                                 told_leave, told_arrive, allowed, acknowledged, acknowledged_by, departed, departed_by, staff,
                                 visit, arrived, arrived_by, proven, closed, closed_by, verdict, found, follow_up, follow_day,
                                 followed, informed, version, since)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
                 $25, $26, null, '', null, '', null, null, null, '', $27, null, '', '', '', '', null, null, null, $28, $29)
         on conflict do nothing",
        &[
            &it.key.region,
            &it.key.id,
            &it.street,
            &it.place,
            &it.organisation,
            &it.subject,
            &it.elder,
            &it.about,
            &it.kind.word(),
            &it.urgent,
            &it.state,
            &it.at,
            &it.raised,
            &it.raises,
            &it.last_raised,
            &it.eased,
            &it.source,
            &it.device,
            &it.device_label,
            &it.position.map(|it| it.0),
            &it.position.map(|it| it.1),
            &it.next_at,
            &it.steps,
            &it.told_leave,
            &it.told_arrive,
            &it.allowed,
            &it.proven,
            &it.version,
            &it.since,
        ],
    )?;
    Ok(written == 1)
}

/// Writes what may change of a case, under a version that is new.
pub fn store(tx: &Tx<'_>, now: Timestamp, it: &mut Case) -> Result<()> {
    it.version = Id::new(now);
    let times = alarm::times(&it.course(now)?, it.allowed);
    tx.run(
        "update alarm_case set organisation = $3, urgent = $4, state = $5, raises = $6, last_raised = $7, eased = $8, next_at = $9,
                steps = $10, told_leave = $11, told_arrive = $12, acknowledged = $13, acknowledged_by = $14, departed = $15,
                departed_by = $16, staff = $17, visit = $18, arrived = $19, arrived_by = $20, proven = $21, closed = $22,
                closed_by = $23, verdict = $24, found = $25, follow_up = $26, follow_day = $27, followed = $28, informed = $29,
                latitude = $30, longitude = $31, version = $32, since = $33,
                take_seconds = $34, leave_seconds = $35, arrive_seconds = $36
          where region = $1 and id = $2",
        &[
            &it.key.region,
            &it.key.id,
            &it.organisation,
            &it.urgent,
            &it.state,
            &it.raises,
            &it.last_raised,
            &it.eased,
            &it.next_at,
            &it.steps,
            &it.told_leave,
            &it.told_arrive,
            &it.acknowledged,
            &it.acknowledged_by,
            &it.departed,
            &it.departed_by,
            &it.staff,
            &it.visit,
            &it.arrived,
            &it.arrived_by,
            &it.proven,
            &it.closed,
            &it.closed_by,
            &it.verdict,
            &it.found,
            &it.follow_up,
            &it.follow_day.map(|it| it.to_string()),
            &it.followed,
            &it.informed,
            &it.position.map(|it| it.0),
            &it.position.map(|it| it.1),
            &it.version,
            &it.since,
            &times.acknowledge,
            &times.leave,
            &times.arrive,
        ],
    )?;
    Ok(())
}
