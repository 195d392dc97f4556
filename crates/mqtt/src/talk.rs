//! One connection after it has been let in: packets in, answers out, and the pauses that keep us whole.

use std::collections::HashSet;
use std::num::NonZeroU16;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use bytestring::ByteString;
use rmqtt_codec::types::{Publish, QoS};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use crate::ear::Ear;
use crate::end::End;
use crate::hello::Hello;
use crate::house::House;
use crate::inbox::{Back, Message, Receipt, Unplaced};
use crate::line::{Answer, Line, Waiting};
use crate::topic::{valid_filter, valid_topic};
use crate::wire::{ALIASES, Granted, Packet, Wire};

/// How much is read at once: little from who says little.
const READS: (usize, usize) = (1024, 16 * 1024);
/// Messages acknowledged with PUBREC whose PUBREL has not come, of MQTT 3, which agrees on no number.
const UNRELEASED: usize = 1_024;

/// How long what still comes is thrown away after a goodbye: closing with something unread would take the goodbye back.
const LINGER: Duration = Duration::from_millis(500);

struct Talk<'a, H: House> {
    ear: &'a Ear<H>,
    device: Arc<H::Device>,
    line: Arc<Line>,
    wire: Wire,
    buffer: BytesMut,
    out: BytesMut,
    /// A message for which the inbox has no room.
    stuck: Option<Message<H::Device>>,
    /// Messages (exactly once) that are kept, and not yet released.
    unreleased: HashSet<NonZeroU16>,
    /// How many of them are of an earlier connection.
    inherited: usize,
    aliases: Vec<Option<ByteString>>,
    answers: Vec<Waiting>,
    outbox: Vec<(ByteString, Bytes)>,
    packet_bytes: usize,
    pace: Pace,
    read: usize,
    lasts: Option<Duration>,
}

/// How a connection went.
pub(crate) struct Talked {
    pub end: End,
    /// Messages (exactly once) that are kept, and not yet released.
    pub unreleased: HashSet<NonZeroU16>,
    /// How long the session is to last, where the device said it at its goodbye.
    pub lasts: Option<Duration>,
}

/// Welcomes a device and speaks with it until the connection ends, and says why it did.
pub(crate) async fn talk<H: House, S>(
    ear: &Ear<H>,
    mut stream: S,
    hello: Hello<H::Device>,
    unreleased: HashSet<NonZeroU16>,
    mut stop: watch::Receiver<bool>,
) -> Talked
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let silence = hello.silence;
    let mut talk = Talk {
        ear,
        device: hello.device,
        line: hello.line,
        wire: hello.wire,
        buffer: hello.buffer,
        out: BytesMut::new(),
        stuck: None,
        inherited: unreleased.len(),
        unreleased,
        aliases: Vec::new(),
        answers: Vec::new(),
        outbox: Vec::new(),
        packet_bytes: hello.packet_bytes,
        pace: Pace::new(ear.limits.packets_per_second),
        read: READS.0,
        lasts: None,
    };
    talk.wire.welcome(&mut talk.out, hello.welcome);
    let end = talk.run(&mut stream, silence, &mut stop).await;
    talk.wire.goodbye(&mut talk.out, &end);
    if end != End::Lost && end != End::Deaf {
        // What is owed to somebody who goes is owed no more; it may well be gone.
        drop(timeout(Duration::from_secs(1), talk.write(&mut stream)).await);
        drop(timeout(Duration::from_secs(1), stream.shutdown()).await);
        if end.is_fault() {
            drop(timeout(LINGER, drain(&mut stream)).await);
        }
    }
    Talked { end, unreleased: talk.unreleased, lasts: talk.lasts }
}

