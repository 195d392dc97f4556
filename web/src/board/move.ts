// A visit in somebody's hand: where it would go is shown and asked of the server, and at last sent.
import htmx from 'htmx.org/dist/htmx.esm.js';
import { drawn, element, metaContent } from '../dom';
import { sentenceOf } from '../htmx';
import { toast } from '../toast';
import { say } from '../words';
import { keyOf, others, toldTarget, unmoved, type Carried, type Target } from './day';
import { across, shapeOf, type Sight } from './sight';

type Tried = { fine: boolean; lines?: string[]; faults?: string[]; shift?: { visit: string; part?: number; from: number }[] };

export type Move = {
  carried: Carried;
  target: Target | null;
  /** Shows a place and asks what it would bring, once the hand has rested there. */
  aim(target: Target | null): void;
  /** Puts the panel beside a point of the window; above it, where a finger would cover it. */
  beside(x: number, y: number, above?: boolean): void;
  drop(): void;
  giveUp(): void;
};

/** Milliseconds a hand rests on a place before the server is asked. */
const rest = 120;

/** The visit that was moved last: the next drawing gives it the focus back. */
let moved: { board: string; key: string } | null = null;

export function movedOn(board: string): string | null {
  const key = moved?.board === board ? moved.key : null;
  moved = null;
  return key;
}

