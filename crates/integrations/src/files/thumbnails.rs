//! Small pictures, by the `image` crate.

use std::io::Cursor;

use async_trait::async_trait;
use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use snackbase_application::ports::{ThumbFault, Thumbnailer};
use snackbase_domain::file::{MOST_SIDE, ThumbFit, ThumbSize};
use tokio::sync::Semaphore;

/// The most pixels of a picture, and of a side of it.
const MOST_PIXELS: u64 = 40_000_000;
const MOST_SOURCE_SIDE: u32 = 20_000;
/// The most memory that a decoder may take.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// Pictures that are made at a time.
const AT_ONCE: usize = 2;
const JPEG_QUALITY: u8 = 85;

/// Decodes JPEG, PNG, GIF (its first picture) and WebP within bounds, on threads for such work.
pub struct ImageThumbnailer {
    turns: Semaphore,
}

impl Default for ImageThumbnailer {
    fn default() -> Self {
        Self { turns: Semaphore::new(AT_ONCE) }
    }
}

fn fault(error: ImageError) -> ThumbFault {
    match error {
        ImageError::Limits(_) => ThumbFault::TooLarge,
        _ => ThumbFault::NoPicture,
    }
}

/// The size of a picture so that it lies within a box, or covers it.
fn scaled(of: (u32, u32), width: u32, height: u32, cover: bool) -> (u32, u32) {
    let (from_width, from_height) = (f64::from(of.0.max(1)), f64::from(of.1.max(1)));
    let by_width = (width > 0).then(|| f64::from(width) / from_width);
    let by_height = (height > 0).then(|| f64::from(height) / from_height);
    let scale = match (by_width, by_height) {
        (Some(a), Some(b)) if cover => a.max(b),
        (Some(a), Some(b)) => a.min(b),
        (a, b) => a.or(b).unwrap_or(1.0),
    };
    let most = if cover { f64::from(MOST_SOURCE_SIDE) } else { f64::from(MOST_SIDE) };
    let scale = scale.min(most / from_width).min(most / from_height);
    // Within bounds, and never nothing.
    let side = |from: f64| ((from * scale).round() as u32).max(1);
    (side(from_width), side(from_height))
}

fn resize(picture: &DynamicImage, size: ThumbSize) -> DynamicImage {
    let of = (picture.width(), picture.height());
    if size.fit == ThumbFit::Inside {
        let (width, height) = scaled(of, size.width, size.height, false);
        return picture.thumbnail_exact(width, height);
    }
    // The part of the picture that the box shows is cut out first, so that nothing large is made.
    let (width, height) = (u64::from(size.width), u64::from(size.height));
    let (from_width, from_height) = (u64::from(of.0), u64::from(of.1));
    let (cut_width, cut_height) = match from_width * height > from_height * width {
        true => (from_height * width / height, from_height),
        false => (from_width, from_width * height / width),
    };
    // No larger than the picture.
    let side = |side: u64| u32::try_from(side.max(1)).unwrap_or(u32::MAX);
    let (cut_width, cut_height) = (side(cut_width), side(cut_height));
    let x = of.0.saturating_sub(cut_width) / 2;
    let y = match size.fit {
        ThumbFit::Top => 0,
        ThumbFit::Bottom => of.1.saturating_sub(cut_height),
        ThumbFit::Center | ThumbFit::Inside => of.1.saturating_sub(cut_height) / 2,
    };
    picture.crop_imm(x, y, cut_width, cut_height).thumbnail_exact(size.width, size.height)
}

