// Open alarms: one hears them, one walks through them by keyboard, and the map follows. What is open comes by itself (live.ts).
/** Milliseconds between two tones while something waits. */
const pause = 4000;
const writing = 'input, textarea, select, [contenteditable]';

export function watchAlarms(box: HTMLElement): void {
  const live = box.querySelector<HTMLElement>('#board')!;
  const title = document.title;
  const sound = soundOf(box);
  // Which alarm had the focus, so that it has it again when the list comes anew.
  let chosen = '';

  const links = (): HTMLAnchorElement[] => Array.from(live.querySelectorAll<HTMLAnchorElement>('.js-alarm'));
  const keyOf = (link: Element): string => link.closest<HTMLElement>('.alarm')?.dataset.key ?? '';
  const at = (): number => links().findIndex((link) => link.closest('.alarm')!.contains(document.activeElement));
  const go = (by: number): void => {
    const all = links();
    const now = at();
    all[now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, now + by))]?.focus();
  };
  const acknowledge = (): void => {
    const row = links()[Math.max(0, at())]?.closest('.alarm');
    row?.querySelector<HTMLButtonElement>('.js-acknowledge')?.click();
  };

  const told = (): void => {
    const facts = live.querySelector<HTMLElement>('.js-alarm-facts');
    const waiting = Number(facts?.dataset.waiting ?? 0);
    document.title = waiting > 0 ? `(${waiting}) ${title}` : title;
    sound.ring(waiting > 0);
    const map = box.querySelector<HTMLElement>('.js-map');
    if (map && facts?.dataset.points) {
      map.dataset.points = facts.dataset.points;
      map.dispatchEvent(new CustomEvent('yiyang:points'));
    }
    if (chosen && document.activeElement === document.body) links().find((link) => keyOf(link) === chosen)?.focus();
  };
  live.addEventListener('focusin', ({ target }) => (chosen = keyOf(target as Element)));
  document.addEventListener('pointerdown', () => (chosen = ''));
  new MutationObserver(told).observe(live, { childList: true });
  told();

  document.addEventListener('keydown', (event) => {
    if (!box.isConnected || event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest(writing)) return;
    const deed = { j: () => go(1), k: () => go(-1), a: acknowledge }[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}

/** A tone again and again while something waits; a browser makes none before somebody pressed the button. */
function soundOf(box: HTMLElement): { ring: (waiting: boolean) => void } {
  const button = box.querySelector<HTMLButtonElement>('.js-sound');
  let context: AudioContext | undefined;
  let on = false;
  let waits = false;
  let timer = 0;

  const tone = (): void => {
    if (!context || !on || !waits) return;
    for (const [nth, pitch] of [880, 660, 880].entries()) {
      const [source, volume] = [context.createOscillator(), context.createGain()];
      const from = context.currentTime + nth * 0.25;
      source.frequency.value = pitch;
      volume.gain.setValueAtTime(0.25, from);
      volume.gain.exponentialRampToValueAtTime(0.001, from + 0.22);
      source.connect(volume).connect(context.destination);
      source.start(from);
      source.stop(from + 0.22);
    }
  };
  const set = (): void => {
    clearInterval(timer);
    if (on && waits) {
      tone();
      timer = window.setInterval(tone, pause);
    }
  };
  button?.addEventListener('click', () => {
    on = !on;
    context ??= new AudioContext();
    void (on ? context.resume() : context.suspend());
    button.setAttribute('aria-pressed', String(on));
    button.querySelector('span')!.textContent = (on ? button.dataset.on : button.dataset.off) ?? '';
    set();
  });
  return {
    ring: (waiting) => {
      if (waiting === waits) return;
      waits = waiting;
      set();
    },
  };
}
