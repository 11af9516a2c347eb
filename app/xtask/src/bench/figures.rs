//! Figures: the median with its range, and the ratio to the peer beside it.

use serde_json::{Value, json};

use super::ways::Samples;

/// One line of the result.
pub(crate) struct Row {
    name: String,
    unit: Unit,
    budget: Option<f64>,
    ours: Samples,
    peer: Option<Peer>,
    /// Whether the mean is shown beside the median: how long a key takes is chance, and the goal for
    /// it is a mean.
    mean: bool,
}

/// Somebody else's way to the same result, measured on the same machine in the same minute.
pub(crate) struct Peer {
    pub(crate) name: String,
    pub(crate) samples: Samples,
}

#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Milliseconds,
    Bytes,
    /// Bytes as well, which nobody wants to read to the last one.
    Memory,
}

impl Row {
    /// A time, from one sample per run in milliseconds.
    pub(crate) fn time(name: &str, samples: Samples, budget: Option<f64>) -> Self {
        let (name, unit) = (name.to_owned(), Unit::Milliseconds);
        Self { name, unit, budget, ours: samples, peer: None, mean: false }
    }

    /// The most memory that was held at once, from one sample per run in bytes.
    pub(crate) fn memory(name: &str, samples: Vec<f64>) -> Self {
        let (name, unit) = (name.to_owned(), Unit::Memory);
        Self { name, unit, budget: None, ours: Ok(samples), peer: None, mean: false }
    }

