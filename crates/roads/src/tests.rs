//! Small drawn towns, where every way is known.

mod drawn;
mod files;
mod helsinki;
mod measure;
mod town;
