//! Where messages wait for whoever keeps them, and the receipt that acknowledges one.

use std::sync::Arc;

use bytes::Bytes;
use bytestring::ByteString;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use crate::line::Line;
use crate::relay::Turn;

/// What a device said.
#[derive(Debug)]
pub struct Message<D> {
    /// Who said it.
    pub from: Arc<D>,
    pub topic: ByteString,
    pub payload: Bytes,
    /// The sender says that it may have come before (DUP).
    pub again: bool,
    /// The device left this to be said when its connection breaks.
    pub will: bool,
    pub receipt: Receipt,
}

/// The right to acknowledge one message. Dropped without [`Receipt::taken`], nothing is acknowledged and the connection ends, so that
/// the sender sends it again; a message nobody waits an answer for (quality of service 0, a will) is lost then.
#[derive(Debug)]
pub struct Receipt(Back);

/// The way an acknowledgement goes.
#[derive(Debug)]
pub(crate) enum Back {
    Nobody,
    Line { line: Arc<Line>, number: u64 },
    Broker { turn: Arc<Turn>, packet: u16 },
}

impl Receipt {
    pub(crate) fn new(back: Back) -> Self {
        Self(back)
    }

    /// The message is kept: PUBACK or PUBREC may go out.
    pub fn taken(self) {
        taken([self]);
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        match &self.0 {
            Back::Nobody => {}
            Back::Line { line, .. } => line.not_kept(),
            Back::Broker { turn, .. } => turn.break_off(),
        }
    }
}

impl<D> From<Message<D>> for Receipt {
    fn from(message: Message<D>) -> Self {
        message.receipt
    }
}

/// All of these are kept. What goes to one connection goes in one write.
pub fn taken(receipts: impl IntoIterator<Item = impl Into<Receipt>>) {
    let mut waiting = Vec::new();
    for receipt in receipts {
        let mut receipt: Receipt = receipt.into();
        match std::mem::replace(&mut receipt.0, Back::Nobody) {
            Back::Nobody => {}
            Back::Line { line, number } => {
                if line.kept(number) {
                    waiting.push(line);
                }
            }
            Back::Broker { turn, packet } => turn.acknowledge(packet),
        }
    }
    for line in waiting {
        line.wake();
    }
}

/// An inbox for so many messages, and where to put them in. A full one stops the reading from the network.
pub fn inbox<D>(messages: usize) -> (Slot<D>, Inbox<D>) {
    let (sender, receiver) = mpsc::channel(messages);
    (Slot(sender), Inbox(receiver))
}

/// Where an inbox is filled.
#[derive(Debug)]
pub struct Slot<D>(mpsc::Sender<Message<D>>);

impl<D> Clone for Slot<D> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Why a message does not go in.
pub(crate) enum Unplaced<D> {
    Full(Message<D>),
    Gone,
}

impl<D> Slot<D> {
    /// Puts it in where there is room now.
    pub(crate) fn try_put(&self, message: Message<D>) -> Result<(), Unplaced<D>> {
        self.0.try_send(message).map_err(|error| match error {
            TrySendError::Full(message) => Unplaced::Full(message),
            TrySendError::Closed(_) => Unplaced::Gone,
        })
    }

    /// Room for one message; nothing once the inbox is gone.
    pub(crate) async fn room(&self) -> Option<mpsc::Permit<'_, Message<D>>> {
        self.0.reserve().await.ok()
    }
}

/// What came and waits to be kept.
#[derive(Debug)]
pub struct Inbox<D>(mpsc::Receiver<Message<D>>);

impl<D> Inbox<D> {
    /// Waits for the first message and takes what else is there, up to so many; nothing once all slots are gone.
    pub async fn batch(&mut self, most: usize) -> Option<Vec<Message<D>>> {
        let mut batch = Vec::new();
        (0 < self.0.recv_many(&mut batch, most.max(1)).await).then_some(batch)
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.0.len()
    }
}
