//! An ear for devices: MQTT 3.1.1 and 5 in, and what came is acknowledged when whoever took it says that it is kept.
//!
//! It is no broker: nothing goes from device to device, nothing is retained, and of a session that outlives its connection only what
//! the device asked for is remembered, in memory. Messages of the devices that speak to us ([`Ear`]) and of a broker of somebody else
//! ([`relay`]) come out of one [`Inbox`]:
//!
//! ```ignore
//! let (slot, mut inbox) = mqtt::inbox(4096);
//! let ear = Ear::new(house, Limits::default(), slot.clone());
//! tokio::spawn(ear.clone().listen(listener, None));
//! while let Some(batch) = inbox.batch(1000).await {
//!     keep(&batch).await;       // while it cannot, it holds the batch and tries again: the inbox fills, and the devices wait
//!     mqtt::taken(batch);       // a message dropped instead is not acknowledged, and its connection ends
//! }
//! ```
//!
//! It has no clock but the one that measures pauses: when a message came, the taker of the batch says.

mod ear;
mod end;
mod health;
mod hello;
mod house;
mod inbox;
mod line;
mod relay;
mod session;
mod talk;
mod tls;
mod topic;
mod wire;

pub use bytes::Bytes;
pub use bytestring::ByteString;
pub use ear::{Connection, Counts, Ear};
pub use end::End;
pub use health::{Condition, Health};
pub use house::{House, Limits, Login, Refusal};
pub use inbox::{Inbox, Message, Receipt, Slot, inbox, taken};
pub use line::Sent;
pub use relay::{Broker, relay};
pub use tls::{Tls, tls};
pub use topic::{matches, valid_filter, valid_topic};
