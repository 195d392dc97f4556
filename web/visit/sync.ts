// Sending what waits and taking what changed: one run at a time, again after failures with growing pauses.
import { aheadMs } from './clock';
import { change, changeDraft, changeElder, changeVisit, changeWork, holdings, workOf, type About, type Change } from './holdings';
import * as journal from './journal';
import type { Answer, Changes, Last, ServerMark, Snapshot, Visit, VisitEvent } from './protocol';
import { get, post, putPhoto, Refusal, Unreachable } from './server';
import { isOver, standing } from './visiting';
import { allowTries, isOpen, Locked } from './vault';
import { version } from './version';

const batchMost = 200;
const debounceMs = 1_200;
const everyMs = 60_000;
const firstPauseMs = 4_000;
const longestPauseMs = 10 * 60_000;
/** While a call for help waits, no pause is longer. */
const sosPauseMs = 10_000;
const dropEveryMs = 12 * 3600_000;

export type Trouble = '' | 'offline' | 'refused' | 'ahead';
export const status = { running: false, trouble: '' as Trouble, detail: '', lastAt: '' };

let revoked: () => void = () => undefined;
let news: () => void = () => undefined;
let failures = 0;
let pausedUntil = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let again = false;
let batchSize = batchMost;
let droppedAt = 0;
let resent = 0;
const listeners = new Set<() => void>();

/** Told when a run starts or ends. */
export function onSync(listener: () => void): void {
  listeners.add(listener);
}

/** `whenRevoked` when the server no longer knows this phone as one of its own; `whenNews` when visits or elders changed. */
export function setUpSync(whenRevoked: () => void, whenNews: () => void): void {
  revoked = whenRevoked;
  news = whenNews;
  journal.onJournal(() => {
    if (journal.unsent().length + journal.unsentPhotos().length === 0) return;
    void registerInBackground();
    soon(debounceMs);
  });
  window.addEventListener('online', () => void syncNow());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && soon(0));
  setInterval(() => document.visibilityState === 'visible' && soon(0), everyMs);
  navigator.serviceWorker?.addEventListener('message', ({ data, ports }) => {
    if (data === 'sync') void syncNow().finally(() => ports[0]?.postMessage('done'));
  });
}

/** Now, whatever pause was on. */
export function syncNow(): Promise<void> {
  pausedUntil = 0;
  return run();
}

function soon(ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void run(), Math.max(ms, pausedUntil - Date.now()));
}

async function run(): Promise<void> {
  if (!isOpen() || !holdings.identity) return;
  if (status.running) {
    again = true;
    return;
  }
  status.running = true;
  resent = 0;
  tell();
  try {
    do {
      again = false;
      await sendAll();
      await takeChanges();
      await sendPhotos();
    } while (again);
    failures = 0;
    Object.assign(status, { trouble: '', detail: '', lastAt: new Date().toISOString() });
    await dropSometimes();
  } catch (failure) {
    noteFailure(failure);
  } finally {
    status.running = false;
    tell();
  }
}

function noteFailure(failure: unknown): void {
  if (failure instanceof Refusal && failure.status === 401 && failure.code === 'phone_revoked') return revoked();
  if (failure instanceof Locked) return;
  if (failure instanceof Refusal) Object.assign(status, { trouble: 'refused', detail: failure.detail || failure.message });
  else if (failure instanceof Unreachable) Object.assign(status, { trouble: 'offline', detail: '' });
  else Object.assign(status, { trouble: 'refused', detail: String(failure) });
  const longest = isCalling() ? sosPauseMs : longestPauseMs;
  const pause = Math.min(longest, firstPauseMs * 2 ** failures++) * (0.75 + Math.random() / 2);
  pausedUntil = Date.now() + pause;
  soon(pause);
}

const isCalling = (): boolean => journal.unsent().some(({ kind }) => kind === 'sos');

