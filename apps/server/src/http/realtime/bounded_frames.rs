//! Bounds the frames that a client sends (RFC 6455, section 5.2) before anybody keeps their bytes.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_util::Stream;

/// Bytes that are thrown away after a frame that is too big, so that a client that sends them at once
/// still gets to know why the connection ends.
const THROWN_AWAY: usize = 1 << 20;
/// The first two bytes, eight of length, four of the mask.
const LONGEST_HEAD: usize = 14;

/// The bytes of a WebSocket's client, which end with an error where a frame is too long.
pub(super) struct BoundedFrames {
    inner: Payload,
    most: u64,
    head: Vec<u8>,
    /// Bytes of the frame's payload that are still to come.
    left: u64,
    thrown_away: usize,
    overflow: Rc<Cell<bool>>,
}

impl BoundedFrames {
    /// Frames of at most `most` bytes; `overflow` becomes true with a longer one.
    pub fn new(inner: Payload, most: usize, overflow: Rc<Cell<bool>>) -> Self {
        Self {
            inner,
            most: most as u64,
            head: Vec::with_capacity(LONGEST_HEAD),
            left: 0,
            thrown_away: 0,
            overflow,
        }
    }

    /// Goes along frames; `false` at one that is too long.
    fn fits(&mut self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            if self.left > 0 {
                let skipped = self.left.min(bytes.len() as u64);
                self.left -= skipped;
                bytes = &bytes[skipped as usize..];
                continue;
            }
            self.head.push(bytes[0]);
            bytes = &bytes[1..];
            let Some(length) = length(&self.head) else { continue };
            if length > self.most {
                return false;
            }
            self.head.clear();
            self.left = length;
        }
        true
    }
}

/// The length of the payload, once the head is complete.
fn length(head: &[u8]) -> Option<u64> {
    let second = *head.get(1)?;
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let (bytes, length) = match second & 0x7f {
        126 => (4, u64::from(u16::from_be_bytes(head.get(2..4)?.try_into().ok()?))),
        127 => (10, u64::from_be_bytes(head.get(2..10)?.try_into().ok()?)),
        short => (2, u64::from(short)),
    };
    (head.len() >= bytes + mask).then_some(length)
}

impl Stream for BoundedFrames {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let next = Pin::new(&mut self.inner).poll_next(context);
            if !self.overflow.get() {
                let Poll::Ready(Some(Ok(bytes))) = next else { return next };
                if self.fits(&bytes) {
                    return Poll::Ready(Some(Ok(bytes)));
                }
                self.overflow.set(true);
                continue;
            }
            match next {
                Poll::Ready(Some(Ok(bytes))) if self.thrown_away < THROWN_AWAY => {
                    self.thrown_away += bytes.len()
                }
                _ => return Poll::Ready(Some(Err(PayloadError::Overflow))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(most: usize) -> BoundedFrames {
        BoundedFrames::new(Payload::None, most, Rc::default())
    }

    fn frame(length: usize) -> Vec<u8> {
        let mut bytes = vec![0x81];
        match length {
            0..126 => bytes.push(0x80 | length as u8),
            126..65536 => {
                bytes.push(0x80 | 126);
                bytes.extend((length as u16).to_be_bytes());
            }
            _ => {
                bytes.push(0x80 | 127);
                bytes.extend((length as u64).to_be_bytes());
            }
        }
        bytes.extend([1, 2, 3, 4]);
        bytes.resize(bytes.len() + length, 0x7f);
        bytes
    }

    #[test]
    fn frames_within_the_bound_pass_however_they_are_cut() {
        let all: Vec<u8> = [0, 5, 125, 126, 1000, 65536].into_iter().flat_map(frame).collect();
        for piece in [1, 3, 7, 1000, all.len()] {
            let mut bounded = frames(65536);
            assert!(all.chunks(piece).all(|bytes| bounded.fits(bytes)), "{piece}");
            assert_eq!((bounded.left, bounded.head.len()), (0, 0));
        }
    }

    #[test]
    fn a_frame_that_is_too_long_is_seen_at_its_head() {
        for length in [65537, 1 << 30] {
            let mut bounded = frames(65536);
            assert!(bounded.fits(&frame(10)));
            let head = &[&[0x81, 0xff][..], &(length as u64).to_be_bytes(), &[1, 2, 3, 4]].concat();
            assert!(!bounded.fits(head));
        }
        let mut bounded = frames(125);
        assert!(!bounded.fits(&frame(126)));
    }
}
