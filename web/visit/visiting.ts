// What a person does at a visit, as events and the state they leave.
import { today } from './clock';
import { changeDraft, changeElder, changeVisit, changeWork, holdings, workOf, type Change, type Draft, type Pending, type TaskWork, type Work } from './holdings';
import { keep, write, type Entry, type NewPhoto } from './journal';
import { position } from './position';
import type { Bodies, PlannedTask, Position, Service, Visit } from './protocol';
import { sha256, uuid } from './signing';

/** How a visit stands: what was done on this phone comes before what the server said. */
export type Standing = 'planned' | 'begun' | 'done' | 'missed' | 'cancelled';

export function standing(visit: Visit): Standing {
  const work = workOf(visit.id);
  if (work.ended) return 'done';
  if (work.missed) return 'missed';
  // Called off while somebody is there: what they do is ended and told all the same.
  if (work.begun && ['planned', 'cancelled'].includes(visit.state)) return 'begun';
  return visit.state;
}

/** What is done at a visit: as planned, and what was added on this phone. */
export function tasksOf(visit: Visit): PlannedTask[] {
  const { added } = workOf(visit.id);
  const more = holdings.services.filter(({ id }) => added.includes(id) && !visit.tasks.some(({ service }) => service === id));
  return [...visit.tasks, ...more.map(taskFrom)];
}

/** Services that may still be added to a visit. */
export function servicesLeft(visit: Visit): Service[] {
  const there = new Set(tasksOf(visit).map(({ service }) => service));
  return holdings.services.filter(({ id }) => !there.has(id));
}

function taskFrom({ id: service, ...rest }: Service): PlannedTask {
  return { service, ...rest };
}

export async function addService(visit: string, service: string): Promise<void> {
  await keep(() => [changeWork(visit, { ...workOf(visit), added: [...workOf(visit).added, service] })]);
}

export async function leaveService(visit: string, service: string): Promise<void> {
  await keep(() => [changeWork(visit, { ...workOf(visit), added: workOf(visit).added.filter((each) => each !== service) })]);
}

/** Begins at once; the event follows when the position is known or was waited for long enough. */
export async function begin(visit: string, door: string): Promise<void> {
  const at = now();
  await record(visit, [{ kind: 'begin', at, body: { door } }], () => ({ begun: at }));
}

export async function recordMaterial(visit: string, material: Bodies['material'], draft: string[]): Promise<void> {
  await record(visit, [{ kind: 'material', at: now(), body: material }], ({ materials }) => ({ materials: [...materials, material] }), draft);
}

/** A photo of what a service asks for, or of the visit as a whole where `service` is empty. */
export async function recordPhoto(visit: string, service: string, kind: string, bytes: ArrayBuffer): Promise<void> {
  const hash = await sha256(bytes);
  const body = { hash, kind, service, bytes: bytes.byteLength };
  await record(visit, [{ kind: 'photo', at: now(), body }], ({ photos }) => ({ photos: [...photos, body] }), [], [{ hash, bytes }]);
}

/** Ends a visit with everything that was filled in and not yet recorded, all in one. */
export async function end(visit: string, tasks: Record<string, TaskWork>, signature: Bodies['signature'] | null, next: string, note: string): Promise<void> {
  const at = now();
  const steps = Object.entries(tasks).map(([service, task]) => taskDone(service, task));
  if (signature) steps.push({ kind: 'signature', at, body: signature });
  steps.push({ kind: 'end', at, body: { next, note } });
  const signedBy = signature ? { by: signature.by, name: 'name' in signature ? signature.name : signature.reason } : null;
  await record(visit, steps, (work) => ({ ended: at, next, tasks: { ...work.tasks, ...tasks }, signature: signedBy }), 'all');
}

export async function miss(visit: string, reason: Bodies['missed']['reason'], note: string): Promise<void> {
  const at = now();
  await record(visit, [{ kind: 'missed', at, body: { reason, note } }], () => ({ missed: at }), 'all');
}

/** Begins a visit that nobody planned; gives its id. */
export async function unplanned(elder: string, services: string[], reason: string, door: string): Promise<string> {
  const id = uuid();
  const at = now();
  const visit: Visit = {
    id, version: '', elder, day: today(), from: '', until: '', minutes: 0, people: 1, second: '', state: 'planned', order: 1000, note: reason, purposes: [],
    tasks: holdings.services.filter((each) => services.includes(each.id)).map(taskFrom), signature: true,
  };
  const work: Work = { ...workOf(id), begun: at, day: today(), pending: [{ kind: 'begin', at, body: { door } }] };
  await write([{ kind: 'unplanned', visit: '', at, id, body: { elder, services, reason } }],
    () => [changeVisit(id, visit), changeWork(id, work), changeDraft(`unplanned-${elder}`, null)]);
  void settle(id).catch(() => undefined);
  return id;
}

