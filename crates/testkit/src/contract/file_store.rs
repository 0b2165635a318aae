//! The promises of `FileStore`.

use std::sync::Arc;

use bytes::Bytes;
use snackbase_application::ports::{ByteSource, FileFault, FileRoute, FileStore};

async fn put(files: &Arc<dyn FileStore>, route: &FileRoute, key: &str, pieces: &[&[u8]]) {
    let mut sink = files.put(route, key, "text/plain").await.unwrap();
    for piece in pieces {
        sink.write(Bytes::copy_from_slice(piece)).await.unwrap();
    }
    sink.finish().await.unwrap();
}

async fn all(mut source: Box<dyn ByteSource>) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(piece) = source.next().await.unwrap() {
        bytes.extend_from_slice(&piece);
    }
    bytes
}

async fn keys(files: &Arc<dyn FileStore>, route: &FileRoute, folder: Option<&str>) -> Vec<String> {
    let mut list = files.list(route, folder).await.unwrap();
    let mut keys = Vec::new();
    loop {
        let block = list.next().await.unwrap();
        if block.is_empty() {
            keys.sort();
            return keys;
        }
        keys.extend(block.into_iter().map(|object| object.key));
    }
}

/// Runs the suite on a store with nothing in it.
pub async fn suite(files: Arc<dyn FileStore>, route: FileRoute) {
    let (files, route) = (&files, &route);
    assert_eq!(keys(files, route, None).await, Vec::<String>::new());
    put(files, route, "a/1.txt", &[b"hello", b" ", b"world"]).await;
    let read = async |key: &str, range| files.get(route, key, range).await.map(all);
    assert_eq!(read("a/1.txt", None).await.unwrap().await, b"hello world");
    assert_eq!(read("a/1.txt", Some(6..11)).await.unwrap().await, b"world");
    assert_eq!(read("a/1.txt", Some(0..1)).await.unwrap().await, b"h");
    let head = files.head(route, "a/1.txt").await.unwrap().unwrap();
    assert_eq!((head.size, head.key.as_str()), (11, "a/1.txt"));
    put(files, route, "a/empty", &[]).await;
    assert_eq!(read("a/empty", None).await.unwrap().await, b"");
    for nothing in ["a/2.txt", "b/1"] {
        assert_eq!(read(nothing, None).await.err(), Some(FileFault::NotFound), "{nothing}");
        assert_eq!(files.head(route, nothing).await, Ok(None));
    }
    // The later one takes the place of the former.
    put(files, route, "a/1.txt", &[b"anew"]).await;
    assert_eq!(read("a/1.txt", None).await.unwrap().await, b"anew");
    // Larger than what is sent at once, and in pieces that do not fit into it.
    let large: Vec<u8> = (0..15_000_000u32).map(|n| (n % 251) as u8).collect();
    let pieces: Vec<_> = large.chunks(777_777).collect();
    put(files, route, "a/large", &pieces).await;
    assert!(read("a/large", None).await.unwrap().await == large);
    assert!(
        read("a/large", Some(5_000_000..14_000_001)).await.unwrap().await == large[5_000_000..14_000_001]
    );
    // What was not finished is not there.
    for size in [10, 13_000_000] {
        let mut sink = files.put(route, "a/broken", "text/plain").await.unwrap();
        sink.write(Bytes::from(vec![1; size])).await.unwrap();
        assert_eq!(files.head(route, "a/broken").await, Ok(None));
        sink.abort().await;
        assert_eq!(files.head(route, "a/broken").await, Ok(None));
    }
    put(files, route, "a/1.txt.thumbs/10x10", &[b"small"]).await;
    put(files, route, "b/1", &[b"b"]).await;
    assert_eq!(keys(files, route, Some("a/1.txt.thumbs")).await, ["a/1.txt.thumbs/10x10"]);
    assert_eq!(
        keys(files, route, None).await,
        ["a/1.txt", "a/1.txt.thumbs/10x10", "a/empty", "a/large", "b/1"]
    );
    assert_eq!(keys(files, route, Some("c")).await, Vec::<String>::new());
    for _ in 0..2 {
        files.delete(route, "a/1.txt").await.unwrap();
    }
    assert_eq!(files.head(route, "a/1.txt").await, Ok(None));
}
