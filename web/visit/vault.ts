// Everything is sealed with a random key, and that key with the PIN: forgotten when locked, gone when wiped.
import { commit, read, wipe } from './database';

const rounds = 310_000;

export type Sealed = { iv: Uint8Array; data: ArrayBuffer };
type Lock = { key: 'lock'; salt: Uint8Array; rounds: number; iv: Uint8Array; wrapped: ArrayBuffer; tries: number; wrong: number };

let dataKey: CryptoKey | null = null;

export function isOpen(): boolean {
  return dataKey !== null;
}

export function lock(): void {
  dataKey = null;
}

/** How many tries are left, and whether some were wrong; nothing where this phone has no PIN. */
export async function triesLeft(): Promise<{ left: number; isFewer: boolean } | null> {
  const found = await read<Lock>('plain', 'lock');
  return found ? { left: found.tries - found.wrong, isFewer: found.wrong > 0 } : null;
}

/** As many wrong PINs as the server allows; those already tried stay counted. */
export async function allowTries(tries: number): Promise<void> {
  const found = await read<Lock>('plain', 'lock');
  const isOther = found !== undefined && Number.isInteger(tries) && tries > 0 && found.tries !== tries;
  if (isOther) await commit([{ store: 'plain', put: { ...found, tries } }]);
}

/** A PIN that anybody would try first. */
export function isWeakPin(pin: string): boolean {
  const half = pin.slice(0, pin.length / 2);
  if (new Set(pin).size <= 2 || half + half === pin) return true;
  const steps = new Set(Array.from(pin).slice(1).map((digit, index) => Number(digit) - Number(pin[index])));
  return steps.size === 1 && [0, 1, -1].includes([...steps][0] ?? 9);
}

/** Makes the data key and gives the record that holds it, to be written with the first sealed records. */
export async function create(pin: string, tries: number): Promise<Lock> {
  const extractable = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);
  const made = await wrapped(extractable, pin, tries);
  dataKey = await unwrapped(made, pin);
  return made;
}

/** Another PIN for the same data. */
export async function changePin(before: string, after: string): Promise<void> {
  const found = await read<Lock>('plain', 'lock');
  if (!found) throw new Locked('no PIN');
  await commit([{ store: 'plain', put: await wrapped(await unwrapped(found, before, true), after, found.tries) }]);
}

async function wrapped(key: CryptoKey, pin: string, tries: number): Promise<Lock> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealedKey = await crypto.subtle.wrapKey('raw', key, await keyOfPin(pin, salt, rounds), { name: 'AES-GCM', iv });
  return { key: 'lock', salt, rounds, iv, wrapped: sealedKey, tries, wrong: 0 };
}

/** Counts the try before it is made, so that closing the app in between does not undo it. */
export async function open(pin: string): Promise<'open' | 'wrong' | 'wiped'> {
  const found = await read<Lock>('plain', 'lock');
  if (!found) return 'wiped';
  const tried = { ...found, wrong: found.wrong + 1 };
  await commit([{ store: 'plain', put: tried }]);
  try {
    dataKey = await unwrapped(found, pin);
    await commit([{ store: 'plain', put: { ...found, wrong: 0 } }]);
    return 'open';
  } catch {
    if (tried.wrong < tried.tries) return 'wrong';
    await wipe();
    return 'wiped';
  }
}

/** `place` is where the record lies; sealed content put in another place does not open. */
export async function seal(value: unknown, place: string): Promise<Sealed> {
  return sealBytes(new TextEncoder().encode(JSON.stringify(value)), place);
}

export async function unseal<T>(sealed: Sealed, place: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await unsealBytes(sealed, place))) as T;
}

export async function sealBytes(bytes: BufferSource, place: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt(parameters(iv, place), keyOrLocked(), bytes) };
}

export async function unsealBytes(sealed: Sealed, place: string): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt(parameters(sealed.iv, place), keyOrLocked(), sealed.data);
}

export class Locked extends Error {}

function keyOrLocked(): CryptoKey {
  if (!dataKey) throw new Locked('locked');
  return dataKey;
}

function parameters(iv: Uint8Array, place: string): AesGcmParams {
  return { name: 'AES-GCM', iv: iv as BufferSource, additionalData: new TextEncoder().encode(place) };
}

async function keyOfPin(pin: string, salt: Uint8Array, times: number): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveKey']);
  const way = { name: 'PBKDF2', hash: 'SHA-256', salt: salt as BufferSource, iterations: times };
  return crypto.subtle.deriveKey(way, material, { name: 'AES-GCM', length: 256 }, false, ['wrapKey', 'unwrapKey']);
}

async function unwrapped({ salt, rounds: times, iv, wrapped: sealedKey }: Lock, pin: string, isToBeWrapped = false): Promise<CryptoKey> {
  const opening = await keyOfPin(pin, salt, times);
  return crypto.subtle.unwrapKey('raw', sealedKey, opening, { name: 'AES-GCM', iv: iv as BufferSource }, 'AES-GCM', isToBeWrapped, ['encrypt', 'decrypt']);
}
