// The chain of events: each is written once, with the state it changes, in one transaction; receipts are noted beside it, never in it.
import { commit, keysMarked, read, readFrom, readMarked, type Step } from './database';
import { holdings, type Change } from './holdings';
import type { Bodies, Kind, Last, Receipt, VisitEvent } from './protocol';
import { signed, uuid } from './signing';
import { inTurn } from './turns';
import { seal, sealBytes, unseal, unsealBytes, type Sealed } from './vault';

/** `waiting` is 1 until a receipt and absent afterwards. */
type Marks = { waiting?: 1; received?: number; aside?: 1; reason?: string; reason_en?: string };
type EventRecord = Marks & { number: number; id: string; sealed: Sealed };
type PhotoRecord = Marks & { key: string; sealed: Sealed };
type Head = { key: 'head'; number: number; hash: string };
type Progress = { key: 'progress'; received: number };
export type Aside = { event: VisitEvent; reason: string; reason_en: string };
export type Entry = { [K in Kind]: { kind: K; visit: string; body: Bodies[K]; at?: string; id?: string } }[Kind];

const noHead: Head = { key: 'head', number: 0, hash: '' };
let waiting: VisitEvent[] = [];
let asides: Aside[] = [];
let waitingPhotos: string[] = [];
let refusedPhotos: string[] = [];
const listeners = new Set<() => void>();

export const unsent = (): readonly VisitEvent[] => waiting;
export const setAside = (): readonly Aside[] => asides;
export const unsentPhotos = (): readonly string[] => waitingPhotos;
export const photosRefused = (): readonly string[] => refusedPhotos;

/** Told after events were written or receipts noted. */
export function onJournal(listener: () => void): void {
  listeners.add(listener);
}

function tell(): void {
  for (const each of listeners) each();
}

export async function load(): Promise<void> {
  waiting = await Promise.all((await readMarked<EventRecord>('events', 'waiting')).map(opened));
  asides = await Promise.all((await readMarked<EventRecord>('events', 'aside')).map(async (record) => ({ event: await opened(record), ...reasons(record) })));
  waitingPhotos = await keysMarked<string>('photos', 'waiting');
  refusedPhotos = await keysMarked<string>('photos', 'aside');
}

export function forget(): void {
  waiting = [];
  asides = [];
  waitingPhotos = [];
  refusedPhotos = [];
}

export type NewPhoto = { hash: string; bytes: ArrayBuffer };

/** Writes events with the changes that belong to them. `changes` is asked when it is this deed's turn, and so sees what those before it left. */
export function write(entries: Entry[], changes: () => Change[] = () => []): Promise<VisitEvent[]> {
  return inTurn(async () => {
    for (;;) {
      const head = (await read<Head>('plain', 'head')) ?? noHead;
      const events: VisitEvent[] = [];
      for (const { kind, visit, body, at, id } of entries) {
        const before = events[events.length - 1] ?? head;
        events.push(await signed({
          id: id ?? uuid(), number: before.number + 1, at: at ?? new Date().toISOString(), kind, visit, previous: before.hash, body: JSON.stringify(body),
        }));
      }
      const alongside = changes();
      const steps: Step[] = await Promise.all([
        ...events.map(async (event): Promise<Step> => ({ store: 'events', add: await waitingRecord(event) })),
        ...alongside.map(({ step }) => step()),
      ]);
      const last = events[events.length - 1];
      if (last) steps.push({ store: 'plain', put: { ...noHead, number: last.number, hash: last.hash } });
      const sameHead = (value: unknown): boolean => ((value as Head | undefined) ?? noHead).number === head.number;
      if (!(await commit(steps, { store: 'plain', key: 'head', holds: sameHead }))) continue;
      for (const { take } of alongside) take();
      waiting.push(...events);
      tell();
      return events;
    }
  });
}

/** Keeps changes that no event belongs to, or none yet. */
export async function keep(changes: () => Change[], photos: NewPhoto[] = []): Promise<void> {
  await inTurn(async () => {
    const alongside = changes();
    await commit(await Promise.all([...photos.map(photoStep), ...alongside.map(({ step }) => step())]));
    for (const { take } of alongside) take();
    waitingPhotos.push(...photos.map(({ hash }) => hash).filter((hash) => !waitingPhotos.includes(hash)));
    if (photos.length > 0) tell();
  });
}

export async function highestReceived(): Promise<number> {
  return (await read<Progress>('plain', 'progress'))?.received ?? 0;
}

/** Notes receipts; gives how many of them were news. What a receipt does not name goes on waiting. */
export function noteReceipts(receipts: Receipt[]): Promise<number> {
  return inTurn(async () => {
    const byId = new Map(receipts.filter(({ state }) => ['received', 'again', 'aside'].includes(state)).map((each) => [each.id, each]));
    const news = waiting.filter(({ id }) => byId.has(id));
    const received = Math.max(await highestReceived(), ...news.map(({ number }) => number));
    const steps: Step[] = [{ store: 'plain', put: { key: 'progress', received } }];
    for (const event of news) {
      const record = await read<EventRecord>('events', event.number);
      const receipt = byId.get(event.id);
      if (!record || !receipt) continue;
      const { number, id, sealed } = record;
      const aside = receipt.state === 'aside' ? { aside: 1, ...reasons(receipt) } : {};
      steps.push({ store: 'events', put: { number, id, sealed, received: Date.now(), ...aside } });
    }
    await commit(steps);
    waiting = waiting.filter(({ id }) => !byId.has(id));
    for (const event of news) {
      const receipt = byId.get(event.id);
      if (receipt?.state === 'aside' && !asides.some((each) => each.event.id === event.id)) asides.push({ event, ...reasons(receipt) });
    }
    if (news.length > 0) tell();
    return news.length;
  });
}

