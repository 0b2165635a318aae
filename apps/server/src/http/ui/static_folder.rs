//! A folder `static` in the working directory, served at `/`.

use std::path::{Component, Path, PathBuf};

use actix_web::http::Method;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};

use super::super::routing::not_found;

/// The operator's own pages, if there are any.
#[derive(Clone, Debug)]
pub struct StaticFolder {
    /// The folder, with symbolic links resolved.
    root: Option<PathBuf>,
    api_prefix: String,
}

impl StaticFolder {
    /// The folder as it is at start.
    pub fn find(folder: &Path, api_prefix: &str) -> Self {
        let root = folder.canonicalize().ok().filter(|path| path.is_dir());
        Self { root, api_prefix: api_prefix.to_owned() }
    }

    /// Answers paths that no route knows.
    pub async fn serve(request: HttpRequest, folder: web::Data<Self>) -> HttpResponse {
        let path = request.path();
        let of_api = path
            .strip_prefix(&folder.api_prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if request.method() != Method::GET || of_api {
            return not_found().await;
        }
        let Some(root) = &folder.root else {
            if path == "/" {
                return HttpResponse::TemporaryRedirect().insert_header((LOCATION, super::BASE)).finish();
            }
            return not_found().await;
        };
        let wanted = decode(path).and_then(|path| inside(root, &path));
        for file in [wanted, Some(root.join("index.html"))].into_iter().flatten() {
            if let Ok(content) = tokio::fs::read(&file).await {
                let kind = mime_guess::from_path(&file).first_or_octet_stream();
                return HttpResponse::Ok().content_type(kind.as_ref()).body(content);
            }
        }
        not_found().await
    }
}

fn decode(path: &str) -> Option<String> {
    let query = format!("p={}", path.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(query.as_bytes()).next().map(|(_, path)| path.into_owned())
}

/// The file of a path below `root`; `None` when it leads elsewhere.
fn inside(root: &Path, path: &str) -> Option<PathBuf> {
    let relative = Path::new(path.trim_start_matches('/'));
    if path.contains('\0') || !relative.components().all(|c| matches!(c, Component::Normal(_))) {
        return None;
    }
    let mut file = root.join(relative);
    if file.is_dir() {
        file.push("index.html");
    }
    let file = file.canonicalize().ok()?;
    file.starts_with(root).then_some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_within_the_folder() {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("static");
        std::fs::create_dir(&root).unwrap();
        std::fs::write(root.join("a.txt"), "a").unwrap();
        std::fs::write(outer.path().join("secret"), "s").unwrap();
        let root = root.canonicalize().unwrap();
        assert!(inside(&root, "/a.txt").is_some());
        for path in ["/../secret", "/..%2fsecret", "//etc/passwd", "/a.txt/../../secret", "/a\0.txt"] {
            let found = decode(path).and_then(|path| inside(&root, &path));
            assert_eq!(found.filter(|file| !file.starts_with(&root)), None, "{path}");
        }
        assert_eq!(inside(&root, "/../secret"), None);
    }
}
