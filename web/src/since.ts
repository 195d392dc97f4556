// How long something waits, counted on while one looks. The server says how many seconds it was: this clock may be wrong.
import { say } from './words';

const seen = new WeakMap<HTMLElement, number>();

export function setUpSince(): void {
  setInterval(() => {
    for (const it of document.querySelectorAll<HTMLElement>('.js-since[data-seconds]')) {
      if (!seen.has(it)) seen.set(it, performance.now());
      const seconds = Number(it.dataset.seconds) + Math.floor((performance.now() - seen.get(it)!) / 1000);
      const { allowed } = it.dataset;
      it.textContent = lasting(seconds);
      it.classList.toggle('is-late', allowed !== undefined && seconds > Number(allowed));
    }
  }, 1000);
}

function lasting(seconds: number): string {
  if (seconds < 60) return say('seconds', { n: seconds });
  if (seconds < 3600) return say('minutes', { m: Math.floor(seconds / 60), s: seconds % 60 });
  return say('hours', { h: Math.floor(seconds / 3600), m: Math.floor((seconds % 3600) / 60) });
}
