//! interim
use crate::*;
pub struct Head {
    pub title: String,
    pub number: bool,
}
pub struct Writer;
impl Writer {
    pub fn new(_: &str, _: &[Head]) -> Result<Writer> {
        Ok(Writer)
    }
    pub fn row(&mut self, _: &[String]) -> Result<()> {
        Ok(())
    }
    pub fn finish(self) -> Result<Vec<u8>> {
        Ok(vec![])
    }
}
pub fn download(_: &str, b: Vec<u8>) -> axum::response::Response {
    axum::response::IntoResponse::into_response(b)
}
