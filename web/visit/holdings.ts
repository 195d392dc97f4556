// What this phone holds, opened after the PIN, and the sealed records it comes from.
import { readAll, type Step } from './database';
import type { Elder, Form, Me, PhotoKind, Service, Settings, SignedBy, Values, Visit } from './protocol';
import { seal, unseal, type Sealed } from './vault';

export type Identity = { phone: string; token: string; name: string; server: string };
export type TaskWork = { done: boolean; reason: string; values: Values; note: string; no_photo: string };
/** What was done at a visit and is not an event yet: it, or what comes before it, still waits for a position. */
export type Pending = { kind: 'begin' | 'task' | 'photo' | 'material' | 'signature' | 'end' | 'missed'; at: string; body: object };
export type Work = {
  begun: string; ended: string; missed: string; day: string; pending: Pending[];
  tasks: Record<string, TaskWork>;
  /** Services that nobody planned and that are done all the same. */
  added: string[];
  photos: { hash: string; kind: string; service: string; bytes: number }[];
  materials: { name: string; count: number }[];
  signature: { by: SignedBy | 'none'; name: string } | null;
  next: string;
};
export type Draft = Record<string, string>;
/** A press of the SOS button that has not become an event yet. */
export type Call = { at: string; visit: string };
export type About = { cursor: string; catalogue: string; me: Me; settings: Settings; photos: PhotoKind[]; serverId: string; clockAheadMs: number; heardAt: string };

type Records = { identity: Identity; about: About; forms: Form[]; services: Service[]; calls: Call[] };
type SealedRecord = { key: string; sealed: Sealed };

export const holdings = {
  identity: null as Identity | null,
  about: null as About | null,
  forms: new Map<string, Form>(),
  services: [] as Service[],
  visits: new Map<string, Visit>(),
  elders: new Map<string, Elder>(),
  works: new Map<string, Work>(),
  drafts: new Map<string, Draft>(),
  calls: [] as Call[],
};

export function noWork(): Work {
  return { begun: '', ended: '', missed: '', day: '', pending: [], tasks: {}, added: [], photos: [], materials: [], signature: null, next: '' };
}

export function workOf(visit: string): Work {
  // What an earlier version kept may lack a field.
  return { ...noWork(), ...holdings.works.get(visit) };
}

/** One record to be kept (or, where the value is null, removed), sealed for a transaction; `take` changes what is held in memory. */
export type Change = { step: () => Promise<Step>; take: () => void };

export function change<K extends keyof Records>(kind: K, value: Records[K]): Change {
  return kept(kind, value, () => takeWhole(kind, value));
}

export function changeVisit(id: string, value: Visit | null): Change {
  return kept(`visit:${id}`, value, () => takeOne(holdings.visits, id, value));
}

export function changeElder(id: string, value: Elder | null): Change {
  return kept(`elder:${id}`, value, () => takeOne(holdings.elders, id, value));
}

export function changeWork(visit: string, value: Work | null): Change {
  return kept(`work:${visit}`, value, () => takeOne(holdings.works, visit, value));
}

export function changeDraft(name: string, value: Draft | null): Change {
  return kept(`draft:${name}`, value, () => takeOne(holdings.drafts, name, value));
}

function kept(key: string, value: unknown, take: () => void): Change {
  const step = async (): Promise<Step> =>
    value === null ? { store: 'records', remove: key } : { store: 'records', put: { key, sealed: await seal(value, key) } };
  return { step, take };
}

/** Opens every record after the PIN. */
export async function load(): Promise<void> {
  forget();
  const opened = await Promise.all((await readAll<SealedRecord>('records')).map(async ({ key, sealed }) => ({ key, value: await unseal<unknown>(sealed, key) })));
  for (const { key, value } of opened) {
    const split = key.indexOf(':');
    if (split < 0) takeWhole(key as keyof Records, value as Records[keyof Records]);
    else takeOne(mapOf(key.slice(0, split)), key.slice(split + 1), value);
  }
}

export function forget(): void {
  holdings.identity = holdings.about = null;
  holdings.services = [];
  holdings.calls = [];
  for (const map of [holdings.forms, holdings.visits, holdings.elders, holdings.works, holdings.drafts]) map.clear();
}

function mapOf(kind: string): Map<string, unknown> {
  const maps: Record<string, Map<string, unknown>> = { visit: holdings.visits, elder: holdings.elders, work: holdings.works, draft: holdings.drafts };
  return maps[kind] ?? new Map();
}

function takeOne<T>(map: Map<string, T>, key: string, value: T | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}

function takeWhole(kind: keyof Records, value: Records[keyof Records]): void {
  if (kind === 'identity') holdings.identity = value as Identity;
  if (kind === 'about') holdings.about = value as About;
  if (kind === 'services') holdings.services = value as Service[];
  if (kind === 'calls') holdings.calls = value as Call[];
  if (kind === 'forms') holdings.forms = new Map((value as Form[]).map((each) => [each.id, each]));
}
