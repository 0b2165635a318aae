//! Cron expressions: five fields, as of POSIX crontab, with names of months and days and with steps.
//! All times are UTC, which knows no daylight saving: each minute comes once.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};

/// Why an expression is none, or never comes. The text is what follows `Invalid cron expression: `.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CronFault(String);

/// For how many days a time is looked for: four years, a leap day among them.
const HORIZON_DAYS: u64 = 4 * 366;

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const MONTH_NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const DAY_NAMES: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// What a field may hold.
struct Kind {
    name: &'static str,
    least: u32,
    most: u32,
    names: &'static [&'static str],
}

const MINUTE: Kind = Kind { name: "minute", least: 0, most: 59, names: &[] };
const HOUR: Kind = Kind { name: "hour", least: 0, most: 23, names: &[] };
const DAY_OF_MONTH: Kind = Kind { name: "day-of-month", least: 1, most: 31, names: &[] };
const MONTH: Kind = Kind { name: "month", least: 1, most: 12, names: &MONTHS };
const DAY_OF_WEEK: Kind = Kind { name: "day-of-week", least: 0, most: 6, names: &DAYS };

/// The values of a field: bit `n` stands for the value `n`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    text: String,
    values: u64,
}

impl Field {
    fn parse(text: &str, kind: &Kind) -> Result<Self, CronFault> {
        let mut values = 0;
        for part in text.split(',') {
            values |= part_values(part, kind)?;
        }
        Ok(Self { text: text.to_owned(), values })
    }

    fn has(&self, value: u32) -> bool {
        self.values & (1 << value) != 0
    }

    /// Whether it leaves every value open, as `*` does.
    fn is_open(&self) -> bool {
        self.text == "*"
    }

    /// The value of a field that is one number.
    fn single(&self) -> Option<u32> {
        let digits = self.text.bytes().all(|byte| byte.is_ascii_digit());
        (digits && self.values.count_ones() == 1).then(|| self.values.trailing_zeros())
    }
}

fn fault(text: String) -> CronFault {
    CronFault(text)
}

fn part_values(part: &str, kind: &Kind) -> Result<u64, CronFault> {
    let name = kind.name;
    let (range, step) = match part.split_once('/') {
        None => (part, None),
        Some((range, step)) => {
            let number = step.parse::<u32>().ok().filter(|_| step.bytes().all(|byte| byte.is_ascii_digit()));
            let number =
                number.ok_or_else(|| fault(format!("Invalid step value '{step}' in {name} field")))?;
            if number < 1 {
                return Err(fault(format!("Step must be >= 1, got {number} in {name} field")));
            }
            (range, Some(number))
        }
    };
    let (from, to) = if range == "*" {
        (kind.least, kind.most)
    } else if let Some((from, to)) = range.split_once('-') {
        let (Some(first), Some(last)) = (value(from, kind), value(to, kind)) else {
            return Err(fault(format!("Invalid range '{range}' in {name} field")));
        };
        if first < kind.least || last > kind.most || first > kind.most {
            let bounds = format!("[{},{}]", kind.least, kind.most);
            return Err(fault(format!("Range {first}-{last} out of bounds {bounds} in {name} field")));
        }
        if first > last {
            return Err(fault(format!("Range start {first} > end {last} in {name} field")));
        }
        (first, last)
    } else {
        let value = value(range, kind);
        let what = if step.is_some() { "range part" } else { "value" };
        let value = value.ok_or_else(|| fault(format!("Invalid {what} '{range}' in {name} field")))?;
        // Sunday has two numbers.
        let value = if kind.name == DAY_OF_WEEK.name && value == 7 { 0 } else { value };
        if !(kind.least..=kind.most).contains(&value) {
            let bounds = format!("[{},{}]", kind.least, kind.most);
            return Err(fault(format!("Value {value} out of bounds {bounds} in {name} field")));
        }
        (value, if step.is_some() { kind.most } else { value })
    };
    let step = step.unwrap_or(1) as usize;
    Ok((from..=to).step_by(step).fold(0, |values, value| values | 1 << value))
}

/// A number, or a name of the field.
fn value(text: &str, kind: &Kind) -> Option<u32> {
    if let Some(position) = kind.names.iter().position(|name| name.eq_ignore_ascii_case(text)) {
        return u32::try_from(position).ok().map(|position| position + kind.least);
    }
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Times that come again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    text: String,
    minute: Field,
    hour: Field,
    day_of_month: Field,
    month: Field,
    day_of_week: Field,
}

