// The phone's own key, and the hash and signature that make its events a chain.
import { read } from './database';
import type { VisitEvent } from './protocol';

type Keys = { key: 'keys'; privateKey: CryptoKey };
const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
const signing = { name: 'ECDSA', hash: 'SHA-256' };

/** A pair whose private half cannot be taken off this phone, and whose public half is sent. */
export async function newKeys(): Promise<{ privateKey: CryptoKey; publicKey: string }> {
  const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
  return { privateKey: pair.privateKey, publicKey: base64url(await crypto.subtle.exportKey('raw', pair.publicKey)) };
}

/** The record that keeps the key of the events. */
export function keysRecord(privateKey: CryptoKey): Keys {
  return { key: 'keys', privateKey };
}

export async function signed(event: Omit<VisitEvent, 'hash' | 'signature'>): Promise<VisitEvent> {
  const keys = await read<Keys>('plain', 'keys');
  if (!keys) throw new Error('this phone has no key');
  const { id, number, at, kind, visit, previous, body } = event;
  const lines = new TextEncoder().encode([id, number, at, kind, visit, previous, body].join('\n'));
  const made = await crypto.subtle.sign(signing, keys.privateKey, lines);
  return { ...event, hash: await sha256(lines), signature: base64url(made) };
}

/** The signature of a text by a key of this phone. */
export async function signature(key: CryptoKey, lines: string[]): Promise<string> {
  return base64url(await crypto.subtle.sign(signing, key, new TextEncoder().encode(lines.join('\n'))));
}

export async function sha256(bytes: BufferSource): Promise<string> {
  return Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (each) => each.toString(16).padStart(2, '0')).join('');
}

/** `crypto.randomUUID` came with Chrome 92. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return Array.from(bytes, (each, index) => ([4, 6, 8, 10].includes(index) ? '-' : '') + each.toString(16).padStart(2, '0')).join('');
}

function base64url(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