export function pickUp(sight: Sight, carried: Carried, end: () => void): Move {
  const head = element('p', { class: 'board-answer-head' });
  const answer = element('div', { class: 'board-answer-lines' });
  const panel = element('div', { class: 'board-answer', 'aria-hidden': 'true' }, head, answer);
  const shape = shapeOf(sight, keyOf(carried)) ?? sight.left?.querySelector(`[data-left="${CSS.escape(keyOf(carried))}"]`);
  document.body.append(panel);
  shape?.classList.add('carried');
  sight.box.classList.add('carrying');
  let waiting = new AbortController();

  const finish = (): void => {
    waiting.abort();
    panel.remove();
    shape?.classList.remove('carried');
    sight.box.classList.remove('carrying');
    sight.left?.classList.remove('aimed');
    sight.marks.replaceChildren();
    end();
  };

  const move: Move = {
    carried,
    target: null,
    aim(target) {
      if (target && move.target && target.lane === move.target.lane && target.before === move.target.before) return;
      if (!target && !move.target && head.textContent) return;
      move.target = target;
      // Whatever is still on its way answers a question nobody asks any more.
      waiting.abort();
      waiting = new AbortController();
      head.replaceChildren(element('b', {}, carried.name), target ? ` → ${toldTarget(sight.day, carried, target)}` : ` ${say('boardNowhere')}`);
      answer.replaceChildren();
      mark(sight, move);
      if (target) sight.tell(toldTarget(sight.day, carried, target));
      if (target && !unmoved(sight.day, carried, target)) void ask(target, waiting.signal);
    },
    beside(x, y, above = false) {
      const { offsetWidth: wide, offsetHeight: high } = panel;
      const left = x + 18 + wide > innerWidth ? Math.max(8, x - 18 - wide) : x + 18;
      const [over, under] = [y - (above ? 50 : 22) - high, y + (above ? 50 : 22)];
      const top = above ? (over < 8 ? under : over) : under + high > innerHeight ? Math.max(8, over) : under;
      panel.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    },
    drop() {
      const { target } = move;
      finish();
      if (target && !unmoved(sight.day, carried, target)) void send(sight, carried, target);
      else sight.tell(say('boardGivenUp', { name: carried.name }));
    },
    giveUp() {
      finish();
      sight.tell(say('boardGivenUp', { name: carried.name }));
    },
  };

  const ask = async (target: Target, signal: AbortSignal): Promise<void> => {
    await new Promise((done) => setTimeout(done, rest));
    if (signal.aborted || !sight.box.dataset.try) return;
    answer.replaceChildren(element('p', { class: 'muted' }, say('boardTrying')));
    try {
      const response = await fetch(sight.box.dataset.try, { method: 'POST', body: fields(carried, target), headers: { Accept: 'application/json' }, signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const tried = (await response.json()) as Tried;
      if (!signal.aborted) show(tried);
    } catch {
      if (!signal.aborted) show({ fine: false, faults: [say(navigator.onLine ? 'failed' : 'offline')] });
    }
  };

  const show = ({ fine, lines = [], faults = [], shift = [] }: Tried): void => {
    const told = [...faults.map((text) => ['bad', text] as const), ...(faults.length === 0 && !fine ? [['bad', say('boardNotFine')] as const] : []), ...lines.map((text) => ['', text] as const), ...(fine && lines.length === 0 ? [['', say('boardFine')] as const] : [])];
    answer.replaceChildren(...told.map(([kind, text]) => element('p', { class: kind }, ...(kind ? [element('span', { class: 'board-answer-sign' }, '▲ ')] : []), text)));
    sight.marks.append(...shift.flatMap(({ visit, part, from }) => pushed(sight, keyOf({ visit, part }), from)));
    sight.tell(told.map(([, text]) => text).join(say('comma')));
  };

  return move;
}

function fields({ visit, part }: Carried, { lane, before }: Target): URLSearchParams {
  return new URLSearchParams({ csrf: metaContent('csrf'), visit, part: String(part), staff: lane, before });
}

/** The place in the drawing where the visit would go: a beam before the next one, its lane lit. */
function mark(sight: Sight, { carried, target }: Move): void {
  sight.left?.classList.toggle('aimed', target?.lane === '');
  const row = sight.day.lanes.findIndex(({ id }) => id === target?.lane);
  const lane = sight.day.lanes[row];
  if (!lane || !target) return sight.marks.replaceChildren();
  const x = beam(sight, carried, target);
  const top = row * sight.lane;
  sight.marks.replaceChildren(
    drawn('rect', { class: 'board-aimed', y: top, width: sight.lanes.getAttribute('width')!, height: sight.lane }),
    drawn('path', { class: 'board-beam', d: `M${x - 6} ${top}h12l-4.5 6v${sight.lane - 12}l4.5 6h-12l4.5-6v${12 - sight.lane}z` }),
  );
}

/** Where the beam stands, in pixels from the left of the drawing. */
export function beam(sight: Sight, carried: Carried, target: Target): number {
  const lane = sight.day.lanes.find(({ id }) => id === target.lane);
  if (!lane) return 0;
  const stops = others(lane, carried);
  const at = target.before ? stops.findIndex(({ visit }) => visit === target.before) : stops.length;
  const before = stops[at - 1];
  return stops[at] ? across(sight, stops[at].from) - 3 : before ? across(sight, before.until) + 3 : across(sight, lane.shift[0]?.[0] ?? sight.day.from) + 6;
}

/** The outline of a stop that would begin at another minute. */
function pushed(sight: Sight, key: string, from: number): SVGElement[] {
  const row = sight.day.lanes.findIndex((lane) => lane.stops.some((stop) => keyOf(stop) === key));
  const stop = sight.day.lanes[row]?.stops.find((each) => keyOf(each) === key);
  if (!stop || stop.from === from) return [];
  return [drawn('rect', { class: 'board-pushed', x: across(sight, from), y: row * sight.lane + 3, width: Math.max(6, (stop.until - stop.from) * sight.minute - 1), height: sight.lane - 6, rx: 4 })];
}

async function send(sight: Sight, carried: Carried, target: Target): Promise<void> {
  const { box } = sight;
  if (!box.dataset.move) return;
  // A refused move leaves the plan as it is and says why.
  const refuse = (event: Event): void => {
    const { detail } = event as CustomEvent;
    if (detail.requestConfig?.elt !== box || detail.xhr.status !== 422) return;
    detail.shouldSwap = false;
    const text = String(detail.serverResponse);
    toast('bad', sentenceOf(text) ?? (/^[^<]+$/.test(text) ? text.trim() : say('failed')));
    moved = null;
  };
  document.addEventListener('htmx:beforeSwap', refuse);
  box.setAttribute('aria-busy', 'true');
  sight.tell(say('boardSending'));
  moved = { board: box.id, key: keyOf(carried) };
  try {
    await htmx.ajax('post', box.dataset.move, { source: box, target: '#plan', select: '#plan', swap: 'outerHTML', values: Object.fromEntries(fields(carried, target)) });
  } catch {
    // htmx has told that the network failed.
    moved = null;
  } finally {
    document.removeEventListener('htmx:beforeSwap', refuse);
    box.removeAttribute('aria-busy');
  }
}
