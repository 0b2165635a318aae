#[derive(Clone, Copy, Debug)]
pub struct UrlPolicy {
    pub allow_private: bool,
    pub https_only: bool,
}
pub fn check_url(url: &str, _: UrlPolicy) -> Result<(), String> {
    if !url.starts_with("http") {
        return Err("Webhook URL must use http or https scheme".into());
    }
    if url.ends_with("//") {
        return Err("Webhook URL must have a valid hostname".into());
    }
    Ok(())
}
