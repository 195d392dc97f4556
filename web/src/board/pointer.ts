// Dragging with mouse, pen or finger. A finger that rests on a stop picks it up; one that slides scrolls, as everywhere.
import { carriedLeft, carriedStop, keyOf, movable, others, placeAt, targetIn, type Carried, type Target } from './day';
import { pickUp, type Move } from './move';
import { laneAt, minuteAt, stopOf, type Sight } from './sight';

/** Pixels a mouse may tremble, milliseconds a finger rests, pixels from an edge at which the board scrolls. */
const tremble = 5;
const press = 400;
const edge = 44;

export function setUpPointer(sight: Sight): void {
  const { box, scroll } = sight;
  let held: { carried: Carried; id: number; x: number; y: number; grip: number; timer: number; finger: boolean } | null = null;
  let move: Move | null = null;
  let at = { x: 0, y: 0 };

  const letGo = (): void => {
    if (held) clearTimeout(held.timer);
    held = null;
  };
  const begin = (): void => {
    if (!held || move) return;
    clearTimeout(held.timer);
    move = pickUp(sight, held.carried, () => {
      move = null;
      letGo();
    });
    follow();
    requestAnimationFrame(slide);
  };
  const follow = (): void => {
    move?.aim(aimedAt(sight, held!.carried, at.x, at.y, held!.grip));
    move?.beside(at.x, at.y, held!.finger);
  };
  // At the edge of the board, or of the window, what is there slides on under the hand.
  const slide = (): void => {
    if (!move) return;
    const area = scroll.getBoundingClientRect();
    const within = at.x > area.left && at.x < area.right && at.y > area.top && at.y < area.bottom;
    const pace = (near: number, far: number): number => (near < edge ? -1 : far < edge ? 1 : 0) * 9;
    const start = area.left + sight.names.offsetWidth;
    const [dx, dy] = within ? [pace(at.x - start, area.right - at.x), pace(at.y - area.top - sight.hours.parentElement!.offsetHeight, area.bottom - at.y)] : [0, 0];
    const page = pace(at.y - 20, innerHeight - 20 - at.y);
    if (dx || dy || page) {
      scroll.scrollBy(dx, dy);
      window.scrollBy({ top: page, behavior: 'instant' });
      follow();
    }
    requestAnimationFrame(slide);
  };

  box.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || !event.isPrimary || move || box.getAttribute('aria-busy') === 'true') return;
    const carried = grasped(sight, event.target);
    if (!carried) return;
    const grip = carried.from === undefined ? 0 : minuteAt(sight, event.clientX) - carried.from;
    const finger = event.pointerType !== 'mouse';
    held = { carried, id: event.pointerId, x: event.clientX, y: event.clientY, grip, timer: finger ? window.setTimeout(begin, press) : 0, finger };
    at = { x: event.clientX, y: event.clientY };
  });
  const moving = (event: PointerEvent): void => {
    if (event.pointerId !== held?.id) return;
    at = { x: event.clientX, y: event.clientY };
    const far = Math.hypot(at.x - held.x, at.y - held.y);
    if (move) follow();
    else if (!held.finger && far > tremble) begin();
    else if (held.finger && far > 2 * tremble) letGo();
  };
  const up = (event: PointerEvent): void => {
    if (event.pointerId !== held?.id) return;
    if (move) {
      // The click that follows a drag is no click.
      window.addEventListener('click', stop, { capture: true, once: true });
      setTimeout(() => window.removeEventListener('click', stop, true), 50);
      if (move.target) move.drop();
      else move.giveUp();
    }
    letGo();
  };
  const cancel = (event: Event): void => {
    if (event instanceof PointerEvent && event.pointerId !== held?.id) return;
    move?.giveUp();
    letGo();
  };
  const escape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && move && held) cancel(event);
  };
  const still = (event: Event): void => {
    if (move || (held && event.type !== 'touchmove')) event.preventDefault();
  };
  const over = new AbortController();
  const { signal } = over;
  window.addEventListener('pointermove', moving, { signal });
  window.addEventListener('pointerup', up, { signal });
  window.addEventListener('pointercancel', cancel, { signal });
  document.addEventListener('keydown', escape, { signal });
  // While a stop is carried the finger must neither scroll nor open a menu, nor the browser drag a link.
  box.addEventListener('touchmove', still, { passive: false });
  box.addEventListener('contextmenu', still);
  box.addEventListener('dragstart', still);
  box.addEventListener('htmx:beforeCleanupElement', (event) => {
    if (event.target !== box) return;
    cancel(event);
    over.abort();
  });
}

function stop(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

function grasped(sight: Sight, target: EventTarget | null): Carried | null {
  const found = stopOf(sight, target);
  if (found) return movable(sight.day, found.stop) ? carriedStop(found.lane, found.stop) : null;
  const key = target instanceof Element ? target.closest<HTMLElement>('[data-left]')?.dataset.left : undefined;
  const left = sight.day.may_move ? sight.day.left.find((each) => keyOf(each) === key) : undefined;
  return left ? carriedLeft(left) : null;
}

function aimedAt(sight: Sight, carried: Carried, x: number, y: number, grip: number): Target | null {
  const inside = (area: Element | null): boolean => {
    const box = area?.getBoundingClientRect();
    return box !== undefined && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  };
  if (inside(sight.left)) return { lane: '', before: '' };
  const lane = inside(sight.scroll) ? laneAt(sight, y) : undefined;
  // The middle of what is carried decides, wherever in it the hand took hold.
  return lane ? targetIn(lane, carried, placeAt(others(lane, carried), minuteAt(sight, x) - grip + (carried.from === undefined ? 0 : carried.minutes / 2))) : null;
}
