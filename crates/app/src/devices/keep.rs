//! What messages say is kept: readings in their series, alarms in their cases, what a device says of itself in the registry, and
//! what nobody understands as it came. One transaction a batch; whoever sent them is told when it is done.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::tz::{Offset, TimeZone};
use kit::{App, Ask, Error, Id, Result, Said, Tx, db::Stream};
use mqtt::{ByteString, Bytes};
use readings::{Measure, Position, Reading, Setting, What};

use super::{
    adapters::{self, Readers},
    alarms::{self, Raised},
    device,
    ear::Caller,
    memory::{County, Known, Memory},
    model::CHINA,
    unknown, vitals, watch, witness,
};
use crate::elders::{self, Key};

/// A message as it came in.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub from: Arc<Caller>,
    pub topic: ByteString,
    pub payload: Bytes,
    /// Milliseconds since 1970 UTC.
    pub at: i64,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Fate {
    /// So many things it says are new, and so many were known.
    Taken { new: usize, twice: usize },
    /// It is kept as it came, for somebody to look at: why. So many things in it were understood all the same.
    Aside { why: Said, new: usize },
}

/// Series that this process remembers.
#[derive(Default)]
struct Remembered(Mutex<Memory>);

/// The least change of the instant last seen that is written down, in milliseconds: the page says it to the minute.
const SEEN_EVERY: i64 = 5 * 60_000;

/// Keeps messages; what this gives is durable. A message that cannot be kept for a reason of its own does not hold up the others:
/// it is put aside as it came.
///
/// # Errors
/// `Internal` where nothing can be kept now, as without a database.
pub async fn keep(app: &App, arrived: &Arc<[Arrived]>) -> Result<Vec<Fate>> {
    let whole = attempt(app, arrived.clone()).await;
    let failed = match whole {
        Ok(fates) => return Ok(fates),
        Err(e) if e.failing().is_some() => return Err(e),
        Err(e) => e,
    };
    tracing::error!("a batch of messages could not be kept together: {failed}");
    let mut fates = Vec::with_capacity(arrived.len());
    for one in &**arrived {
        let fate = match attempt(app, Arc::from([one.clone()])).await {
            Ok(mut it) => it.pop().ok_or_else(|| Error::internal("a message without a fate"))?,
            Err(e) if e.failing().is_some() => return Err(e),
            Err(e) => {
                tracing::error!("a message could not be kept: {e}");
                let why = Said::new("处理这条消息时出错,原样保留");
                let (one, said) = (one.clone(), why.clone());
                app.db.write(move |tx| unknown::put(tx, &one, None, &said)).await?;
                Fate::Aside { why, new: 0 }
            }
        };
        fates.push(fate);
    }
    Ok(fates)
}

async fn attempt(app: &App, arrived: Arc<[Arrived]>) -> Result<Vec<Fate>> {
    let (own, for_tx) = (app.held::<Remembered>(), app.clone());
    let written = app
        .db
        .write(move |tx| {
            let mut memory = own.0.lock().unwrap_or_else(PoisonError::into_inner);
            Batch::of(tx, &for_tx, &mut memory, &arrived)?.write()
        })
        .await;
    if written.is_err() {
        app.held::<Remembered>().0.lock().unwrap_or_else(PoisonError::into_inner).forget();
    }
    written
}

/// Takes a message again that was put aside; gives its fate as if it had come now, with its instant of then.
pub fn again(tx: &Tx<'_>, app: &App, it: &Arrived) -> Result<Fate> {
    let own = app.held::<Remembered>();
    let mut memory = own.0.lock().unwrap_or_else(PoisonError::into_inner);
    // The transaction may still fail; nothing of it is remembered.
    memory.forget();
    let fate = Batch::of(tx, app, &mut memory, std::slice::from_ref(it)).and_then(|it| it.only().write());
    memory.forget();
    fate?.pop().ok_or_else(|| Error::internal("a message without a fate"))
}

/// Keeps messages in our plain format that came at some instants, in a transaction that is open: what the generator tells.
pub fn sent(tx: &Tx<'_>, app: &App, region: &str, messages: Vec<(i64, serde_json::Value)>) -> Result<()> {
    let from = Arc::new(Caller::For([region.to_string()].into()));
    let arrived: Vec<Arrived> = messages
        .into_iter()
        .map(|(at, it)| Arrived { from: from.clone(), topic: ByteString::new(), payload: it.to_string().into(), at })
        .collect();
    let held = app.held::<Remembered>();
    let mut memory = held.0.lock().unwrap_or_else(PoisonError::into_inner);
    let written = Batch::of(tx, app, &mut memory, &arrived).and_then(Batch::write);
    // The transaction may still fail; nothing of it is remembered.
    memory.forget();
    written.map(drop)
}