async function sendAll(): Promise<void> {
  while (journal.unsent().length > 0) {
    const calls = journal.unsent().filter(({ kind }) => kind === 'sos');
    await send((calls.length > 0 ? calls : journal.unsent()).slice(0, batchSize));
  }
}

async function send(events: VisitEvent[]): Promise<void> {
  const asked = Date.now();
  const question = {
    now: new Date(asked).toISOString(), unsent: journal.unsent().length, oldest: oldest(), received: await journal.highestReceived(), app: version, events,
  };
  let answer: Answer;
  try {
    answer = await post<Answer>('events', question);
  } catch (failure) {
    if (failure instanceof Refusal && failure.status === 413 && batchSize > 1) {
      batchSize = Math.ceil(batchSize / 4);
      return;
    }
    throw failure;
  }
  if (!Array.isArray(answer.receipts) || typeof answer.knows !== 'number') throw new Unreachable('not an answer');
  const noted = await journal.noteReceipts(answer.receipts);
  await hear(answer.server, answer.knows, answer.last, asked);
  const taken = new Set(answer.receipts.filter(({ state }) => state === 'taken').map(({ id }) => id));
  const first = events.find(({ id }) => taken.has(id));
  if (first) return journal.numberAnew(first.number, answer.last);
  if (noted === 0) throw new Unreachable('no receipt for what was sent');
  tell();
}

function oldest(): string | null {
  return journal.unsent().reduce<string | null>((least, { at }) => (least === null || at < least ? at : least), null);
}

/** What every answer says beside its content: the server's clock, and how far it knows this phone. */
async function hear(server: ServerMark, knows: number, last: Last, asked: number): Promise<void> {
  const about = holdings.about;
  const ahead = Date.parse(server.now) - (asked + Date.now()) / 2;
  if (about && Math.abs(ahead - aheadMs()) > 20_000) await journal.keep(() => [change('about', { ...(holdings.about ?? about), clockAheadMs: ahead })]);
  if (journal.unsent().length === 0) await journal.goOnAfter(last);
  if (knows >= (await receivedWithoutGap())) return;
  // A server that goes on not knowing what it took in needs a person, not another round.
  if (resent++ > 2) throw new Refusal(200, 'knows', `knows ${knows}`);
  await journal.waitAgainAbove(knows);
  await declareLost(knows);
  again = journal.unsent().length > 0;
}

/** What this phone no longer keeps can never be sent again: said once, so that both sides go on. */
async function declareLost(knows: number): Promise<void> {
  const gap = await journal.gapAbove(knows);
  if (!gap || journal.unsent().some(({ kind }) => kind === 'lost')) return;
  await journal.write([{ kind: 'lost', visit: '', body: { ...gap, reason: '手机上已不再保存' } }]);
}

/** A call for help is received before lower numbers, which is no sign of a server restored from an older copy. */
async function receivedWithoutGap(): Promise<number> {
  const lowest = Math.min(...journal.unsent().map(({ number }) => number));
  return Math.min(lowest - 1, await journal.highestReceived());
}

async function takeChanges(): Promise<void> {
  if (!holdings.about?.cursor) return takeSnapshot();
  const asked = Date.now();
  let changes: Changes;
  try {
    changes = await get<Changes>(`changes?after=${encodeURIComponent(holdings.about.cursor)}`);
  } catch (failure) {
    if (failure instanceof Refusal && failure.status === 409 && failure.code === 'cursor_unknown') return takeSnapshot();
    throw failure;
  }
  const { cursor, server, knows, last, visits, gone, elders } = changes;
  if (changes.catalogue !== holdings.about.catalogue) return takeSnapshot();
  const about = holdings.about;
  const moved = cursor !== about.cursor;
  await journal.keep(() => [
    ...comingVisits(visits),
    ...elders.map((elder) => changeElder(elder.id, elder)),
    ...goneVisits(new Set(gone), visits),
    ...(moved ? [change('about', { ...(holdings.about ?? about), cursor, serverId: server.id, heardAt: new Date().toISOString() })] : []),
  ]);
  await forgetElders();
  await hear(server, knows, last, asked);
  if (visits.length + gone.length + elders.length > 0) news();
}

