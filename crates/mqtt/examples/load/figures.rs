//! What is told at the end.

use std::fmt;
use std::time::{Duration, Instant};

/// Steps of times to an acknowledgement: 32 to each doubling, so a figure is right to two in a hundred.
const FINE: f64 = 32.0;

/// What one device has seen.
#[derive(Default)]
pub struct Seen {
    pub sent: u64,
    pub acknowledged: u64,
    pub unacknowledged: u64,
    pub reconnected: u64,
    pub first: Option<Instant>,
    pub last: Option<Instant>,
    /// How many acknowledgements took how many steps.
    pub took: Vec<u32>,
    pub slowest: Duration,
    pub trouble: Option<String>,
}

impl Seen {
    pub fn took(&mut self, time: Duration, now: Instant) {
        let step = ((time.as_micros().max(1) as f64).log2() * FINE) as usize;
        if self.took.len() <= step {
            self.took.resize(step + 1, 0);
        }
        self.took[step] += 1;
        self.slowest = self.slowest.max(time);
        self.acknowledged += 1;
        self.first.get_or_insert(now);
        self.last = Some(now);
    }
}

/// What all have seen.
#[derive(Default)]
pub struct Figures(Seen);

impl Figures {
    pub fn add(&mut self, seen: &Seen) {
        let all = &mut self.0;
        all.sent += seen.sent;
        all.acknowledged += seen.acknowledged;
        all.unacknowledged += seen.unacknowledged;
        all.reconnected += seen.reconnected;
        all.first = all.first.into_iter().chain(seen.first).min();
        all.last = all.last.max(seen.last);
        all.slowest = all.slowest.max(seen.slowest);
        all.took.resize(all.took.len().max(seen.took.len()), 0);
        for (sum, count) in all.took.iter_mut().zip(&seen.took) {
            *sum += count;
        }
        if all.trouble.is_none() {
            all.trouble.clone_from(&seen.trouble);
        }
    }

    /// The time within which this part of the acknowledgements came, in milliseconds.
    fn within(&self, part: f64) -> f64 {
        let wanted = (self.0.acknowledged as f64 * part).ceil() as u64;
        let mut so_far = 0;
        for (step, count) in self.0.took.iter().enumerate() {
            so_far += u64::from(*count);
            if wanted <= so_far {
                return ((step + 1) as f64 / FINE).exp2() / 1_000.0;
            }
        }
        0.0
    }

    pub fn told(&self) -> String {
        let seen = &self.0;
        let span = seen.last.zip(seen.first).map_or(0.0, |(last, first)| (last - first).as_secs_f64());
        let rate = if 0.0 < span { seen.acknowledged as f64 / span } else { 0.0 };
        let trouble = seen.trouble.as_ref().map(|it| format!("\nfirst trouble: {it}")).unwrap_or_default();
        format!(
            "acknowledged {} of {} in {span:.1} s: {rate:.0} a second; {} not acknowledged; connected again {} times\n\
             to the acknowledgement: p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms{trouble}",
            seen.acknowledged,
            seen.sent,
            seen.unacknowledged,
            seen.reconnected,
            self.within(0.5),
            self.within(0.99),
            seen.slowest.as_secs_f64() * 1_000.0,
        )
    }
}

/// What a process has used, as Linux tells it.
pub struct Process {
    cpu: f64,
    memory: u64,
    at: Instant,
}

/// Clock ticks a second in /proc: 100 on every Linux there is.
const TICKS: f64 = 100.0;

impl Process {
    pub fn now(pid: u32) -> Result<Self, String> {
        let read = |name: &str| {
            std::fs::read_to_string(format!("/proc/{pid}/{name}")).map_err(|error| format!("process {pid}: {error}"))
        };
        let stat = read("stat")?;
        // The name of the program, in brackets, may hold spaces.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |place: usize| fields.get(place).and_then(|it| it.parse::<f64>().ok()).ok_or("no processor time");
        let status = read("status")?;
        let memory = status.lines().find_map(|it| it.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok());
        let cpu = (ticks(11)? + ticks(12)?) / TICKS;
        Ok(Self { cpu, memory: memory.ok_or("no memory")?, at: Instant::now() })
    }

    pub fn since(&self, before: &Self) -> Used {
        let span = (self.at - before.at).as_secs_f64();
        Used { cpu: self.cpu - before.cpu, span, before: before.memory, after: self.memory }
    }
}

pub struct Used {
    cpu: f64,
    span: f64,
    before: u64,
    after: u64,
}

impl fmt::Display for Used {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, after) = (self.before as f64 / 1_024.0, self.after as f64 / 1_024.0);
        write!(
            f,
            "{:.1} CPU-s in {:.1} s, resident {before:.1} MB at the start and {after:.1} MB at the end",
            self.cpu, self.span
        )
    }
}
