// Forms that are saved with each change: what cannot be sent stays on this device and is sent once the network is back.
import { toast } from './toast';
import { say } from './words';

const savedAtOnce = 'form[hx-post][hx-target="#saved"]';
const retryMs = 10_000;
let waiting: HTMLFormElement | null = null;

export function setUpAutosave(): void {
  window.addEventListener('online', again);
  setInterval(again, retryMs);
  document.addEventListener('htmx:afterRequest', (event) => {
    const { elt, xhr } = (event as CustomEvent).detail;
    if (elt !== waiting || xhr.status === 0) return;
    waiting = null;
    if (xhr.status < 400) toast('ok', say('backOnline'));
  });
  // A page that cannot be reached would take the place of the form.
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (navigator.onLine || !form.matches(savedAtOnce)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waitForNetwork(form);
  }, true);
}

/** Whether the form that could not be sent is one that waits by itself; it says so where it says that it is saved. */
export function waitForNetwork(form: Element): boolean {
  if (!(form instanceof HTMLFormElement) || !form.matches(savedAtOnce)) return false;
  if (waiting === null) toast('warn', say('keptHere'));
  waiting = form;
  const line = document.getElementById('saved');
  if (line && line.textContent !== say('keptHere')) {
    line.className = 'error';
    line.setAttribute('role', 'alert');
    line.textContent = say('keptHere');
  }
  return true;
}

function again(): void {
  if (waiting?.isConnected && navigator.onLine) waiting.dispatchEvent(new Event('change', { bubbles: true }));
}
