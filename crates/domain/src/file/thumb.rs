//! Sizes of small pictures.

use std::fmt;

/// The most pixels of a side.
pub const MOST_SIDE: u32 = 2048;

/// How a picture is made to fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThumbFit {
    /// Fills the box; what is too much goes at all sides.
    Center,
    /// Fills the box; the top stays.
    Top,
    /// Fills the box; the bottom stays.
    Bottom,
    /// Lies within the box as a whole.
    Inside,
}

/// A size as requests name it: `100x50`, `100x50t`, `100x50b`, `100x50f`, `0x50`, `100x0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThumbSize {
    /// In pixels; 0: as the height asks.
    pub width: u32,
    /// In pixels; 0: as the width asks.
    pub height: u32,
    pub fit: ThumbFit,
}

impl ThumbSize {
    /// Reads a size; `None` for what is none, or larger than [`MOST_SIDE`].
    pub fn parse(text: &str) -> Option<Self> {
        let (sides, fit) = match text.as_bytes().last()? {
            b't' => (&text[..text.len() - 1], ThumbFit::Top),
            b'b' => (&text[..text.len() - 1], ThumbFit::Bottom),
            b'f' => (&text[..text.len() - 1], ThumbFit::Inside),
            _ => (text, ThumbFit::Center),
        };
        let (width, height) = sides.split_once('x')?;
        let side = |text: &str| match text.bytes().all(|b| b.is_ascii_digit()) {
            true if text.len() <= 4 => text.parse::<u32>().ok().filter(|side| *side <= MOST_SIDE),
            _ => None,
        };
        let (width, height) = (side(width)?, side(height)?);
        let fit = if width == 0 || height == 0 { ThumbFit::Inside } else { fit };
        (width > 0 || height > 0).then_some(Self { width, height, fit })
    }
}

impl fmt::Display for ThumbSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fit = match self.fit {
            ThumbFit::Center => "",
            ThumbFit::Top => "t",
            ThumbFit::Bottom => "b",
            ThumbFit::Inside => "f",
        };
        write!(f, "{}x{}{fit}", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_bounded() {
        for (text, width, height, fit) in [
            ("100x50", 100, 50, ThumbFit::Center),
            ("100x50t", 100, 50, ThumbFit::Top),
            ("100x50b", 100, 50, ThumbFit::Bottom),
            ("2048x2048f", 2048, 2048, ThumbFit::Inside),
            ("0x50", 0, 50, ThumbFit::Inside),
            ("007x0t", 7, 0, ThumbFit::Inside),
        ] {
            let size = ThumbSize::parse(text).unwrap();
            assert_eq!(size, ThumbSize { width, height, fit });
            assert_eq!(ThumbSize::parse(&size.to_string()), Some(size));
        }
        for text in [
            "", "x", "0x0", "2049x1", "1x2049", "-1x1", "+1x1", "1x1z", "1 x1", "100", "99999x1", "1xé",
            "1x1tt",
        ] {
            assert_eq!(ThumbSize::parse(text), None, "{text}");
        }
    }
}
