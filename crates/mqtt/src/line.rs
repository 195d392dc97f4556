//! What a connection shares with the receipts of its messages: which answers it owes, in the order the messages came.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use bytestring::ByteString;
use tokio::sync::Notify;

use crate::end::End;
use crate::topic::matches;

/// Messages to a device that has not read the earlier ones.
const OUTBOX: usize = 16;

#[derive(Debug, Default)]
pub(crate) struct Line {
    state: Mutex<State>,
    bell: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// The number of the first of those that wait.
    first: u64,
    waiting: VecDeque<Waiting>,
    /// Somebody has been told to wake the connection.
    woken: bool,
    end: Option<End>,
    filters: Vec<ByteString>,
    outbox: VecDeque<(ByteString, Bytes)>,
}

/// An answer owed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting {
    pub packet: u16,
    pub exactly_once: bool,
    pub answer: Option<Answer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Kept,
    NotAllowed,
}

/// What became of a message to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It goes out next; whether it arrives, nobody says (quality of service 0).
    Out,
    /// The device did not ask for this topic.
    NotAsked,
    /// It has not read the earlier ones.
    Full,
}

impl Line {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A message came that wants an answer: its number.
    pub fn owe(&self, packet: u16, exactly_once: bool, answer: Option<Answer>) -> u64 {
        let mut state = self.state();
        state.waiting.push_back(Waiting { packet, exactly_once, answer });
        state.first + state.waiting.len() as u64 - 1
    }

    /// Whether an answer for this packet is owed.
    pub fn owes(&self, packet: u16) -> bool {
        self.state().waiting.iter().any(|it| it.packet == packet)
    }

    /// How many answers are owed.
    pub fn owed(&self) -> usize {
        self.state().waiting.len()
    }

    /// A message is kept. Whether the connection has to be woken.
    pub fn kept(&self, number: u64) -> bool {
        let mut state = self.state();
        let place = number.checked_sub(state.first).and_then(|it| usize::try_from(it).ok());
        if let Some(waiting) = place.and_then(|it| state.waiting.get_mut(it)) {
            waiting.answer = Some(Answer::Kept);
        }
        let ready = state.waiting.front().is_some_and(|it| it.answer.is_some());
        let wakes = ready && !state.woken;
        state.woken |= wakes;
        wakes
    }

    pub fn wake(&self) {
        self.bell.notify_one();
    }

    /// A message was dropped: the connection ends without an answer to it.
    pub fn not_kept(&self) {
        self.close(End::NotKept);
    }

    /// The connection is to end; the first reason counts.
    pub fn close(&self, end: End) {
        self.state().end.get_or_insert(end);
        self.wake();
    }

    /// Waits until there is something to say or to end for.
    pub async fn called(&self) {
        self.bell.notified().await;
    }

    /// The answers that may go out now, in the order of the messages, and what is sent to the device.
    pub fn take(&self, answers: &mut Vec<Waiting>, outbox: &mut Vec<(ByteString, Bytes)>) -> Option<End> {
        let mut state = self.state();
        state.woken = false;
        while state.waiting.front().is_some_and(|it| it.answer.is_some()) {
            answers.extend(state.waiting.pop_front());
            state.first += 1;
        }
        outbox.extend(state.outbox.drain(..));
        state.end.clone()
    }

    /// The device asks for a topic. Whether there is room for it.
    pub fn ask(&self, filter: &ByteString, most: usize) -> bool {
        let mut state = self.state();
        if state.filters.contains(filter) {
            return true;
        }
        let room = state.filters.len() < most;
        if room {
            state.filters.push(filter.clone());
        }
        room
    }

    /// The device does not ask for a topic any more. Whether it did.
    pub fn unask(&self, filter: &str) -> bool {
        let mut state = self.state();
        let before = state.filters.len();
        state.filters.retain(|it| it != filter);
        state.filters.len() < before
    }

    /// The device asked for these topics before.
    pub fn ask_again(&self, filters: Vec<ByteString>) {
        self.state().filters = filters;
    }

    /// What the device asked for, once its connection is over.
    pub fn asked(&self) -> Vec<ByteString> {
        std::mem::take(&mut self.state().filters)
    }

    /// Puts a message to the device out, where it asked for it.
    pub fn send(&self, topic: ByteString, payload: Bytes) -> Sent {
        let mut state = self.state();
        if !state.filters.iter().any(|it| matches(&topic, it)) {
            return Sent::NotAsked;
        }
        if OUTBOX <= state.outbox.len() {
            return Sent::Full;
        }
        state.outbox.push_back((topic, payload));
        drop(state);
        self.wake();
        Sent::Out
    }
}
