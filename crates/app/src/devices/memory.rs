//! What a server remembers of devices and series between two batches of messages. Whoever else writes to a county moves its
//! number on; then it is read again.

use std::collections::{BTreeSet, HashMap};

use kit::{
    Id, Result, Tx,
    db::{Among, Put},
};
use readings::Measure;

use super::{
    line::{self, Line},
    model::{self, CHINA},
    series::stored,
    watch::Watch,
};
use crate::elders::Key;

/// A device as far as reading its messages needs.
#[derive(Debug, Clone)]
pub struct Known {
    pub key: Key,
    pub place: String,
    pub kind: String,
    pub serial: String,
    pub gateway: Option<Id>,
    pub elder: Option<Id>,
    /// Its silence was told.
    pub is_missed: bool,
    pub adapter: String,
    /// Minutes that its own times are ahead of UTC, where they say none.
    pub zone_minutes: i32,
    pub label: String,
    /// What it says of itself; as it is now, and as its row has it.
    pub now: Condition,
    written: Condition,
}

/// What a device says of itself. Instants are milliseconds since 1970 UTC, 0 for never.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Condition {
    pub seen: i64,
    pub battery: Option<i64>,
    pub signal: Option<i64>,
    pub firmware: String,
    pub last_reading: i64,
}

impl Condition {
    /// Whether its row is to be written again: the instants only now and then.
    fn differs(&self, written: &Condition, every: i64) -> bool {
        (self.battery, self.signal, &self.firmware) != (written.battery, written.signal, &written.firmware)
            || written.seen + every <= self.seen
            || written.last_reading + every <= self.last_reading
    }
}

#[derive(Default)]
pub struct Memory {
    counties: HashMap<String, County>,
    /// In which county a maker's number is registered, for those who speak for several.
    regions: HashMap<String, String>,
}

/// So many series of a county are remembered; beyond that all are read again.
const MOST_LINES: usize = 400_000;

#[derive(Default)]
pub struct County {
    registry: i64,
    batch: i64,
    pub devices: HashMap<Id, Known>,
    serials: HashMap<String, Id>,
    /// By device, person (0 for nobody) and measure.
    lines: HashMap<(Id, Id, u8), Line>,
    /// Devices whose series were read.
    read: BTreeSet<Id>,
    /// What is watched of a person.
    pub watches: HashMap<Id, Watch>,
}

impl Memory {
    /// The county for a batch that writes: nobody else writes readings of it until the transaction ends.
    pub fn county(&mut self, tx: &Tx<'_>, region: &str) -> Result<&mut County> {
        tx.run(
            "insert into device_version (region, registry, batch) values ($1, 0, 1)
             on conflict (region) do update set batch = device_version.batch + 1",
            &[&region],
        )?;
        let (registry, batch): (i64, i64) =
            tx.one("select registry, batch from device_version where region = $1", &[&region], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let county = self.counties.entry(region.to_string()).or_default();
        if county.batch + 1 != batch || MOST_LINES < county.lines.len() {
            (county.lines, county.read, county.watches) = Default::default();
        }
        if county.registry != registry || county.devices.is_empty() {
            county.read_devices(tx, region)?;
            // Limits of persons move the registry on too.
            county.watches.clear();
        }
        (county.registry, county.batch) = (registry, batch);
        Ok(county)
    }

    /// In which of these counties a maker's number is registered.
    pub fn region_of(&mut self, tx: &Tx<'_>, serial: &str, counties: &[String]) -> Result<Option<String>> {
        if let Some(region) = self.regions.get(serial)
            && counties.contains(region)
        {
            return Ok(Some(region.clone()));
        }
        let found =
            tx.rows("select region from device where serial = $1 and state <> 'retired'", &[&serial], |row| {
                row.get::<String>(0)
            })?;
        let region = found.into_iter().find(|it| counties.contains(it));
        if let Some(region) = &region {
            if MOST_LINES < self.regions.len() {
                self.regions.clear();
            }
            self.regions.insert(serial.to_string(), region.clone());
        }
        Ok(region)
    }

    /// What was written did not become true; it is read again.
    pub fn forget(&mut self) {
        self.counties.clear();
        self.regions.clear();
    }
}

impl County {
    fn read_devices(&mut self, tx: &Tx<'_>, region: &str) -> Result<()> {
        self.devices.clear();
        self.serials.clear();
        let sql = "select d.id, d.place, d.kind, d.serial, d.gateway, d.elder, d.silent_told is not null, m.adapter, m.zone, m.maker || ' ' || m.name, d.seen,
                          d.battery, d.signal, d.firmware, d.last_reading
                     from device d join device_model m on m.region = d.region and m.id = d.model
                    where d.region = $1 and d.state <> 'retired'";
        tx.each(sql, &[&region], |row| {
            let id: Id = row.get(0)?;
            let at = |stored: Option<String>| {
                stored.and_then(|it| it.parse::<jiff::Timestamp>().ok()).map_or(0, |it| it.as_millisecond())
            };
            let now = Condition {
                seen: at(row.get(10)?),
                battery: row.get(11)?,
                signal: row.get(12)?,
                firmware: row.get(13)?,
                last_reading: at(row.get(14)?),
            };
            let it = Known {
                key: Key { region: region.to_string(), id },
                place: row.get(1)?,
                kind: row.get(2)?,
                serial: row.get(3)?,
                gateway: row.get(4)?,
                elder: row.get(5)?,
                is_missed: row.get(6)?,
                adapter: row.get(7)?,
                zone_minutes: model::zone_minutes(&row.get::<String>(8)?).unwrap_or(CHINA),
                label: row.get(9)?,
                written: now.clone(),
                now,
            };
            self.serials.insert(it.serial.clone(), id);
            self.devices.insert(id, it);
            Ok(())
        })
    }