/// Something a message says, with whose it is.
struct Item {
    message: usize,
    device: Id,
    elder: Option<Id>,
    said: readings::Said,
}

struct Batch<'a, 'tx> {
    tx: &'a Tx<'tx>,
    app: &'a App,
    memory: &'a mut Memory,
    arrived: &'a [Arrived],
    readers: Arc<Readers>,
    fates: Vec<Fate>,
    /// The positions that messages tell.
    positions: HashMap<usize, Position>,
    /// Whether what is put aside anew is written, as it is not when it is taken again.
    puts_aside: bool,
}

impl<'a, 'tx> Batch<'a, 'tx> {
    fn of(tx: &'a Tx<'tx>, app: &'a App, memory: &'a mut Memory, arrived: &'a [Arrived]) -> Result<Batch<'a, 'tx>> {
        Ok(Batch {
            tx,
            app,
            memory,
            arrived,
            readers: adapters::current(tx, app)?,
            fates: vec![Fate::Taken { new: 0, twice: 0 }; arrived.len()],
            positions: HashMap::new(),
            puts_aside: true,
        })
    }

    fn only(mut self) -> Self {
        self.puts_aside = false;
        self
    }

    fn write(mut self) -> Result<Vec<Fate>> {
        // Counties in one order, so that servers beside each other never wait in a circle.
        let mut by_county: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for nth in 0..self.arrived.len() {
            match self.county(nth)? {
                Some(region) => by_county.entry(region).or_default().push(nth),
                None => self.aside(nth, None, Said::new("没有登记过这台设备"))?,
            }
        }
        for (region, messages) in by_county {
            self.county_of(&region, &messages)?;
        }
        Ok(self.fates)
    }

    /// The county whose device a message is of.
    fn county(&mut self, nth: usize) -> Result<Option<String>> {
        let it = &self.arrived[nth];
        match &*it.from {
            Caller::Device { key, .. } => Ok(Some(key.region.clone())),
            Caller::For(counties) if counties.len() == 1 => Ok(counties.first().cloned()),
            Caller::For(counties) => {
                let message = readings::Message { topic: &it.topic, payload: &it.payload, arrived: it.at };
                let Ok(read) = readings::read(&self.readers.all, &message, &setting(CHINA)) else {
                    return Ok(counties.first().cloned());
                };
                let named = read.said.iter().flat_map(|it| [it.device.as_deref(), it.gateway.as_deref()]).flatten();
                for name in named {
                    if let Some(region) = self.memory.region_of(self.tx, &device::serial(name), counties)? {
                        return Ok(Some(region));
                    }
                }
                Ok(None)
            }
        }
    }

