// htmx under a strict content security policy: nothing evaluated, nothing inline, nothing stored, only our own server.
import htmx from 'htmx.org/dist/htmx.esm.js';
import { waitForNetwork } from './autosave';
import { metaContent } from './dom';
import { toast } from './toast';
import { say } from './words';

export function setUpHtmx(): void {
  Object.assign(htmx.config, {
    allowEval: false,
    allowScriptTags: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
    // Pages hold personal data; none of it may stay in the browser's storage.
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    scrollIntoViewOnBoost: false,
    // Copying `style` by attribute would offend the policy.
    attributesToSettle: ['class', 'width', 'height'],
    responseHandling: [
      { code: '204', swap: false },
      { code: '[23]..', swap: true },
      { code: '422', swap: true },
      { code: '[45]..', swap: false, error: true },
    ],
  });

  on('htmx:configRequest', (detail) => {
    const token = metaContent('csrf');
    if (token) detail.headers['X-CSRF-Token'] = token;
    if (detail.verb === 'get') dropEmpty(detail);
  });

  // htmx takes every script out of what it swaps in, also those that are only data: these become text that is not shown.
  on('htmx:beforeSwap', (detail) => {
    detail.serverResponse = String(detail.serverResponse).replace(/<script type="application\/json">([\s\S]*?)<\/script>/g, (_, json: string) => `<span hidden class="json">${json.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</span>`);
  });

  let running = 0;
  const busy = document.body.appendChild(Object.assign(document.createElement('div'), { className: 'busy', hidden: true }));
  on('htmx:beforeRequest', (detail, event) => {
    const polled = (detail.elt as Element).closest('.js-poll') !== null;
    if (polled && document.hidden) event.preventDefault();
    else if (!polled) busy.hidden = ++running === 0;
  });
  on('htmx:afterRequest', (detail) => {
    if ((detail.elt as Element).closest('.js-poll') === null) running = Math.max(0, running - 1);
    busy.hidden = running === 0;
    markPressedChip(detail.elt);
  });

  on('htmx:responseError', (detail) => {
    const { status, responseText } = detail.xhr as XMLHttpRequest;
    if (status === 401) location.reload();
    else toast('bad', sentenceOf(responseText) ?? say(status === 403 ? 'forbidden' : status === 404 ? 'missing' : 'failed'));
  });
  on('htmx:sendError', (detail) => {
    if (!waitForNetwork(detail.elt)) toast('bad', say('offline'));
  });
}

/** Calls `look` for the page now and for every piece htmx brings in later. */
export function onContent(look: (root: Element) => void): void {
  const run = (): void => look(document.body);
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', run);
  else run();
  on('htmx:load', (detail) => {
    if (detail.elt !== document.body) look(detail.elt);
  });
}

function on(name: string, handle: (detail: any, event: Event) => void): void {
  document.addEventListener(name, (event) => handle((event as CustomEvent).detail, event));
}

function dropEmpty(detail: { formData: FormData }): void {
  for (const key of new Set(detail.formData.keys())) {
    const kept = detail.formData.getAll(key).filter((value) => value !== '');
    detail.formData.delete(key);
    for (const value of kept) detail.formData.append(key, value);
  }
}

/** The sentence for people in an answer that failed. */
export function sentenceOf(html: string): string | null {
  const told = new DOMParser().parseFromString(html, 'text/html').querySelector('[data-error-text]');
  return told?.getAttribute('data-error-text')?.trim() || told?.textContent?.trim() || null;
}

function markPressedChip(pressed: Element): void {
  const chip = pressed.closest?.('.chip');
  if (!chip) return;
  for (const other of chip.parentElement?.querySelectorAll('.chip[aria-current]') ?? []) other.removeAttribute('aria-current');
  chip.setAttribute('aria-current', 'true');
}
