//! Types of files: what is declared, and what the bytes say.

/// How many of the first bytes tell the type.
pub const HEAD_BYTES: usize = 16;

/// The most characters of a type that are repeated in messages and kept.
const MOST: usize = 127;

/// `type/subtype` of a content type, in lower case and without parameters.
pub fn essence(content_type: &str) -> String {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.chars().filter(|c| !c.is_control()).take(MOST).collect::<String>().to_lowercase()
}

/// Whether bytes can be a file of that type, by its signature. Types that have none fit all.
pub fn fits_type(head: &[u8], essence: &str) -> bool {
    match essence {
        "image/jpeg" => head.starts_with(b"\xff\xd8\xff"),
        "image/png" => head.starts_with(b"\x89PNG\r\n\x1a\n"),
        "image/gif" => head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a"),
        "image/webp" => head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"),
        "application/pdf" => head.starts_with(b"%PDF-"),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_its_essence() {
        assert_eq!(essence("Text/Plain; charset=utf-8"), "text/plain");
        assert_eq!(essence(" image/png "), "image/png");
        assert_eq!(essence("a\r\nb"), "ab");
        assert_eq!(essence(&"x".repeat(500)).len(), MOST);
    }

    #[test]
    fn signatures_decide_where_there_are_some() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
        assert!(fits_type(png, "image/png"));
        assert!(fits_type(b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"));
        assert!(fits_type(b"%PDF-1.7", "application/pdf"));
        assert!(fits_type(b"<script>", "text/plain"));
        for (bytes, kind) in [
            (&b"<script>"[..], "image/png"),
            (png, "image/jpeg"),
            (b"", "image/gif"),
            (b"RIFF\x10\0\0\0WAVE", "image/webp"),
            (b" %PDF-1.7", "application/pdf"),
            (b"GIF8", "image/gif"),
        ] {
            assert!(!fits_type(bytes, kind), "{kind}");
        }
    }
}