    /// Keeps the messages of one county.
    fn county_of(&mut self, region: &str, messages: &[usize]) -> Result<()> {
        let ask = Ask::system(self.app, region);
        let mut items = Vec::new();
        let mut aside = Vec::new();
        let county = self.memory.county(self.tx, region)?;
        for &nth in messages {
            let it = &self.arrived[nth];
            match understood(self.tx, &ask, county, &self.readers, it, nth) {
                Ok(found) => {
                    if let Some(at) = found.position {
                        self.positions.insert(nth, at);
                    }
                    if let Some(why) = found.trouble {
                        aside.push((nth, found.device, why));
                    }
                    items.extend(found.items);
                }
                Err(Aside::Why(device, why)) => aside.push((nth, device, why)),
                Err(Aside::Error(e)) => return Err(e),
            }
        }
        let devices: BTreeSet<Id> = items.iter().map(|it| it.device).collect();
        county.read_lines(self.tx, region, &devices)?;
        let mut alarms = Vec::new();
        let mut values = Vec::new();
        let mut touched = BTreeSet::new();
        for it in items {
            let arrived = &self.arrived[it.message];
            let Fate::Taken { new, twice } = &mut self.fates[it.message] else { continue };
            match &it.said.what {
                What::Value(measure, value) => {
                    let reading = Reading { at: it.said.at, value: *value, marks: it.said.marks };
                    let line = county.line(|| ask.new_id(), it.device, it.elder, *measure);
                    if line.add(reading) {
                        *new += 1;
                        touched.insert((it.device, it.elder, measure.number()));
                        values.push(watch::Value {
                            device: it.device,
                            elder: it.elder,
                            measure: *measure,
                            reading,
                            meal: it.said.meal,
                            message: it.message,
                        });
                    } else {
                        *twice += 1;
                    }
                }
                What::Alarm(alarm) => {
                    let position = self.positions.get(&it.message).copied();
                    let raised = Raised {
                        device: it.device,
                        elder: it.elder,
                        alarm: *alarm,
                        at: it.said.at,
                        late: !it.said.urgent_now(),
                        position,
                    };
                    if alarms::is_new(self.tx, region, &it.said, it.device)? {
                        *new += 1;
                        alarms.push(raised);
                    } else {
                        *twice += 1;
                    }
                }
                What::Status(status) => {
                    *new += 1;
                    if let Some(known) = county.devices.get_mut(&it.device) {
                        known.heard(status);
                    }
                }
                What::Position(_) => *new += 1,
            }
            if let Some(known) = county.devices.get_mut(&it.device) {
                if let What::Value(measure, _) = it.said.what
                    && !matches!(measure, Measure::Battery | Measure::Signal)
                {
                    known.now.last_reading = known.now.last_reading.max(it.said.at);
                }
                known.now.seen = known.now.seen.max(arrived.at);
            }
        }
        let stream = Stream::new(self.tx);
        let mut in_days = 0;
        for (device, elder, measure) in touched {
            in_days += county.write_line(self.tx, &stream, region, (device, elder.unwrap_or(Id(0)), measure))?;
        }
        stream.end()?;
        if 0 < in_days {
            tracing::debug!(region, in_days, "readings came that stood in the rows of their days already");
        }
        county.write_devices(self.tx, region, &devices, SEEN_EVERY)?;
        for id in &devices {
            if let Some(it) = county.devices.get_mut(id).filter(|it| it.is_missed) {
                it.is_missed = false;
                watch::heard_again(self.tx, &ask, region, it)?;
            }
        }
        for it in &alarms {
            alarms::raise(self.tx, &ask, county, region, it)?;
        }
        watch::judge(self.tx, &ask, county, region, &values)?;
        vitals::hand_on(self.tx, &ask, county, region, &values)?;
        witness::tell(self.tx, &ask, county, region, &values)?;
        for (nth, device, why) in aside {
            self.aside(nth, device.map(|id| Key { region: region.to_string(), id }), why)?;
        }
        Ok(())
    }

    /// Puts a message aside as it came.
    fn aside(&mut self, nth: usize, device: Option<Key>, why: Said) -> Result<()> {
        let new = match self.fates[nth] {
            Fate::Taken { new, .. } | Fate::Aside { new, .. } => new,
        };
        if self.puts_aside {
            unknown::put(self.tx, &self.arrived[nth], device.as_ref(), &why)?;
        }
        self.fates[nth] = Fate::Aside { why, new };
        Ok(())
    }
}

/// A message that was read.
struct Found {
    items: Vec<Item>,
    position: Option<Position>,
    /// Something in it is of nobody we know.
    trouble: Option<Said>,
    device: Option<Id>,
}

enum Aside {
    Why(Option<Id>, Said),
    Error(Error),
}

impl From<Error> for Aside {
    fn from(e: Error) -> Aside {
        Aside::Error(e)
    }
}

/// How times are read that are `minutes` ahead of UTC where they say nothing.
fn setting(minutes: i32) -> Setting {
    let offset = Offset::from_seconds(minutes * 60).unwrap_or(Offset::UTC);
    Setting::of(TimeZone::fixed(offset))
}

