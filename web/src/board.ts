// The dispatcher's board: a day of visits, a lane for each member of staff, stops that can be taken from one hand into another.
import { described, drawn, element } from './dom';
import { say } from './words';
import { keyOf, type Day } from './board/day';
import { draw, legend } from './board/draw';
import { focusOn, only, setUpKeys } from './board/keys';
import { movedOn } from './board/move';
import { setUpPointer } from './board/pointer';
import { tellLane, type Sight } from './board/sight';
import { setUpTip } from './board/tip';

/** How each board of the page was looked at, so that a new plan is shown the same way. */
const looks = new Map<string, { zoom: number; left: number; top: number }>();
const zooms = [0, 1, 1.5, 2.25, 3.4, 5];

export function drawBoard(box: HTMLElement): void {
  const day = described<Day>(box);
  if (!day) return;
  day.may_move &&= Boolean(box.dataset.move);
  const details = box.querySelector<HTMLDetailsElement>(':scope > details');
  if (details) {
    // The table stands open for those without the drawing, and on paper.
    details.open = false;
    details.dataset.paper = '';
  }
  const kept = looks.get(box.id);
  const sight = build(box, day, kept?.zoom ?? 1);
  const { scroll } = sight;
  // Tab leads from a stop into its tip, where the way to the visit is.
  scroll.after(setUpTip(sight));
  setUpPointer(sight);
  setUpKeys(sight);

  const redraw = (): void => {
    const reached = sight.lanes.querySelector<SVGGElement>('[tabindex="0"]')?.dataset.stop;
    draw(sight);
    only(sight, (reached && sight.lanes.querySelector(`[data-stop="${CSS.escape(reached)}"]`)) || sight.lanes.querySelector('[data-stop]'));
  };
  redraw();
  if (kept) scroll.scrollTo({ left: kept.left, top: kept.top });
  else if (day.now !== undefined) scroll.scrollLeft = (day.now - day.from) * sight.minute - scroll.clientWidth / 4;
  scroll.addEventListener('scroll', () => looks.set(box.id, { zoom: sight.zoom, left: scroll.scrollLeft, top: scroll.scrollTop }), { passive: true });

  let width = scroll.clientWidth;
  new ResizeObserver(() => {
    if (scroll.clientWidth === 0 || scroll.clientWidth === width || box.classList.contains('carrying')) return;
    width = scroll.clientWidth;
    redraw();
  }).observe(scroll);
  setUpZoom(sight, redraw);
  setUpLanes(sight);
  const moved = movedOn(box.id);
  if (moved) focusOn(sight, moved);
}

function build(box: HTMLElement, day: Day, zoom: number): Sight {
  const live = element('p', { class: 'sr', 'aria-live': 'assertive' });
  const hours = drawn('svg', { class: 'board-hours', 'aria-hidden': 'true' });
  const help = element('p', { class: 'board-help muted small', id: `${box.id}-help` }, say(day.may_move ? 'boardHelp' : 'boardHelpRead'));
  const lanes = drawn('svg', { class: 'board-lanes', role: 'application', 'aria-label': say('board'), 'aria-describedby': help.id });
  const names = element('ol', { class: 'board-names' }, ...day.lanes.map(({ id, name, note, href }) => element('li', { 'data-lane': id, title: note ? `${name} ${note}` : name }, element(href ? 'a' : 'span', href ? { href } : {}, name), element('small', {}, note ?? ''))));
  const scroll = element('div', { class: 'board-scroll' },
    element('div', { class: 'board-grid' }, element('div', { class: 'board-corner' }, say('boardStaff')), element('div', { class: 'board-axis' }, hours as unknown as HTMLElement), names, lanes as unknown as HTMLElement));
  const left = day.left.length > 0 || day.may_move ? leftOut(day) : null;
  const signs = element('ul', { class: 'board-legend' }, ...legend().map(([swatch, text]) => element('li', {}, swatch as unknown as HTMLElement, text)));
  const zoomBar = element('div', { class: 'board-zoom', role: 'group', 'aria-label': say('boardZoom') },
    ...(['boardWider', 'boardNarrower', 'boardWhole'] as const).map((word, at) => element('button', { type: 'button', class: 'btn btn-sm', 'data-zoom': ['+', '-', '0'][at]!, ...(at < 2 ? { 'aria-label': say(word) } : {}) }, ['＋', '－', say(word)][at]!)));
  box.prepend(element('div', { class: 'board-bar' }, help, zoomBar), element('div', { class: 'board-body' }, scroll, ...(left ? [left] : [])), signs, live);
  return { box, day, scroll, names, hours, lanes, marks: drawn('g'), left, minute: 1, lane: 36, zoom, tell: (text) => (live.textContent = text) };
}

