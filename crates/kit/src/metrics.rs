//! Counters for Prometheus: requests by route and status, their time, and what waits in the queues.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Upper bounds of the histogram's buckets, in seconds.
const BOUNDS: [f64; 8] = [0.001, 0.005, 0.02, 0.1, 0.3, 1.0, 3.0, 10.0];

#[derive(Debug, Default)]
pub struct Metrics {
    requests: Mutex<BTreeMap<(String, String, u16), Series>>,
}

#[derive(Debug, Default)]
struct Series {
    count: u64,
    seconds: f64,
    buckets: [u64; BOUNDS.len()],
}

impl Metrics {
    /// Notes one answered request. `route` is the pattern, never the address with its ids.
    pub fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        let mut all = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let series = all.entry((method.to_string(), route.to_string(), status)).or_default();
        series.count += 1;
        series.seconds += took.as_secs_f64();
        for (bucket, bound) in series.buckets.iter_mut().zip(BOUNDS) {
            *bucket += u64::from(took.as_secs_f64() <= bound);
        }
    }

    /// The exposition text; `gauges` are (name, help, value) read from the database at this moment.
    pub fn text(&self, gauges: &[(&str, &str, i64)]) -> String {
        let mut out = String::new();
        let all = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        out.push_str(
            "# HELP yiyang_request_seconds Time to answer a request.\n# TYPE yiyang_request_seconds histogram\n",
        );
        for ((method, route, status), series) in all.iter() {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            for (bound, count) in BOUNDS.iter().zip(series.buckets) {
                let _ = writeln!(out, "yiyang_request_seconds_bucket{{{labels},le=\"{bound}\"}} {count}");
            }
            let _ = writeln!(out, "yiyang_request_seconds_bucket{{{labels},le=\"+Inf\"}} {}", series.count);
            let _ = writeln!(out, "yiyang_request_seconds_sum{{{labels}}} {}", series.seconds);
            let _ = writeln!(out, "yiyang_request_seconds_count{{{labels}}} {}", series.count);
        }
        for (name, help, value) in gauges {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
        }
        out
    }
}