fn understood(
    tx: &Tx<'_>,
    ask: &Ask,
    county: &County,
    readers: &Readers,
    it: &Arrived,
    nth: usize,
) -> Result<Found, Aside> {
    let caller = match &*it.from {
        Caller::Device { key, .. } => match county.devices.get(&key.id) {
            Some(known) => Some(known),
            None => return Err(Aside::Why(None, Said::new("这台设备已报废"))),
        },
        Caller::For(_) => None,
    };
    let message = readings::Message { topic: &it.topic, payload: &it.payload, arrived: it.at };
    let unread = |unknown: readings::Unknown| {
        let why = rules::base::Text::new(unknown.why.title(), unknown.why.title_en());
        Aside::Why(caller.map(|it| it.key.id), Said::Rule(why))
    };
    let by = |known: Option<&Known>| {
        let (adapter, minutes) = known.map_or(("", CHINA), |it| (&*it.adapter, it.zone_minutes));
        readings::read(readers.of_model(adapter), &message, &setting(minutes))
    };
    let mut read = by(caller).map_err(unread)?;
    if caller.is_none() {
        // Whose it is says the message itself; its model may read it otherwise.
        let named = read.said.iter().find_map(|it| county.by_serial(&device::serial(it.device.as_deref()?)));
        if let Some(known) = named.filter(|it| !it.adapter.is_empty() || it.zone_minutes != CHINA) {
            read = by(Some(known)).map_err(unread)?;
        }
    }
    let mut found = Found { items: Vec::new(), position: None, trouble: None, device: caller.map(|it| it.key.id) };
    for said in read.said {
        match whose(tx, ask, county, caller, &said)? {
            Ok((device, elder)) => {
                if let What::Position(at) = said.what {
                    found.position = Some(at);
                }
                found.device = found.device.or(Some(device));
                found.items.push(Item { message: nth, device, elder, said });
            }
            Err(why) => found.trouble = found.trouble.or(Some(why)),
        }
    }
    Ok(found)
}

/// The device that something is of, and the person; or why nobody can say.
fn whose(
    tx: &Tx<'_>,
    ask: &Ask,
    county: &County,
    caller: Option<&Known>,
    said: &readings::Said,
) -> Result<Result<(Id, Option<Id>), Said>> {
    let named = said.device.as_deref().map(device::serial);
    let through = said.gateway.as_deref().map(device::serial);
    let known = match (&named, caller) {
        (Some(number), _) => match county.by_serial(number) {
            Some(it) => it,
            // A kiosk measures with instruments of its own, which nobody registers.
            None => match through.as_deref().and_then(|it| county.by_serial(it)).filter(|it| it.is_shared()) {
                Some(kiosk) => kiosk,
                None => return Ok(Err(Said::new("没有登记过设备 {serial}").with("serial", number))),
            },
        },
        (None, Some(caller)) => caller,
        (None, None) => match through.as_deref().and_then(|it| county.by_serial(it)) {
            Some(it) => it,
            None => return Ok(Err(Said::new("消息里没有设备编号"))),
        },
    };
    if let Some(caller) = caller
        && known.key.id != caller.key.id
        && known.gateway != Some(caller.key.id)
    {
        return Ok(Err(Said::new("设备 {serial} 不归这台设备上传").with("serial", &known.serial)));
    }
    if !known.is_shared() {
        return Ok(Ok((known.key.id, known.elder)));
    }
    // Whoever stands before it says who they are; what it says of itself is nobody's.
    let Some(number) = &said.person else {
        return Ok(match said.what {
            What::Value(..) => Err(Said::new("一体机的数值没有说明是谁的")),
            _ => Ok((known.key.id, None)),
        });
    };
    let person = shown_at_kiosk(tx, ask, number)?.filter(|it| it.region == known.key.region);
    Ok(person.map(|it| (known.key.id, Some(it.id))).ok_or_else(|| Said::new("一体机上的身份证号或档案号没有建档")))
}

/// Whose card or code somebody showed: an ID number, or the number of a record as its papers print it.
fn shown_at_kiosk(tx: &Tx<'_>, ask: &Ask, shown: &str) -> Result<Option<Key>> {
    let Ok(key) = shown.trim().parse::<Key>() else {
        return elders::with_number(tx, ask, &rules::base::normalise_id_number(shown));
    };
    match elders::find_living(tx, &ask.who.scope, &key) {
        Ok(it) => Ok(Some(it.key)),
        Err(Error::NotFound | Error::Refused(_)) => Ok(None),
        Err(e) => Err(e),
    }
}

impl Known {
    pub fn is_shared(&self) -> bool {
        super::words::SHARED.contains(&&*self.kind)
    }

    fn heard(&mut self, it: &readings::Status) {
        let now = &mut self.now;
        now.battery = it.battery.map(i64::from).or(now.battery);
        now.signal = it.signal.map(i64::from).or(now.signal);
        if let Some(firmware) = &it.firmware {
            now.firmware = firmware.to_string();
        }
    }
}