impl Cron {
    /// Reads an expression.
    ///
    /// # Errors
    /// The first field that is none.
    pub fn parse(text: &str) -> Result<Self, CronFault> {
        let fields: Vec<_> = text.split_whitespace().collect();
        let [minute, hour, day_of_month, month, day_of_week] = fields[..] else {
            return Err(fault(format!(
                "Cron expression must have exactly 5 fields (minute hour dom month dow), got {}: '{text}'",
                fields.len()
            )));
        };
        Ok(Self {
            text: text.trim().to_owned(),
            minute: Field::parse(minute, &MINUTE)?,
            hour: Field::parse(hour, &HOUR)?,
            day_of_month: Field::parse(day_of_month, &DAY_OF_MONTH)?,
            month: Field::parse(month, &MONTH)?,
            day_of_week: Field::parse(day_of_week, &DAY_OF_WEEK)?,
        })
    }

    /// The first whole minute after a moment that the expression means.
    ///
    /// # Errors
    /// There is none within four years, which means that there never is.
    pub fn next(&self, after: DateTime<Utc>) -> Result<DateTime<Utc>, CronFault> {
        self.next_within(after).ok_or_else(|| {
            fault(format!("No execution time found within 4 years for cron expression: '{}'", self.text))
        })
    }

    fn next_within(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let start = after.checked_add_signed(TimeDelta::minutes(1))?;
        let (first, time) = (start.date_naive(), (start.hour(), start.minute()));
        for ahead in 0..=HORIZON_DAYS {
            let day = first.checked_add_days(Days::new(ahead))?;
            if !self.has_day(day) {
                continue;
            }
            let (hour, minute) = if ahead == 0 { time } else { (0, 0) };
            if let Some((hour, minute)) = self.time_from(hour, minute) {
                let time = NaiveTime::from_hms_opt(hour, minute, 0)?;
                return Some(day.and_time(time).and_utc());
            }
        }
        None
    }

    /// Where both days are restricted either suffices.
    fn has_day(&self, day: NaiveDate) -> bool {
        let of_month = self.day_of_month.has(day.day());
        let of_week = self.day_of_week.has(day.weekday().num_days_from_sunday());
        let suits = match (self.day_of_month.is_open(), self.day_of_week.is_open()) {
            (false, false) => of_month || of_week,
            _ => of_month && of_week,
        };
        suits && self.month.has(day.month())
    }

    /// The first time of a day that is not before another.
    fn time_from(&self, hour: u32, minute: u32) -> Option<(u32, u32)> {
        (hour..24).filter(|at| self.hour.has(*at)).find_map(|at| {
            let from = if at == hour { minute } else { 0 };
            (from..60).find(|minute| self.minute.has(*minute)).map(|minute| (at, minute))
        })
    }

