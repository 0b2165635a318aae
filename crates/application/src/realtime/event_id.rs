//! How clients name a place in the log.

use std::fmt;

/// A place in the log, as text: of two of one log the later one is greater, also as text. Clients
/// keep it and give it back; what is in it is none of their business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventId {
    /// Which log it is.
    pub epoch: String,
    pub position: u64,
}

impl EventId {
    /// Reads what a client gives back; `None` when it is none of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let (epoch, position) = text.rsplit_once('-')?;
        let hexadecimal = position.len() == 16 && position.bytes().all(|b| b.is_ascii_hexdigit());
        let position = u64::from_str_radix(position, 16).ok().filter(|_| hexadecimal)?;
        Some(Self { epoch: epoch.to_owned(), position })
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:016x}", self.epoch, self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_ordered() {
        let id = |position| EventId { epoch: "a-b".into(), position };
        for position in [0, 1, 255, 256, u64::MAX] {
            assert_eq!(EventId::parse(&id(position).to_string()), Some(id(position)));
        }
        assert!(id(9).to_string() < id(10).to_string() && id(255).to_string() < id(4096).to_string());
    }

    #[test]
    fn what_is_not_ours_is_not_read() {
        for text in ["", "5", "a-5", "a-+000000000000005", "a-000000000000000g", "a-00000000000000005"] {
            assert_eq!(EventId::parse(text), None, "{text}");
        }
    }
}
