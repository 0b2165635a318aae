//! The audit log as a PDF: a table in a font that every reader has.

use chrono::{DateTime, Utc};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};
use snackbase_application::ports::AuditEntry;

use super::export::{COLUMNS, cells};

/// A4, landscape, in points.
const PAGE: (f32, f32) = (842.0, 595.0);
const MARGIN: f32 = 28.0;
const SIZE: f32 = 6.0;
const LEADING: f32 = 8.0;
/// Width of every character of Courier, in parts of the font's size.
const ADVANCE: f32 = 0.6;
/// Characters of each column; long values go on in the next line.
const WIDTHS: [usize; 11] = [8, 20, 6, 16, 20, 16, 30, 30, 24, 15, 22];
/// Lines that a value may take before it is cut.
const MOST_LINES: usize = 12;

const FONT: Name = Name(b"F1");
const BOLD: Name = Name(b"F2");

/// Draws the entries.
pub(super) fn document(entries: &[AuditEntry], now: DateTime<Utc>) -> Vec<u8> {
    let mut pages = Pages::new(now);
    for entry in entries {
        let cells = cells(entry);
        let mut columns: Vec<Vec<Vec<u8>>> =
            cells.iter().zip(WIDTHS).map(|(cell, width)| lines(cell, width)).collect();
        let height = columns.iter().map(Vec::len).max().unwrap_or(1);
        for column in &mut columns {
            column.resize(height, Vec::new());
        }
        pages.row(&columns, height);
    }
    pages.finish(entries.len())
}

/// A value in lines of at most `width` bytes of WinAnsi.
fn lines(text: &str, width: usize) -> Vec<Vec<u8>> {
    let bytes: Vec<u8> = text.chars().flat_map(encoded).collect();
    let mut lines: Vec<Vec<u8>> = bytes.chunks(width - 1).map(<[u8]>::to_vec).collect();
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        lines.push(b"...".to_vec());
    }
    lines
}

/// A character in WinAnsi, where it has a place in its Latin-1 part; the others
/// as `\u{...}`, so that nothing is lost.
fn encoded(c: char) -> Vec<u8> {
    match c {
        ' '..='~' => vec![c as u8],
        '\u{a0}'..='\u{ff}' => vec![c as u8],
        _ => format!("\\u{{{:x}}}", c as u32).into_bytes(),
    }
}

struct Pages {
    pdf: Pdf,
    content: Content,
    y: f32,
    next: i32,
    /// Each page and its content.
    done: Vec<(Ref, Ref)>,
    now: DateTime<Utc>,
}

const CATALOG: Ref = Ref::new(1);
const TREE: Ref = Ref::new(2);
const FONT_REF: Ref = Ref::new(3);
const BOLD_REF: Ref = Ref::new(4);
const INFO: Ref = Ref::new(5);

impl Pages {
    fn new(now: DateTime<Utc>) -> Self {
        let mut pages =
            Self { pdf: Pdf::new(), content: Content::new(), y: 0.0, next: 6, done: Vec::new(), now };
        pages.open();
        pages
    }

    fn reference(&mut self) -> Ref {
        let reference = Ref::new(self.next);
        self.next += 1;
        reference
    }

    fn open(&mut self) {
        self.content = Content::new();
        self.y = PAGE.1 - MARGIN;
        self.text(MARGIN, BOLD, b"Audit log");
        let page = format!("Page {}   {}", self.done.len() + 1, self.now.format("%Y-%m-%d %H:%M:%S UTC"));
        let width = page.len() as f32 * SIZE * ADVANCE;
        self.text(PAGE.0 - MARGIN - width, FONT, page.as_bytes());
        self.y -= LEADING * 1.5;
        let heads: Vec<Vec<Vec<u8>>> = COLUMNS.iter().map(|name| vec![name.as_bytes().to_vec()]).collect();
        self.line(&heads, 0, BOLD);
        self.y -= LEADING;
        self.content.set_line_width(0.5);
        self.content.move_to(MARGIN, self.y + LEADING * 0.7);
        self.content.line_to(PAGE.0 - MARGIN, self.y + LEADING * 0.7);
        self.content.stroke();
    }

    fn text(&mut self, x: f32, font: Name<'_>, bytes: &[u8]) {
        self.content.begin_text();
        self.content.set_font(font, SIZE);
        self.content.next_line(x, self.y);
        self.content.show(Str(bytes));
        self.content.end_text();
    }

    fn line(&mut self, columns: &[Vec<Vec<u8>>], line: usize, font: Name<'_>) {
        let mut x = MARGIN;
        for (column, width) in columns.iter().zip(WIDTHS) {
            if let Some(text) = column.get(line).filter(|text| !text.is_empty()) {
                self.text(x, font, text);
            }
            x += width as f32 * SIZE * ADVANCE;
        }
    }

    fn row(&mut self, columns: &[Vec<Vec<u8>>], height: usize) {
        if self.y - LEADING * height as f32 <= MARGIN {
            self.close();
            self.open();
        }
        for line in 0..height {
            self.line(columns, line, FONT);
            self.y -= LEADING;
        }
    }

    fn close(&mut self) {
        let (page, content) = (self.reference(), self.reference());
        let drawn = std::mem::replace(&mut self.content, Content::new());
        self.pdf.stream(content, &drawn.finish());
        self.done.push((page, content));
    }

    fn finish(mut self, entries: usize) -> Vec<u8> {
        self.close();
        self.pdf.catalog(CATALOG).pages(TREE);
        let count = i32::try_from(self.done.len()).unwrap_or(i32::MAX);
        self.pdf.pages(TREE).kids(self.done.iter().map(|(page, _)| *page)).count(count);
        for (page, content) in &self.done {
            let mut writer = self.pdf.page(*page);
            writer.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).parent(TREE).contents(*content);
            let mut resources = writer.resources();
            resources.fonts().pair(FONT, FONT_REF).pair(BOLD, BOLD_REF);
            resources.finish();
        }
        let encoding = Name(b"WinAnsiEncoding");
        self.pdf.type1_font(FONT_REF).base_font(Name(b"Courier")).encoding_predefined(encoding);
        self.pdf.type1_font(BOLD_REF).base_font(Name(b"Courier-Bold")).encoding_predefined(encoding);
        let subject = format!("{entries} entries");
        self.pdf
            .document_info(INFO)
            .title(pdf_writer::TextStr("Audit log"))
            .subject(pdf_writer::TextStr(&subject));
        self.pdf.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_folded_and_nothing_is_lost() {
        assert_eq!(lines("abcdef", 4), [b"abc".to_vec(), b"def".to_vec()]);
        assert_eq!(lines("Zoë", 10), [b"Zo\xeb".to_vec()]);
        assert_eq!(lines("字", 12), [b"\\u{5b57}".to_vec()]);
        assert_eq!(lines(&"x".repeat(100), 5).len(), MOST_LINES + 1);
    }

    #[test]
    fn an_empty_log_is_a_page_with_its_heads() {
        let pdf = document(&[], DateTime::UNIX_EPOCH);
        assert!(pdf.starts_with(b"%PDF-") && pdf.ends_with(b"%%EOF"));
    }
}
