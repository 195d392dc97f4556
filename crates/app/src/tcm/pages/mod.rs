//! The pages of Chinese medicine for elders.

pub mod advice;
pub mod ask;
pub mod list;
pub mod show;
pub mod techniques;