/** Of which number and hash the last event is that was written here. */
export async function lastWritten(): Promise<Last> {
  const { number, hash } = (await read<Head>('plain', 'head')) ?? noHead;
  return { number, hash };
}

/** This phone was restored from an older state: what is written next follows the last event that the server has. */
export function goOnAfter(last: Last): Promise<void> {
  return inTurn(async () => {
    const head = (await read<Head>('plain', 'head')) ?? noHead;
    if (waiting.length === 0 && head.number < last.number) await commit([{ store: 'plain', put: { ...noHead, ...last } }]);
  });
}

/** The numbers from `taken` on are others' at the server: what waits gets those after its last event, and keeps its id and its time. */
export function numberAnew(taken: number, last: Last): Promise<void> {
  return inTurn(async () => {
    const before = waiting.filter(({ number }) => number >= taken);
    const anew: VisitEvent[] = [];
    for (const { id, at, kind, visit, body } of before) {
      const previous = anew[anew.length - 1] ?? last;
      anew.push(await signed({ id, number: previous.number + 1, at, kind, visit, previous: previous.hash, body }));
    }
    const end = anew[anew.length - 1];
    if (!end) return;
    await commit([
      ...before.map(({ number }): Step => ({ store: 'events', remove: number })),
      ...(await Promise.all(anew.map(async (event): Promise<Step> => ({ store: 'events', add: await waitingRecord(event) })))),
      { store: 'plain', put: { ...noHead, number: end.number, hash: end.hash } },
    ]);
    waiting = [...waiting.filter(({ number }) => number < taken), ...anew];
    tell();
  });
}

/** The numbers above `knows` that this phone no longer has, up to the first that it has; nothing where it has the next. */
export async function gapAbove(knows: number): Promise<{ from: number; until: number } | null> {
  const [first] = await readFrom<EventRecord>('events', knows + 1);
  const until = first ? first.number - 1 : (await lastWritten()).number;
  return until > knows ? { from: knows + 1, until } : null;
}

/** The server was restored from an older copy: everything above what it knows waits again, the photos of these events as well. */
export function waitAgainAbove(knows: number): Promise<void> {
  return inTurn(async () => {
    const records = (await readFrom<EventRecord>('events', knows + 1)).filter((record) => !record.waiting);
    const steps: Step[] = [];
    for (const record of records) {
      const { number, id, sealed } = record;
      steps.push({ store: 'events', put: { number, id, sealed, waiting: 1 } });
      const event = await opened(record);
      waiting.push(event);
      if (event.kind !== 'photo') continue;
      const photo = await read<PhotoRecord>('photos', (JSON.parse(event.body) as Bodies['photo']).hash);
      if (!photo || photo.waiting) continue;
      steps.push({ store: 'photos', put: { key: photo.key, waiting: 1, sealed: photo.sealed } });
      waitingPhotos.push(photo.key);
    }
    await commit(steps);
    waiting.sort((one, other) => one.number - other.number);
    asides = asides.filter(({ event }) => event.number <= knows);
    if (records.length > 0) tell();
  });
}

export async function photoBytes(hash: string): Promise<ArrayBuffer | null> {
  const record = await read<PhotoRecord>('photos', hash);
  return record ? unsealBytes(record.sealed, `photo:${hash}`) : null;
}

/** A photo arrived, or will never be taken, for which there is a reason. */
export function notePhoto(hash: string, reason = ''): Promise<void> {
  return inTurn(async () => {
    const record = await read<PhotoRecord>('photos', hash);
    const marks: Marks = { received: Date.now(), ...(reason ? { aside: 1, reason } : {}) };
    if (record) await commit([{ store: 'photos', put: { key: hash, sealed: record.sealed, ...marks } }]);
    waitingPhotos = waitingPhotos.filter((each) => each !== hash);
    if (reason && !refusedPhotos.includes(hash)) refusedPhotos.push(hash);
    tell();
  });
}

/** Drops what was received longer ago than it must be kept. */
export function dropOld(): Promise<void> {
  const days = holdings.about?.settings.keep_days ?? 30;
  const limit = Date.now() - days * 24 * 3600 * 1000;
  return inTurn(async () => {
    const events = await keysMarked<number>('events', 'received', limit);
    const photos = await keysMarked<string>('photos', 'received', limit);
    await commit([
      ...events.map((number): Step => ({ store: 'events', remove: number })),
      ...photos.map((hash): Step => ({ store: 'photos', remove: hash })),
    ]);
  });
}

function reasons({ reason, reason_en }: { reason?: string; reason_en?: string }): { reason: string; reason_en: string } {
  return { reason: reason ?? '', reason_en: reason_en ?? '' };
}

async function photoStep({ hash, bytes }: NewPhoto): Promise<Step> {
  return { store: 'photos', put: { key: hash, waiting: 1, sealed: await sealBytes(bytes, `photo:${hash}`) } };
}

async function waitingRecord(event: VisitEvent): Promise<EventRecord> {
  return { number: event.number, id: event.id, waiting: 1, sealed: await seal(event, `event:${event.number}`) };
}

function opened(record: EventRecord): Promise<VisitEvent> {
  return unseal<VisitEvent>(record.sealed, `event:${record.number}`);
}