fn make(bytes: &[u8], size: ThumbSize) -> Result<(Bytes, &'static str), ThumbFault> {
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| ThumbFault::NoPicture)?;
    let format = reader.format();
    if !matches!(format, Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Gif | ImageFormat::WebP)) {
        return Err(ThumbFault::NoPicture);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SOURCE_SIDE);
    limits.max_image_height = Some(MOST_SOURCE_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(fault)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(ThumbFault::TooLarge);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(fault)?;
    picture.apply_orientation(orientation);
    let small = resize(&picture, size);
    let mut out = Cursor::new(Vec::new());
    let mime_type = if format == Some(ImageFormat::Jpeg) {
        let encoder = JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY);
        small.to_rgb8().write_with_encoder(encoder).map_err(fault)?;
        "image/jpeg"
    } else {
        small.write_to(&mut out, ImageFormat::Png).map_err(fault)?;
        "image/png"
    };
    Ok((out.into_inner().into(), mime_type))
}

#[async_trait]
impl Thumbnailer for ImageThumbnailer {
    async fn thumbnail(&self, picture: Bytes, size: ThumbSize) -> Result<(Bytes, &'static str), ThumbFault> {
        let _turn = self.turns.acquire().await.map_err(|_| ThumbFault::NoPicture)?;
        // A decoder that panics has met no picture.
        tokio::task::spawn_blocking(move || make(&picture, size)).await.unwrap_or(Err(ThumbFault::NoPicture))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    /// Left half red, right half blue; the upper row green.
    fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let image = RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y) {
            (_, 0) => Rgb([0, 255, 0]),
            (true, _) => Rgb([255, 0, 0]),
            (false, _) => Rgb([0, 0, 255]),
        });
        let mut out = Cursor::new(Vec::new());
        image.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    fn made(bytes: &[u8], size: &str) -> (DynamicImage, &'static str) {
        let (bytes, mime_type) = make(bytes, ThumbSize::parse(size).unwrap()).unwrap();
        (image::load_from_memory(&bytes).unwrap(), mime_type)
    }

    #[test]
    fn pictures_get_the_size_that_is_asked_for() {
        for (format, kind) in [
            (ImageFormat::Png, "image/png"),
            (ImageFormat::Jpeg, "image/jpeg"),
            (ImageFormat::Gif, "image/png"),
            (ImageFormat::WebP, "image/png"),
        ] {
            let source = picture(80, 40, format);
            for (size, width, height) in [
                ("20x20", 20, 20),
                ("20x20t", 20, 20),
                ("20x20f", 20, 10),
                ("0x10", 20, 10),
                ("40x0", 40, 20),
                ("160x80", 160, 80),
            ] {
                let (small, mime_type) = made(&source, size);
                assert_eq!((small.width(), small.height(), mime_type), (width, height, kind), "{size}");
            }
        }
    }

    #[test]
    fn what_is_cut_off_is_what_the_size_says() {
        let source = picture(2, 8, ImageFormat::Png);
        let green = |size: &str| made(&source, size).0.to_rgb8().get_pixel(0, 0).0 == [0, 255, 0];
        assert!(green("2x2t"));
        assert!(!green("2x2b"));
        assert!(!green("2x2"));
    }

    #[test]
    fn bombs_and_other_files_are_refused() {
        let refused = |bytes: &[u8]| make(bytes, ThumbSize::parse("10x10").unwrap()).unwrap_err();
        // A header that claims 30,000 pixels a side.
        let mut bomb = picture(1, 1, ImageFormat::Png);
        bomb[16..20].copy_from_slice(&30_000u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&30_000u32.to_be_bytes());
        assert!(matches!(refused(&bomb), ThumbFault::TooLarge | ThumbFault::NoPicture));
        // 49 megapixels that a few kilobytes become.
        let mut large = Cursor::new(Vec::new());
        image::GrayImage::new(7000, 7000).write_to(&mut large, ImageFormat::Png).unwrap();
        assert_eq!(refused(large.get_ref()), ThumbFault::TooLarge);
        for other in [&b""[..], b"<svg/>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"BM\0\0\0\0"] {
            assert_eq!(refused(other), ThumbFault::NoPicture);
        }
        let narrow = picture(1, 2000, ImageFormat::Png);
        let (small, _) = made(&narrow, "100x0");
        assert!(small.height() <= MOST_SIDE);
    }
}