    /// The device of a maker's number.
    pub fn by_serial(&self, serial: &str) -> Option<&Known> {
        self.devices.get(self.serials.get(serial)?)
    }

    /// Reads the series of devices that are not remembered yet.
    pub fn read_lines(&mut self, tx: &Tx<'_>, region: &str, devices: &BTreeSet<Id>) -> Result<()> {
        let missing: Vec<Id> = devices.difference(&self.read).copied().collect();
        for some in missing.chunks(500) {
            let some = Among::of(some);
            let sql = format!(
                "select {} from reading_series where region = $1 and device in ({})",
                line::COLUMNS,
                some.after(1)
            );
            tx.each(&sql, &some.bind(&[&region]), |row| {
                let it = line::read(row)?;
                self.lines.insert((it.device, it.elder.unwrap_or(Id(0)), it.measure.number()), it);
                Ok(())
            })?;
        }
        self.read.extend(missing);
        Ok(())
    }

    /// Writes a series that changed; gives how many of its readings stood in the rows of their days already.
    pub fn write_line(&mut self, tx: &Tx<'_>, to: &impl Put, region: &str, of: (Id, Id, u8)) -> Result<usize> {
        match self.lines.get_mut(&of) {
            Some(it) if it.is_changed() => it.write(tx, to, region),
            _ => Ok(0),
        }
    }

    /// Writes what some devices said of themselves.
    pub fn write_devices(&mut self, tx: &Tx<'_>, region: &str, heard: &BTreeSet<Id>, every: i64) -> Result<()> {
        for id in heard {
            let Some(it) = self.devices.get_mut(id).filter(|it| it.now.differs(&it.written, every)) else { continue };
            let last_reading = (0 < it.now.last_reading).then(|| stored(it.now.last_reading));
            tx.run(
                "update device set seen = $3, battery = $4, signal = $5, firmware = $6, last_reading = $7 where region = $1 and id = $2",
                &[&region, id, &stored(it.now.seen), &it.now.battery, &it.now.signal, &it.now.firmware, &last_reading],
            )?;
            it.written = it.now.clone();
        }
        Ok(())
    }

    /// The series of a device, person and measure, begun where there is none.
    pub fn line(&mut self, new_id: impl FnOnce() -> Id, device: Id, elder: Option<Id>, measure: Measure) -> &mut Line {
        self.lines
            .entry((device, elder.unwrap_or(Id(0)), measure.number()))
            .or_insert_with(|| Line::new(new_id(), device, elder, measure))
    }
}