impl<H: House> Talk<'_, H> {
    async fn run<S>(&mut self, stream: &mut S, silence: Duration, stop: &mut watch::Receiver<bool>) -> End
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let mut heard = Instant::now();
        let alarm = sleep_until(heard + silence);
        tokio::pin!(alarm);
        let mut leave_at = None;
        loop {
            let mut end = None;
            if leave_at.is_none() {
                end = self.digest().err();
            }
            let ordered = self.settle();
            if !self.out.is_empty() {
                match timeout(self.ear.limits.write_within, self.write(stream)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) => return End::Lost,
                    Err(_) => return End::Deaf,
                }
            }
            if let Some(end) = end.or(ordered) {
                return end;
            }
            if leave_at.is_some_and(|it| it <= Instant::now()) || leave_at.is_some() && self.line.owed() == 0 {
                return End::Stopped;
            }
            let paused = self.pace.paused();
            let reads = leave_at.is_none() && self.stuck.is_none() && paused.is_none() && !self.is_full();
            if reads {
                self.make_room();
            }
            tokio::select! {
                () = self.line.called() => {}
                room = self.ear.slot.room(), if self.stuck.is_some() => match room {
                    Some(room) => {
                        if let Some(message) = self.stuck.take() {
                            room.send(message);
                        }
                    }
                    None => return End::NotKept,
                },
                count = stream.read_buf(&mut self.buffer), if reads => match count {
                    Ok(0) | Err(_) => return End::Lost,
                    Ok(count) => {
                        heard = Instant::now();
                        self.read = if self.read <= count { READS.1 } else { READS.0 };
                    }
                },
                () = sleep_until(paused.unwrap_or(heard)), if paused.is_some() => {}
                () = sleep_until(leave_at.unwrap_or(heard)), if leave_at.is_some() => {}
                _ = stop.wait_for(|it| *it), if leave_at.is_none() => {
                    leave_at = Some(Instant::now() + self.ear.limits.grace);
                }
                () = &mut alarm => {
                    // While we do not read, the silence is ours.
                    if !reads {
                        heard = Instant::now();
                    } else if heard + silence <= Instant::now() {
                        return End::Silent;
                    }
                    alarm.as_mut().reset(heard + silence);
                }
            }
        }
    }

    /// Takes the packets that have come, as far as we can take any.
    fn digest(&mut self) -> Result<(), End> {
        while self.stuck.is_none() && !self.is_full() && self.pace.allows() {
            let Some(packet) = self.wire.read(&mut self.buffer)? else { break };
            self.pace.count();
            match packet {
                Packet::Publish(publish) => self.publish(*publish)?,
                Packet::Release(packet) => {
                    let known = self.unreleased.remove(&packet);
                    self.wire.complete(&mut self.out, packet, known);
                }
                Packet::Subscribe { packet, filters, numbered } => self.subscribe(packet, &filters, numbered)?,
                Packet::Unsubscribe { packet, filters } => {
                    let known: Vec<bool> = filters.iter().map(|it| self.line.unask(it)).collect();
                    self.wire.dropped(&mut self.out, packet, &known);
                }
                Packet::Ping => self.wire.pong(&mut self.out),
                Packet::Goodbye { with_will, lasts } => {
                    self.lasts = lasts;
                    return Err(if with_will { End::LeftWithWill } else { End::Left });
                }
                Packet::Connect(_) => return Err(End::Protocol("it said twice who it is")),
                Packet::Stray => return Err(End::Protocol("a packet nobody asked for")),
            }
        }
        Ok(())
    }

    /// Whether so many messages wait to be kept that no more is read. MQTT 5 agreed on the number, and who breaks it is told.
    fn is_full(&self) -> bool {
        !self.wire.is_v5() && usize::from(self.ear.limits.in_flight) <= self.line.owed()
    }

    fn publish(&mut self, mut publish: Publish) -> Result<(), End> {
        let alias = publish.properties.as_ref().and_then(|it| it.topic_alias);
        if publish.properties.as_ref().is_some_and(|it| !it.subscription_ids.is_empty()) {
            return Err(End::Protocol("a number of a subscription, which only a server sends"));
        }
        if let Some(alias) = alias {
            publish.topic = self.unalias(alias, publish.topic)?;
        }
        if !valid_topic(&publish.topic) {
            return Err(End::WrongTopic);
        }
        let exactly_once = publish.qos == QoS::ExactlyOnce;
        if let Some(packet) = publish.packet_id {
            if exactly_once && self.unreleased.contains(&packet) {
                self.wire.acknowledge(&mut self.out, packet, true, true);
                return Ok(());
            }
            if self.line.owes(packet.get()) {
                return match publish.dup {
                    true => Ok(()),
                    false => Err(End::Protocol("the number of a message that is not yet acknowledged")),
                };
            }
            let open = self.line.owed() + self.unreleased.len().saturating_sub(self.inherited);
            if self.wire.is_v5() && usize::from(self.ear.limits.in_flight) <= open {
                return Err(End::TooMany);
            }
            if UNRELEASED <= self.unreleased.len() {
                return Err(End::Quota);
            }
        }
        let allowed = self.ear.house.may_publish(&self.device, &publish.topic);
        match publish.packet_id {
            Some(packet) if !allowed && self.wire.is_v5() => {
                self.line.owe(packet.get(), exactly_once, Some(Answer::NotAllowed));
                return Ok(());
            }
            _ if !allowed => return Err(End::NotAllowed),
            _ => {}
        }
        self.ear.tally.received.fetch_add(1, Relaxed);
        let back = match publish.packet_id {
            None => Back::Nobody,
            Some(packet) => {
                let number = self.line.owe(packet.get(), exactly_once, None);
                Back::Line { line: self.line.clone(), number }
            }
        };
        let message = Message {
            from: self.device.clone(),
            topic: publish.topic,
            payload: publish.payload,
            again: publish.dup,
            will: false,
            receipt: Receipt::new(back),
        };
        match self.ear.slot.try_put(message) {
            Ok(()) => Ok(()),
            Err(Unplaced::Full(message)) => {
                self.stuck = Some(message);
                Ok(())
            }
            Err(Unplaced::Gone) => Err(End::NotKept),
        }
    }

    /// The topic an alias stands for, or stands for from now on.
    fn unalias(&mut self, alias: NonZeroU16, topic: ByteString) -> Result<ByteString, End> {
        self.aliases.resize(usize::from(ALIASES), None);
        let known = self.aliases.get_mut(usize::from(alias.get() - 1)).ok_or(End::WrongAlias)?;
        if topic.is_empty() {
            return known.clone().ok_or(End::Protocol("an alias that stands for no topic"));
        }
        // A copy, lest the alias holds the whole of what was read with it.
        *known = Some(ByteString::from(topic.to_string()));
        Ok(topic)
    }

    fn subscribe(&mut self, packet: NonZeroU16, filters: &[ByteString], numbered: bool) -> Result<(), End> {
        if numbered {
            return Err(End::Protocol("a number for a subscription, which we said we do not do"));
        }
        let grant = |filter: &ByteString| {
            if filter.starts_with("$share/") {
                Granted::Shared
            } else if !valid_filter(filter) {
                Granted::Invalid
            } else if !self.ear.house.may_subscribe(&self.device, filter) {
                Granted::NotAllowed
            } else if !self.line.ask(&ByteString::from(filter.to_string()), self.ear.limits.filters) {
                Granted::TooMany
            } else {
                Granted::Yes
            }
        };
        let granted: Vec<Granted> = filters.iter().map(grant).collect();
        self.wire.granted(&mut self.out, packet, &granted);
        Ok(())
    }

    /// Writes down the answers that are due and what is sent to the device; gives why the connection is to end, where it is.
    fn settle(&mut self) -> Option<End> {
        let end = self.line.take(&mut self.answers, &mut self.outbox);
        for waiting in self.answers.drain(..) {
            let Some(packet) = NonZeroU16::new(waiting.packet) else { continue };
            let kept = waiting.answer == Some(Answer::Kept);
            self.wire.acknowledge(&mut self.out, packet, waiting.exactly_once, kept);
            if kept {
                self.ear.tally.acknowledged.fetch_add(1, Relaxed);
            }
            if kept && waiting.exactly_once {
                self.unreleased.insert(packet);
            }
        }
        for (topic, payload) in self.outbox.drain(..) {
            let before = self.out.len();
            self.wire.publish(&mut self.out, topic, payload);
            if self.packet_bytes < self.out.len() - before {
                self.out.truncate(before);
            }
        }
        end
    }

    async fn write<S: AsyncWrite + Unpin>(&mut self, stream: &mut S) -> std::io::Result<()> {
        stream.write_all_buf(&mut self.out).await?;
        stream.flush().await
    }

    /// Room to read into.
    fn make_room(&mut self) {
        if self.buffer.capacity() - self.buffer.len() < self.read {
            self.buffer.reserve(self.read);
        }
    }
}

/// Reads to the end, or to the first trouble.
async fn drain<S: AsyncRead + Unpin>(stream: &mut S) {
    let mut waste = [0; 1_024];
    while matches!(stream.read(&mut waste).await, Ok(1..)) {}
}

/// How many packets a second: each second allows so many, and what one second does not use is not saved for later ones.
struct Pace {
    most: u32,
    used: u32,
    since: Instant,
}

const SECOND: Duration = Duration::from_secs(1);

impl Pace {
    fn new(most: u32) -> Self {
        Self { most: most.max(1), used: 0, since: Instant::now() }
    }

    fn allows(&mut self) -> bool {
        if self.most <= self.used && SECOND <= self.since.elapsed() {
            (self.used, self.since) = (0, Instant::now());
        }
        self.used < self.most
    }

    fn count(&mut self) {
        if self.used == 0 {
            self.since = Instant::now();
        }
        self.used += 1;
    }

    /// Until when nothing is read.
    fn paused(&mut self) -> Option<Instant> {
        (!self.allows()).then(|| self.since + SECOND)
    }
}