    /// A size, which needs measuring only once.
    pub(crate) fn bytes(name: String, bytes: u64, budget: Option<u64>) -> Self {
        let budget = budget.map(|budget| budget as f64);
        Self {
            name,
            unit: Unit::Bytes,
            budget,
            ours: Ok(vec![bytes as f64]),
            peer: None,
            mean: false,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn beside(mut self, peer: Option<Peer>) -> Self {
        self.peer = peer;
        self
    }

    /// Reads what `bench.mjs` printed: a name and samples in milliseconds, or why there are none.
    pub(crate) fn from_json(value: &Value) -> Result<Self, String> {
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        let name = text("name").ok_or_else(|| format!("bench.mjs: a row without name: {value}"))?;
        let ours = match (samples(&value["samples"]), text("error")) {
            (Some(samples), None) => Ok(samples),
            (_, error) => Err(error.unwrap_or_else(|| "no samples".to_owned())),
        };
        let peer = &value["peer"];
        let peer = peer["name"].as_str().map(|name| {
            let samples = match (samples(&peer["samples"]), peer["error"].as_str()) {
                (Some(samples), None) => Ok(samples),
                (_, error) => Err(error.unwrap_or("no samples").to_owned()),
            };
            Peer { name: name.to_owned(), samples }
        });
        let budget = value["budget"].as_f64();
        let unit = if value["unit"] == "bytes" { Unit::Memory } else { Unit::Milliseconds };
        let mean = value["mean"] == true;
        Ok(Self { name, unit, budget, ours, peer, mean })
    }

    pub(crate) fn json(&self) -> Value {
        let unit = if self.unit == Unit::Milliseconds { "ms" } else { "bytes" };
        let mut value = json!({ "name": self.name, "unit": unit, "budget": self.budget });
        match &self.ours {
            Ok(samples) => {
                let spread = Spread::of(samples);
                value["median"] = json!(spread.as_ref().map(|spread| spread.median));
                value["mean"] = json!(spread.map(|spread| spread.mean));
                value["samples"] = json!(samples);
            }
            Err(error) => value["error"] = json!(error),
        }
        if let Some(peer) = &self.peer {
            value["peer"] = match &peer.samples {
                Ok(samples) => json!({ "name": peer.name, "samples": samples }),
                Err(error) => json!({ "name": peer.name, "error": error }),
            };
            value["ratio"] = json!(self.ratio(|spread| spread.median));
            value["ratio of means"] = json!(self.ratio(|spread| spread.mean));
        }
        value
    }

    fn ratio(&self, figure: impl Fn(Spread) -> f64) -> Option<f64> {
        let ours = Spread::of(self.ours.as_ref().ok()?)?;
        let theirs = Spread::of(self.peer.as_ref()?.samples.as_ref().ok()?)?;
        Some(figure(ours) / figure(theirs))
    }

    fn shown(&self, samples: &[f64]) -> String {
        let Some(spread) = Spread::of(samples) else { return "no samples".to_owned() };
        let (unit, size) = match self.unit {
            Unit::Bytes => return format!("{} B", spread.median),
            Unit::Milliseconds => ("ms", 1.0),
            Unit::Memory => ("MB", 1e6),
        };
        let Spread { min, median, max, mean } = spread;
        let [min, median, max, mean] = [min, median, max, mean].map(|sample| {
            let sample = sample / size;
            // Three digits, because some of these are below a millisecond.
            if sample < 10.0 { format!("{sample:.2}") } else { format!("{sample:.1}") }
        });
        let runs = match samples.len() {
            1 => "1 run".to_owned(),
            count => format!("{count} runs"),
        };
        let mean = if self.mean { format!("mean {mean}; ") } else { String::new() };
        format!("{median} {unit} ({mean}{min} to {max}, {runs})")
    }

    fn markdown(&self) -> String {
        let budget = match (self.budget, self.unit) {
            (None, _) => String::new(),
            (Some(budget), Unit::Milliseconds) => format!("{budget} ms"),
            (Some(budget), _) => format!("{budget} B"),
        };
        // So that a miss is seen without comparing.
        let missed = if self.is_missed() { ", missed" } else { "" };
        let ours = match &self.ours {
            Ok(samples) => self.shown(samples),
            Err(error) => format!("not measured: {}", in_a_cell(error)),
        };
        let peer = self.peer.as_ref().map_or(String::new(), |peer| match &peer.samples {
            Ok(samples) => format!("{}: {}", peer.name, self.shown(samples)),
            Err(error) => format!("{}: {}", peer.name, in_a_cell(error)),
        });
        let of_means = self.ratio(|spread| spread.mean).filter(|_| self.mean);
        let of_means = of_means.map_or(String::new(), |ratio| format!(" (means {ratio:.2})"));
        let ratio = self.ratio(|spread| spread.median);
        let ratio = ratio.map_or(String::new(), |ratio| format!("{ratio:.2}{of_means}"));
        format!("| {} | {budget}{missed} | {ours} | {peer} | {ratio} |", self.name)
    }

    /// Whether the median is above the budget.
    fn is_missed(&self) -> bool {
        let median = self.ours.as_ref().ok().and_then(|samples| Spread::of(samples));
        median.zip(self.budget).is_some_and(|(spread, budget)| spread.median > budget)
    }
}

/// A text that the table's own characters do not cut.
fn in_a_cell(text: &str) -> String {
    text.replace(['\n', '|'], " ")
}

/// The rows as a table: the median, and behind it the fastest and the slowest run.
pub(crate) fn markdown(rows: &[Row]) -> String {
    let mut text =
        "| what | budget | measured | peer | ratio |\n| --- | --- | --- | --- | --- |\n".to_owned();
    for row in rows {
        text += &row.markdown();
        text.push('\n');
    }
    text
}

struct Spread {
    min: f64,
    median: f64,
    max: f64,
    mean: f64,
}

impl Spread {
    fn of(samples: &[f64]) -> Option<Self> {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let half = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 {
            sorted[half]
        } else {
            (sorted[half - 1] + sorted[half]) / 2.0
        };
        let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
        Some(Self { min, median, max, mean })
    }
}

fn samples(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(Value::as_f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_median_its_range_and_the_ratio_to_the_peer() {
        let peer = Peer { name: "openssl".into(), samples: Ok(vec![10.0, 20.0]) };
        let row = Row::time("a", Ok(vec![4.0, 2.0, 3.0]), Some(60.0)).beside(Some(peer));
        assert_eq!(
            row.markdown(),
            "| a | 60 ms | 3.00 ms (2.00 to 4.00, 3 runs) | openssl: 15.0 ms (10.0 to 20.0, 2 runs) \
             | 0.20 |"
        );
    }

    #[test]
    fn shows_memory_in_megabytes() {
        let row = json!({ "name": "a", "unit": "bytes", "samples": [2_500_000.0, 3_500_000.0] });
        let row = Row::from_json(&row).expect("a row");
        assert_eq!(row.markdown(), "| a |  | 3.00 MB (2.50 to 3.50, 2 runs) |  |  |");
        assert_eq!(row.json()["unit"], "bytes");
    }

    #[test]
    fn shows_means_where_they_are_the_goal_and_a_budget_that_is_missed() {
        let peer = json!({ "name": "WebCrypto", "samples": [1.0, 1.0, 4.0] });
        let row = json!({
            "name": "key", "samples": [2.0, 3.0, 10.0], "budget": 2, "mean": true, "peer": peer,
        });
        let row = Row::from_json(&row).expect("a row");
        assert_eq!(
            row.markdown(),
            "| key | 2 ms, missed | 3.00 ms (mean 5.00; 2.00 to 10.0, 3 runs) \
             | WebCrypto: 1.00 ms (mean 2.00; 1.00 to 4.00, 3 runs) | 3.00 (means 2.50) |"
        );
        assert_eq!(row.json()["ratio of means"], 2.5);
    }

    #[test]
    fn says_why_a_peer_was_not_measured() {
        let peer = json!({ "name": "forge", "samples": [1.0], "error": "it fell over" });
        let row = Row::from_json(&json!({ "name": "a", "samples": [1.0], "peer": peer }));
        let row = row.expect("a row").markdown();
        assert_eq!(row, "| a |  | 1.00 ms (1.00 to 1.00, 1 run) | forge: it fell over |  |");
    }

    #[test]
    fn says_why_a_row_was_not_measured() {
        let row = Row::from_json(&json!({ "name": "a", "error": "no | button" })).expect("named");
        assert!(row.markdown().contains("not measured: no   button"), "{}", row.markdown());
        assert!(Row::from_json(&json!({ "samples": [1] })).is_err());
    }
}