    /// The expression in words, where it is one of the usual kinds; else as it is.
    pub fn description(&self) -> String {
        let days = [&self.day_of_month, &self.month, &self.day_of_week].map(Field::is_open);
        let minute = self.minute.single();
        if days == [true; 3] && self.hour.is_open() {
            if self.minute.is_open() {
                return "Every minute".to_owned();
            }
            if let Some(step) = self.minute.text.strip_prefix("*/") {
                return format!("Every {step} minutes");
            }
            match minute {
                Some(0) => return "Every hour".to_owned(),
                Some(minute) => return format!("Every hour at :{minute:02}"),
                None => {}
            }
        }
        if self.hour.is_open() {
            return self.text.clone();
        }
        let time = match (self.hour.single(), minute) {
            (Some(hour), Some(minute)) => format!("{hour:02}:{minute:02}"),
            _ => format!("{}:{}", self.hour.text, self.minute.text),
        };
        let week = self.day_of_week.text.to_ascii_uppercase();
        match days {
            [true, true, true] => format!("Daily at {time}"),
            [true, true, false] if week == "1-5" || week == "MON-FRI" => format!("Weekdays at {time}"),
            [true, true, false] if self.day_of_week.values.count_ones() == 1 => {
                let day = DAY_NAMES[self.day_of_week.values.trailing_zeros() as usize];
                format!("Every {day} at {time}")
            }
            [false, true, true] if self.day_of_month.single().is_some() => {
                format!("Monthly on day {} at {time}", self.day_of_month.text)
            }
            [false, true, true] => format!("On day {} of the month at {time}", self.day_of_month.text),
            [false, false, true]
                if self.day_of_month.single().is_some() && self.month.values.count_ones() == 1 =>
            {
                let month = MONTH_NAMES[self.month.values.trailing_zeros() as usize - 1];
                format!("Yearly on {month} {} at {time}", self.day_of_month.text)
            }
            _ => self.text.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
    }

    fn next(cron: &str, after: &str) -> String {
        let next = Cron::parse(cron).unwrap().next(at(after)).unwrap();
        next.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    #[test]
    fn times_come_in_their_order() {
        for (cron, after, expected) in [
            ("* * * * *", "2026-11-23T09:39:36Z", "2026-11-23T09:40:00Z"),
            ("* * * * *", "2026-11-23T09:39:00Z", "2026-11-23T09:40:00Z"),
            ("59 23 * * *", "2026-12-31T23:59:00Z", "2027-01-01T23:59:00Z"),
            ("*/15 9-17 * * MON-FRI", "2026-11-27T17:45:00Z", "2026-11-30T09:00:00Z"),
            ("0 0 29 2 *", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z"),
            ("0 0 13 * 5", "2026-11-24T00:00:00Z", "2026-11-27T00:00:00Z"),
            ("0 12 * * 7", "2026-11-24T00:00:00Z", "2026-11-29T12:00:00Z"),
            ("5/20 * * * *", "2026-11-24T00:25:00Z", "2026-11-24T00:45:00Z"),
            (" 0 0 1 jan * ", "2026-11-24T00:00:00Z", "2027-01-01T00:00:00Z"),
        ] {
            assert_eq!(next(cron, after), expected, "{cron}");
        }
    }

    #[test]
    fn each_next_time_is_the_first_that_suits() {
        let start = at("2026-02-26T22:10:30Z");
        for text in
            ["7,40 */5 * * *", "0-3 23 28-31 * *", "30 4 1 */2 SAT", "1 1 31 * *", "*/7 */11 */9 2-4 *"]
        {
            let cron = Cron::parse(text).unwrap();
            let mut minute = start.with_second(0).unwrap();
            for _ in 0..20 {
                let next = cron.next(minute).unwrap();
                loop {
                    minute += TimeDelta::minutes(1);
                    let suits = cron.has_day(minute.date_naive())
                        && cron.hour.has(minute.hour())
                        && cron.minute.has(minute.minute());
                    assert_eq!(suits, minute == next, "{text} at {minute}");
                    if suits {
                        break;
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (cron, text) in [
            (
                "* * *",
                "Cron expression must have exactly 5 fields (minute hour dom month dow), got 3: '* * *'",
            ),
            ("61 * * * *", "Value 61 out of bounds [0,59] in minute field"),
            ("* x * * *", "Invalid value 'x' in hour field"),
            ("* * 0 * *", "Value 0 out of bounds [1,31] in day-of-month field"),
            ("5-70 * * * *", "Range 5-70 out of bounds [0,59] in minute field"),
            ("* * * 5-2 *", "Range start 5 > end 2 in month field"),
            ("* * * a-b *", "Invalid range 'a-b' in month field"),
            ("*/x * * * *", "Invalid step value 'x' in minute field"),
            ("*/0 * * * *", "Step must be >= 1, got 0 in minute field"),
            ("* * * * 5-7", "Range 5-7 out of bounds [0,6] in day-of-week field"),
            (
                "@daily",
                "Cron expression must have exactly 5 fields (minute hour dom month dow), got 1: '@daily'",
            ),
            ("* * L * *", "Invalid value 'L' in day-of-month field"),
            ("x/5 * * * *", "Invalid range part 'x' in minute field"),
            ("5- * * * *", "Invalid range '5-' in minute field"),
            (", * * * *", "Invalid value '' in minute field"),
            ("99999999999 * * * *", "Invalid value '99999999999' in minute field"),
        ] {
            assert_eq!(Cron::parse(cron).unwrap_err().to_string(), text);
        }
        let never = Cron::parse("0 0 31 2 *").unwrap().next(at("2026-01-01T00:00:00Z")).unwrap_err();
        let text = "No execution time found within 4 years for cron expression: '0 0 31 2 *'";
        assert_eq!(never.to_string(), text);
    }

    #[test]
    fn usual_kinds_are_described() {
        for (cron, text) in [
            ("* * * * *", "Every minute"),
            ("*/5 * * * *", "Every 5 minutes"),
            ("0 * * * *", "Every hour"),
            ("15 * * * *", "Every hour at :15"),
            ("30 6 * * 1-5", "Weekdays at 06:30"),
            ("30 6 * * mon-fri", "Weekdays at 06:30"),
            ("0 9 * * *", "Daily at 09:00"),
            ("0 9 * * MON", "Every Monday at 09:00"),
            ("0 9 * * 7", "Every Sunday at 09:00"),
            ("0 9 1 * *", "Monthly on day 1 at 09:00"),
            ("0 0 1,15 * *", "On day 1,15 of the month at 00:00"),
            ("0 9 1 1 *", "Yearly on January 1 at 09:00"),
            ("0 */2 * * *", "Daily at */2:0"),
            ("0 9 1 * 1", "0 9 1 * 1"),
            ("5 * * * 1", "5 * * * 1"),
        ] {
            assert_eq!(Cron::parse(cron).unwrap().description(), text, "{cron}");
        }
    }
}
