//! What tests of SnackBase are made of: builders of domain objects, fakes of the
//! ports, and for each port one contract suite that every adapter, the fakes
//! included, has to pass.

#![allow(clippy::unwrap_used, reason = "all of this runs within tests, where a panic is the verdict")]

pub mod builders;
pub mod contract;
pub mod fakes;
pub mod files;
pub mod http;
pub mod mail;
pub mod memory;

pub use fakes::{
    CountedTokens, FakeAuditSealer, FakeKeySigner, FakeTokens, FixedClock, MemoryBuckets, MemoryFailures,
    PlainCursors, PlainHasher, PlainSecretBox, SeededIds,
};
pub use files::MemoryFiles;
pub use http::FakeSender;
pub use mail::{FakeMailer, PlainTemplates};
pub use memory::MemoryStorage;
