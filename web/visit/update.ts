// A new version waits until the person restarts; nothing is ever loaded anew by itself.
import { draftsWritten } from './draft';

const lookEveryMs = 60 * 60_000;

let registration: ServiceWorkerRegistration | null = null;
let told: () => void = () => undefined;
let restarting = false;

export function isNewVersionReady(): boolean {
  return registration?.waiting !== null && registration?.waiting !== undefined && navigator.serviceWorker.controller !== null;
}

export async function setUpUpdate(whenReady: () => void): Promise<void> {
  told = whenReady;
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => restarting && location.reload());
  registration = await navigator.serviceWorker.register('/visit/service-worker.js', { scope: '/visit/', updateViaCache: 'none' });
  registration.addEventListener('updatefound', () => {
    const coming = registration?.installing;
    coming?.addEventListener('statechange', () => coming.state === 'installed' && told());
  });
  told();
  const look = (): void => void registration?.update().catch(() => undefined);
  setInterval(look, lookEveryMs);
  window.addEventListener('online', look);
}

export async function restart(): Promise<void> {
  await draftsWritten();
  restarting = true;
  registration?.waiting?.postMessage('activate');
}
