// The board by keyboard: arrows walk from stop to stop; Enter picks one up, arrows move it, Enter drops it, Escape gives up.
import { say } from '../words';
import { carriedLeft, carriedStop, firstOpen, keyOf, movable, others, placeAt, remarks, targetIn, type Carried } from './day';
import { beam, pickUp, type Move } from './move';
import { across, shapeOf, stopOf, type Sight } from './sight';

export function setUpKeys(sight: Sight): void {
  const { box, day } = sight;
  let move: Move | null = null;
  // Where the carried visit would go: the row below the last lane is the list of those left out.
  let row = 0;
  let place = 0;

  const begin = (carried: Carried): void => {
    move = pickUp(sight, carried, () => (move = null));
    row = day.lanes.findIndex(({ id }) => id === carried.lane);
    if (row < 0) row = day.lanes.length;
    place = row < day.lanes.length ? placeAt(others(day.lanes[row]!, carried), carried.from!) : 0;
    aim();
    sight.tell(say('boardPicked', { name: carried.name }));
  };
  const aim = (): void => {
    const lane = day.lanes[row];
    const target = lane ? targetIn(lane, move!.carried, place) : { lane: '', before: '' };
    move!.aim(target);
    const x = lane ? beam(sight, move!.carried, target) : 0;
    if (lane) intoView(sight, x, row);
    else sight.left?.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    const area = (lane ? sight.lanes : sight.left ?? box).getBoundingClientRect();
    move!.beside(area.left + x, area.top + (lane ? (row + 0.7) * sight.lane : 0));
  };
  const carry = (key: string): void => {
    const rows = day.lanes.length + (sight.left ? 1 : 0);
    const stops = day.lanes[row] ? others(day.lanes[row]!, move!.carried) : [];
    if (key === 'ArrowLeft') place = Math.max(firstOpen(stops), place - 1);
    if (key === 'ArrowRight') place = Math.min(stops.length, place + 1);
    if (key === 'ArrowUp' || key === 'ArrowDown') {
      // The visit keeps about its time of day when it changes hands.
      const minute = stops[place]?.from ?? stops[place - 1]?.until ?? move!.carried.from ?? day.from;
      row = (row + (key === 'ArrowUp' ? rows - 1 : 1)) % rows;
      const lane = day.lanes[row];
      if (lane) place = placeAt(others(lane, move!.carried), move!.carried.from ?? minute);
    }
    aim();
  };

  box.addEventListener('keydown', (event) => {
    const found = stopOf(sight, event.target);
    const grip = (event.target as Element).closest<HTMLElement>('.board-grip');
    if ((!found && !grip) || event.ctrlKey || event.metaKey || event.altKey || box.getAttribute('aria-busy') === 'true') return;
    const enter = event.key === 'Enter' || event.key === ' ';
    if (move && enter) move.drop();
    else if (move && event.key === 'Escape') move.giveUp();
    else if (move && event.key.startsWith('Arrow')) carry(event.key);
    else if (!move && enter && grip) begin(carriedLeft(day.left.find((each) => keyOf(each) === grip.closest<HTMLElement>('[data-left]')?.dataset.left)!));
    else if (!move && enter && movable(day, found!.stop)) begin(carriedStop(found!.lane, found!.stop));
    else if (!move && enter) sight.tell([say('boardNotMovable'), ...remarks(day, found!.stop).map(({ text }) => text)].join(say('comma')));
    else if (!move && found && walk(sight, found.stop, event.key)) undefined;
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // Whoever leaves the stop has not decided.
  box.addEventListener('focusout', () => move?.giveUp());
  box.addEventListener('htmx:beforeCleanupElement', (event) => event.target === box && move?.giveUp());
}

/** Steps to the neighbour of a stop; false for any other key. */
function walk(sight: Sight, from: { visit: string; part: number; from: number; until: number }, key: string): boolean {
  const { lanes } = sight.day;
  const row = lanes.findIndex(({ stops }) => stops.some((stop) => keyOf(stop) === keyOf(from)));
  const inLane = [...lanes[row]!.stops].sort((one, other) => one.from - other.from);
  const at = inLane.findIndex((stop) => keyOf(stop) === keyOf(from));
  const rows = lanes.map((_, each) => each).filter((each) => lanes[each]!.stops.length > 0);
  const nearest = (each: number | undefined) => (each === undefined ? undefined : [...lanes[each]!.stops].sort((one, other) => Math.abs(one.from - from.from) - Math.abs(other.from - from.from))[0]);
  const next = {
    ArrowLeft: () => inLane[at - 1],
    ArrowRight: () => inLane[at + 1],
    ArrowUp: () => nearest(rows.filter((each) => each < row).pop()),
    ArrowDown: () => nearest(rows.find((each) => each > row)),
    Home: () => inLane[0],
    End: () => inLane[inLane.length - 1],
  }[key];
  if (!next) return false;
  const found = next();
  if (found) focusOn(sight, keyOf(found));
  return true;
}

/** Gives a stop, or a visit left out, the focus and shows it. */
export function focusOn(sight: Sight, key: string): void {
  const shape = shapeOf(sight, key);
  if (!shape) return sight.left?.querySelector<HTMLElement>(`[data-left="${CSS.escape(key)}"] :is(.board-grip, a)`)?.focus();
  only(sight, shape);
  shape.focus({ preventScroll: true });
  const found = stopOf(sight, shape);
  if (found) intoView(sight, across(sight, found.stop.from), sight.day.lanes.indexOf(found.lane));
}

/** One stop at a time is reached by Tab; the arrows reach the others. */
export function only(sight: Sight, shape: Element | null): void {
  for (const each of sight.lanes.querySelectorAll('[data-stop][tabindex="0"]')) each.setAttribute('tabindex', '-1');
  shape?.setAttribute('tabindex', '0');
}

function intoView(sight: Sight, x: number, row: number): void {
  const { scroll, names, hours } = sight;
  const [left, top] = [scroll.scrollLeft, scroll.scrollTop];
  const [wide, high] = [scroll.clientWidth - names.offsetWidth, scroll.clientHeight - hours.parentElement!.offsetHeight];
  const y = row * sight.lane;
  scroll.scrollTo({
    left: x < left + 20 ? x - 20 : x > left + wide - 120 ? x - wide + 120 : left,
    top: y < top ? y : y + sight.lane > top + high ? y + sight.lane - high : top,
  });
  const box = scroll.getBoundingClientRect();
  const seen = box.top + hours.parentElement!.offsetHeight + y - scroll.scrollTop;
  if (seen < 80 || seen + sight.lane > innerHeight) window.scrollBy({ top: seen - innerHeight / 2, behavior: 'instant' });
}
