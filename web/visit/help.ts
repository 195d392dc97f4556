// A call for help before the PIN: the token is sealed, so a key that may do nothing else signs it; kept at once, sent until it was received,
// also by a phone that is wiped meanwhile. A call made after the PIN lies here too until it arrived, for a phone that is locked before.
import { commit, read } from './database';
import { unsent } from './journal';
import { position } from './position';
import type { Answer, Fix } from './protocol';
import { post, Refusal } from './server';
import { signature, uuid } from './signing';
import { inTurn } from './turns';
import { isOpen, triesLeft } from './vault';

type HelpKey = { key: 'help-key'; phone: string; privateKey: CryptoKey };
/** `body` and `signature` are empty until the position is known or was waited for; `isEvent`, where the open app sends it itself. */
type HelpCall = { id: string; at: string; phone: string; body: string; signature: string; isEvent?: boolean };
type HelpCalls = { key: 'help-calls'; calls: HelpCall[] };

const positionWithinMs = 2_000;
const positionAtMostOldMs = 60_000;
const againMs = 10_000;

/** What became of the last call: when it was made, when it arrived, and whether the server would not have it. */
export const help = { calledAt: '', arrivedAt: '', isRefused: false };
let waiting: HelpCall[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** Told when a call was made, has arrived or was refused. */
export function onHelp(listener: () => void): void {
  listeners.add(listener);
}

/** When help was called before the PIN and not all of it has been received; empty where nothing waits. */
export function helpWaitingSince(): string {
  return waiting[0]?.at ?? '';
}

/** The record to keep of the key, for the phone that the server knows by this name. */
export function helpKeyRecord(phone: string, privateKey: CryptoKey): HelpKey {
  return { key: 'help-key', phone, privateKey };
}

export async function canCall(): Promise<boolean> {
  return (await read<HelpKey>('plain', 'help-key')) !== undefined;
}

export async function callLocked(): Promise<void> {
  const made = called();
  Object.assign(help, { calledAt: made.at, arrivedAt: '', isRefused: false });
  await keep((calls) => [...calls, made]);
  const { fix } = await position(positionWithinMs, positionAtMostOldMs);
  await finish(made, fix, '');
  void send();
  if (fix) return;
  // The call is on its way; where it came from follows as soon as the phone knows.
  const later = await position();
  if (!later.fix) return;
  await finish(called(), later.fix, made.id);
  void send();
}

function called(): HelpCall {
  return { id: uuid(), at: new Date().toISOString(), phone: '', body: '', signature: '' };
}

/** Keeps a call that the open app has written as an event: it goes out from here where the app is locked, or wiped, before it arrived. */
export function standIn(id: string, at: string, fix: Fix | null): Promise<void> {
  return finish({ ...called(), id, at, isEvent: true }, fix, '');
}

/** What the open app has sent itself waits here no longer. */
export async function dropArrived(): Promise<void> {
  if (!isOpen()) return;
  const left = new Set(unsent().map(({ id }) => id));
  const hasArrived = ({ id, isEvent }: HelpCall): boolean => isEvent === true && !left.has(id);
  if (waiting.some(hasArrived)) await keep((calls) => calls.filter((each) => !hasArrived(each)));
}

/** Calls that the app was closed upon, and sending what waits. */
export async function settleHelp(): Promise<void> {
  waiting = (await read<HelpCalls>('plain', 'help-calls'))?.calls ?? [];
  for (const each of waiting.filter(({ body }) => body === '')) await finish(each, null, '');
  if (waiting.length === 0) return;
  help.calledAt = helpWaitingSince();
  void send();
}

export function setUpHelp(): void {
  window.addEventListener('online', () => void send());
}

/** After everything else on this phone was wiped: what waits is sent, and then its key goes as well. */
export async function settleWiped(): Promise<void> {
  clearTimeout(timer);
  Object.assign(help, { calledAt: '', arrivedAt: '', isRefused: false });
  await settleHelp();
}

async function finish(call: HelpCall, fix: Fix | null, follows: string): Promise<void> {
  const found = await read<HelpKey>('plain', 'help-key');
  if (!found) return;
  const body = JSON.stringify({ fix, note: follows === '' ? '' : '补报位置', follows });
  const made = { ...call, phone: found.phone, body, signature: await signature(found.privateKey, ['help', found.phone, call.id, call.at, body]) };
  await keep((calls) => [...calls.filter(({ id }) => id !== call.id), made]);
}

async function send(): Promise<void> {
  clearTimeout(timer);
  const ready = waiting.filter(({ body, isEvent }) => body !== '' && !(isEvent && isOpen()));
  const phone = ready[0]?.phone;
  if (phone === undefined) return;
  const calls = ready.filter((each) => each.phone === phone).slice(0, 20).map(({ id, at, body, signature: signed }) => ({ id, at, body, signature: signed }));
  try {
    const { receipts } = await post<Pick<Answer, 'receipts'>>('help', { phone, now: new Date().toISOString(), calls });
    const received = new Set(receipts.map(({ id }) => id));
    await keep((all) => all.filter(({ id }) => !received.has(id)));
    if (waiting.length === 0) Object.assign(help, { arrivedAt: new Date().toISOString(), isRefused: false });
  } catch (failure) {
    help.isRefused = failure instanceof Refusal;
    // A phone that was wiped because it is revoked is not heard again.
    if (help.isRefused && (await isWiped())) await keep(() => []);
  }
  if (waiting.length === 0 && (await isWiped())) await commit([{ store: 'plain', remove: 'help-key' }]);
  if (waiting.length > 0) timer = setTimeout(() => void send(), againMs);
  tell();
}

/** Nobody's phone: whoever enrols it next brings another key. */
async function isWiped(): Promise<boolean> {
  return (await triesLeft()) === null;
}

function keep(change: (calls: HelpCall[]) => HelpCall[]): Promise<void> {
  return inTurn(async () => {
    waiting = change(waiting);
    await commit([{ store: 'plain', put: { key: 'help-calls', calls: waiting } }]);
    tell();
  });
}

function tell(): void {
  for (const each of listeners) each();
}
