// Asking the server: a time limit on every question, and three kinds of failure.
import { holdings } from './holdings';

/** The server said no: `status` and the code of its problem document. */
export class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, readonly detail: string) {
    super(`${status} ${code}`);
  }
}

/** No answer, half an answer, or one that is not understood: to be asked again. */
export class Unreachable extends Error {}

const answerWithinMs = 30_000;
const photoWithinMs = 180_000;

export function get<T>(path: string): Promise<T> {
  return ask<T>(path, { method: 'GET' }, answerWithinMs);
}

export function post<T>(path: string, body: unknown): Promise<T> {
  return ask<T>(path, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }, answerWithinMs);
}

export async function putPhoto(hash: string, bytes: ArrayBuffer): Promise<void> {
  await ask<unknown>(`photos/${hash}`, { method: 'PUT', body: bytes, headers: { 'Content-Type': 'image/jpeg' } }, photoWithinMs, false);
}

async function ask<T>(path: string, request: RequestInit, withinMs: number, wantsAnswer = true): Promise<T> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), withinMs);
  const token = holdings.identity?.token;
  try {
    const response = await fetch(`/api/v1/sync/${path}`, {
      ...request, signal: stop.signal, cache: 'no-store', credentials: 'omit',
      headers: { ...request.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    });
    const text = await response.text();
    if (!response.ok) throw refusal(response.status, text);
    return (wantsAnswer ? JSON.parse(text) : undefined) as T;
  } catch (failure) {
    if (failure instanceof Refusal) throw failure;
    throw new Unreachable(String(failure));
  } finally {
    clearTimeout(timer);
  }
}

function refusal(status: number, text: string): Refusal | Unreachable {
  // Gateways and servers that are just starting answer these; they say nothing about the question.
  if (status >= 500 || status === 408 || status === 429) return new Unreachable(String(status));
  try {
    const { code, detail, title } = JSON.parse(text) as { code?: string; detail?: string; title?: string };
    return new Refusal(status, code ?? '', detail ?? title ?? '');
  } catch {
    return new Refusal(status, '', '');
  }
}
