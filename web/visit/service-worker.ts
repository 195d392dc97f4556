// Keeps the app itself on the phone: a version is stored whole and checked, and takes over only when the person says so.
type Extendable = Event & { waitUntil(deed: Promise<unknown>): void };
type Fetching = Extendable & { request: Request; respondWith(answer: Promise<Response>): void };
type Syncing = Extendable & { tag: string };
type Scope = {
  addEventListener(kind: 'install' | 'activate', listener: (event: Extendable) => void): void;
  addEventListener(kind: 'fetch', listener: (event: Fetching) => void): void;
  addEventListener(kind: 'sync', listener: (event: Syncing) => void): void;
  addEventListener(kind: 'message', listener: (event: MessageEvent) => void): void;
  skipWaiting(): Promise<void>;
  registration: { scope: string };
  clients: { claim(): Promise<void>; matchAll(): Promise<{ postMessage(message: unknown, ports: Transferable[]): void }[]> };
};
declare const VERSION: string;
/** Every file with the SHA-256 of its bytes: a file cut short on the way or of another version is not stored. */
declare const FILES: Record<string, string>;

const worker = self as unknown as Scope;
const prefix = 'visit-';
const cacheName = prefix + VERSION;
const backgroundWithinMs = 25_000;

worker.addEventListener('install', (event) => event.waitUntil(store()));
worker.addEventListener('activate', (event) => event.waitUntil(dropOthers().then(() => worker.clients.claim())));
worker.addEventListener('message', ({ data }) => data === 'activate' && void worker.skipWaiting());
worker.addEventListener('sync', (event) => event.tag === 'events' && event.waitUntil(syncThroughWindow()));
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && request.url.startsWith(worker.registration.scope)) event.respondWith(answer(request));
});

async function store(): Promise<void> {
  const cache = await caches.open(cacheName);
  await Promise.all(Object.entries(FILES).map(async ([name, expected]) => {
    const response = await fetch(addressOf(name), { cache: 'no-store', credentials: 'omit' });
    const bytes = await response.arrayBuffer();
    if (!response.ok || (await sha256(bytes)) !== expected) throw new Error(`${name} did not arrive whole`);
    const headers = new Headers(response.headers);
    for (const each of ['Content-Encoding', 'Content-Length']) headers.delete(each);
    await cache.put(addressOf(name), new Response(bytes, { headers }));
  }));
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(prefix) && name !== cacheName).map((name) => caches.delete(name)));
}

async function answer(request: Request): Promise<Response> {
  const wanted = request.mode === 'navigate' ? addressOf('') : request.url.replace(/[?#].*$/, '');
  return (await (await caches.open(cacheName)).match(wanted)) ?? fetch(request);
}

// Events are sealed with the PIN, so that only an open window can send them.
async function syncThroughWindow(): Promise<void> {
  const windows = await worker.clients.matchAll();
  await Promise.all(windows.map((each) => new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    setTimeout(resolve, backgroundWithinMs);
    each.postMessage('sync', [port2]);
  })));
}

function addressOf(name: string): string {
  return worker.registration.scope + name;
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  return Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (each) => each.toString(16).padStart(2, '0')).join('');
}
