// What a long work says of itself while it runs: each message is shown as it comes, and at the end the plan is fetched anew.
import htmx from 'htmx.org/dist/htmx.esm.js';
import { element, first, matching } from './dom';
import { say } from './words';

/** Milliseconds between two things said to a screen reader, before a lost connection is told, and before a refused one is tried again. */
const breath = 3000;
const patience = 5000;

export function setUpLive(root: Element): void {
  for (const box of matching<HTMLElement>(root, '.js-live[data-src]')) if (first(box, 'live')) listen(box, box.dataset.src!);
}

function listen(box: HTMLElement, address: string): void {
  // The content changes too often to be read aloud each time; a line of its own says it now and then.
  box.setAttribute('aria-live', 'off');
  const aloud = element('p', { class: 'sr', 'aria-live': 'polite' });
  const note = element('p', { class: 'live-note', role: 'status' });
  box.after(note, aloud);
  let source: EventSource;
  let losing = 0;
  let trying = 0;
  let saying = 0;

  // What is said aloud: the sentence meant for it, else everything.
  const sentence = (): string => (box.querySelector<HTMLElement>('.live-say')?.textContent ?? box.innerText).trim();
  const saySoon = (): void => {
    if (saying || aloud.textContent === sentence()) return;
    aloud.textContent = sentence();
    saying = window.setTimeout(() => {
      saying = 0;
      saySoon();
    }, breath);
  };
  const close = (): void => {
    source.close();
    for (const timer of [losing, trying, saying]) clearTimeout(timer);
    note.remove();
    aloud.remove();
  };
  const well = (): void => {
    clearTimeout(losing);
    losing = 0;
    note.replaceChildren();
  };
  const lost = (): void => {
    losing ||= window.setTimeout(() => note.replaceChildren(say('liveLost'), ' ', element('a', { href: location.href }, say('reload'))), patience);
    // The browser tries again after a broken line, and not after an answer that was an error.
    if (source.readyState === EventSource.CLOSED) trying = window.setTimeout(open, patience);
  };
  const open = (): void => {
    source = new EventSource(address);
    source.onopen = well;
    source.onerror = lost;
    source.onmessage = ({ data }) => {
      well();
      htmx.swap(box, String(data), { swapStyle: 'innerHTML', swapDelay: 0, settleDelay: 20 });
      saySoon();
    };
    source.addEventListener('done', () => {
      close();
      if (document.getElementById('plan')) void htmx.ajax('get', location.pathname + location.search, { source: document.body, target: '#plan', select: '#plan', swap: 'outerHTML' }).catch(() => {});
      else location.reload();
    });
  };
  open();
  box.addEventListener('htmx:beforeCleanupElement', ({ target }) => target === box && close());
}