export async function takeSnapshot(): Promise<void> {
  const asked = Date.now();
  const { cursor, server, knows, last, catalogue, me, settings, visits, elders, forms, services, photos } = await get<Snapshot>('snapshot');
  const now = new Date().toISOString();
  const about: About = { cursor, catalogue, me, settings, photos, serverId: server.id, clockAheadMs: Date.parse(server.now) - (asked + Date.now()) / 2, heardAt: now };
  const kept = new Set(visits.map(({ id }) => id));
  await journal.keep(() => [
    change('about', about), change('forms', forms), change('services', services),
    ...comingVisits(visits),
    ...elders.map((elder) => changeElder(elder.id, elder)),
    ...goneVisits(new Set(Array.from(holdings.visits.keys()).filter((id) => !kept.has(id))), []),
  ]);
  await forgetElders();
  await allowTries(settings.pin_tries);
  await hear(server, knows, last, asked);
  news();
}

/** A visit that began here unplanned stays this phone's own until all of it was received; then the server's takes its place. */
function comingVisits(visits: Visit[]): Change[] {
  const busy = new Set(journal.unsent().map(({ visit, id, kind }) => (kind === 'unplanned' ? id : visit)));
  return visits.flatMap((visit) => {
    const own = visit.unplanned ? holdings.visits.get(visit.unplanned) : undefined;
    if (!own) return [changeVisit(visit.id, visit)];
    if (['planned', 'begun'].includes(standing(own)) || busy.has(own.id) || workOf(own.id).pending.length > 0) return [];
    return [changeVisit(visit.id, visit), changeVisit(own.id, null), changeWork(own.id, null), changeDraft(own.id, null)];
  });
}

/** What is gone at the server goes here too, but never while work on it is under way or waits to be sent. */
function goneVisits(gone: Set<string>, coming: Visit[]): Change[] {
  const busy = new Set(journal.unsent().map(({ visit, id, kind }) => (kind === 'unplanned' ? id : visit)));
  return Array.from(holdings.visits.values()).flatMap((visit) => {
    const isLocal = visit.version === '';
    const leaves = isLocal ? isOver(visit) : gone.has(visit.id) && standing(visit) !== 'begun' && workOf(visit.id).pending.length === 0;
    if (!leaves || busy.has(visit.id) || coming.some(({ id }) => id === visit.id)) return [];
    return [changeVisit(visit.id, null), changeWork(visit.id, null), changeDraft(visit.id, null)];
  });
}

async function forgetElders(): Promise<void> {
  const named = new Set(Array.from(holdings.visits.values(), ({ elder }) => elder));
  const unnamed = Array.from(holdings.elders.keys()).filter((id) => !named.has(id));
  if (unnamed.length > 0) await journal.keep(() => unnamed.map((id) => changeElder(id, null)));
}

async function sendPhotos(): Promise<void> {
  for (const hash of Array.from(journal.unsentPhotos())) {
    if (isCalling()) return;
    const bytes = await journal.photoBytes(hash);
    if (!bytes) continue;
    try {
      await putPhoto(hash, bytes);
      await journal.notePhoto(hash);
    } catch (failure) {
      const isNever = failure instanceof Refusal && [400, 409, 413, 415, 422].includes(failure.status);
      if (!isNever) throw failure;
      await journal.notePhoto(hash, failure.detail || failure.message);
    }
    tell();
  }
}

async function dropSometimes(): Promise<void> {
  if (Date.now() - droppedAt < dropEveryMs) return;
  droppedAt = Date.now();
  await journal.dropOld();
}

async function registerInBackground(): Promise<void> {
  const registration = (await navigator.serviceWorker?.getRegistration()) as (ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } }) | undefined;
  await registration?.sync?.register('events').catch(() => undefined);
}

function tell(): void {
  for (const each of listeners) each();
}