function leftOut(day: Day): HTMLElement {
  const rows = day.left.map((visit) => {
    const grip = day.may_move ? [element('button', { type: 'button', class: 'board-grip', 'aria-label': say('boardPlaceIn', { name: visit.name }) }, '⠿')] : [];
    return element('li', { 'data-left': keyOf(visit), class: day.may_move ? 'movable' : '' }, ...grip,
      element('div', {}, element(visit.href ? 'a' : 'b', visit.href ? { href: visit.href, draggable: 'false' } : {}, visit.name), ` ${say('boardMinutes', { minutes: visit.minutes })}`, element('small', {}, visit.why)));
  });
  const none = element('p', { class: 'muted small' }, say('boardLeftNone'));
  return element('section', { class: 'board-left', 'aria-label': say('boardLeft') },
    element('h3', {}, say('boardLeft'), ' ', element('span', { class: 'count' }, String(day.left.length))),
    day.left.length > 0 ? element('ul', {}, ...rows) : none,
    ...(day.may_move ? [element('p', { class: 'board-left-hint muted small' }, say('boardLeftHint'))] : []));
}

function setUpZoom(sight: Sight, redraw: () => void): void {
  const { box, scroll, names } = sight;
  const show = (): void => {
    box.querySelector<HTMLButtonElement>('[data-zoom="+"]')!.disabled = sight.zoom === zooms[zooms.length - 1];
    box.querySelector<HTMLButtonElement>('[data-zoom="-"]')!.disabled = sight.zoom === 0;
  };
  box.addEventListener('click', ({ target }) => {
    const wanted = (target as Element).closest<HTMLElement>('[data-zoom]')?.dataset.zoom;
    if (!wanted) return;
    // What stands in the middle stays there.
    const half = (scroll.clientWidth - names.offsetWidth) / 2;
    const middle = (scroll.scrollLeft + half) / sight.minute;
    const at = zooms.indexOf(sight.zoom);
    sight.zoom = wanted === '0' ? 0 : zooms[Math.max(0, Math.min(zooms.length - 1, at + (wanted === '+' ? 1 : -1)))]!;
    redraw();
    scroll.scrollLeft = middle * sight.minute - half;
    looks.set(box.id, { zoom: sight.zoom, left: scroll.scrollLeft, top: scroll.scrollTop });
    show();
  });
  show();
}

/** A lane under the pointer or with the focus lights up here and as a route on the map, and the other way round. */
function setUpLanes(sight: Sight): void {
  const { box, scroll, names } = sight;
  let last = '';
  const tell = (id: string): void => {
    if (id === last) return;
    last = id;
    tellLane(id);
  };
  scroll.addEventListener('pointerover', ({ target }) => tell((target as Element).closest<HTMLElement>('[data-lane]')?.dataset.lane ?? ''));
  scroll.addEventListener('pointerleave', () => tell(''));
  names.addEventListener('focusin', ({ target }) => tell((target as Element).closest<HTMLElement>('[data-lane]')?.dataset.lane ?? ''));
  names.addEventListener('focusout', () => tell(''));
  const over = new AbortController();
  document.addEventListener('yiyang:lane', (event) => {
    for (const lit of scroll.querySelectorAll('[data-lane].lane-lit')) lit.classList.remove('lane-lit');
    const id = (event as CustomEvent<string>).detail;
    if (id) for (const lane of scroll.querySelectorAll(`[data-lane="${CSS.escape(id)}"]`)) lane.classList.add('lane-lit');
  }, { signal: over.signal });
  box.addEventListener('htmx:beforeCleanupElement', ({ target }) => target === box && over.abort());
}