export async function changeField(elder: string, field: 'phone' | 'remark', after: string): Promise<void> {
  const found = holdings.elders.get(elder);
  if (!found || found[field] === after) return;
  const body = { elder, field, before: found[field], after };
  await write([{ kind: 'change', visit: '', body }], () => [changeElder(elder, { ...found, [field]: after }), changeDraft(`elder-${elder}`, withoutField(holdings.drafts.get(`elder-${elder}`) ?? {}, field))]);
}

/** What else was typed stays. */
function withoutField(draft: Draft, field: string): Draft | null {
  const rest = Object.fromEntries(Object.entries(draft).filter(([name]) => name !== field));
  return Object.keys(rest).length === 0 ? null : rest;
}

function taskDone(service: string, task: TaskWork): Pending {
  return { kind: 'task', at: now(), body: { service, ...task } };
}

/** Keeps what was done and how the visit stands after it in one transaction; the fields of the draft named are done with. */
async function record(visit: string, steps: Pending[], how: (work: Work) => Partial<Work>, draft: string[] | 'all' = [], photos: NewPhoto[] = []): Promise<void> {
  await keep(() => {
    const work = workOf(visit);
    return [
      changeWork(visit, { ...work, day: work.day || today(), ...how(work), pending: [...work.pending, ...steps] }),
      ...withoutFields(visit, draft),
    ];
  }, photos);
  void settle(visit).catch(() => undefined);
}

function withoutFields(visit: string, fields: string[] | 'all'): Change[] {
  const draft = holdings.drafts.get(visit);
  if (!draft || fields.length === 0) return [];
  if (fields === 'all') return [changeDraft(visit, null)];
  const without = (whole: Draft): Draft => Object.fromEntries(Object.entries(whole).filter(([name]) => !fields.includes(name)));
  // More may have been typed by the time this is written.
  return [{ ...changeDraft(visit, without(draft)), take: () => holdings.drafts.set(visit, without(holdings.drafts.get(visit) ?? {})) }];
}

const settling = new Map<string, Promise<void>>();
/** A step that waited longer for its position was interrupted: where the phone is now says nothing about it. */
const stillThereMs = 60_000;

/** Turns what was done at a visit into events, in its order; those that carry a position wait for it. */
export function settle(visit: string): Promise<void> {
  const running = settling.get(visit);
  if (running) return running;
  const made = settleAll(visit).finally(() => settling.delete(visit));
  settling.set(visit, made);
  return made;
}

/** After the app was closed in between. */
export async function settleInterrupted(): Promise<void> {
  for (const [visit, { pending }] of Array.from(holdings.works)) if (pending.length > 0) await settle(visit);
}

/** What was done and is not an event yet. */
export function pendingCount(): number {
  return Array.from(holdings.works.values()).reduce((sum, { pending }) => sum + pending.length, 0);
}

async function settleAll(visit: string): Promise<void> {
  for (;;) {
    const { pending } = workOf(visit);
    const first = pending[0];
    if (!first) return;
    const firstPlaced = pending.findIndex(hasPosition);
    const ready = hasPosition(first) ? [await placed(first)] : pending.slice(0, firstPlaced < 0 ? pending.length : firstPlaced);
    const entries = ready.map(({ kind, at, body }) => ({ kind, visit, at, body }) as Entry);
    await write(entries, () => [changeWork(visit, { ...workOf(visit), pending: workOf(visit).pending.slice(ready.length) })]);
  }
}

function hasPosition({ kind }: Pending): boolean {
  return kind === 'begin' || kind === 'end' || kind === 'missed';
}

async function placed(step: Pending): Promise<Pending> {
  const fresh = Math.abs(Date.now() - Date.parse(step.at)) < stillThereMs;
  const { fix, why }: Position = fresh ? await position() : { fix: null, why: 'unavailable' };
  return { ...step, body: step.kind === 'missed' ? { ...step.body, fix } : { fix, why, ...step.body } };
}

function now(): string {
  return new Date().toISOString();
}

/** Work of visits that are over and that the server no longer sends may go once everything of it was received. */
export function isOver(visit: Visit): boolean {
  const work = workOf(visit.id);
  return (work.ended !== '' || work.missed !== '' || work.begun === '') && work.pending.length === 0 && visit.day < today();
}
