// What all parts of a board share: its description, its drawing and the scale between minutes and pixels.
import { keyOf, type Day, type Lane, type Stop } from './day';

export type Sight = {
  box: HTMLElement;
  day: Day;
  /** The part that scrolls; the names stand still at its left, the hours at its top. */
  scroll: HTMLElement;
  names: HTMLElement;
  hours: SVGSVGElement;
  lanes: SVGSVGElement;
  /** Marks above the stops: the window of one, the place where another would go. */
  marks: SVGGElement;
  left: HTMLElement | null;
  /** Pixels of a minute and of a lane. */
  minute: number;
  lane: number;
  /** Times the whole day is wider than the page. */
  zoom: number;
  /** Says something to those who do not see the drawing. */
  tell(text: string): void;
};

export const across = (sight: Sight, minute: number): number => (minute - sight.day.from) * sight.minute;

export const minuteAt = (sight: Sight, clientX: number): number => (clientX - sight.lanes.getBoundingClientRect().left) / sight.minute + sight.day.from;

export function laneAt(sight: Sight, clientY: number): Lane | undefined {
  return sight.day.lanes[Math.floor((clientY - sight.lanes.getBoundingClientRect().top) / sight.lane)];
}

export const shapeOf = (sight: Sight, key: string): SVGGElement | null => sight.lanes.querySelector(`[data-stop="${CSS.escape(key)}"]`);

/** The stop drawn by this element, and its lane. */
export function stopOf(sight: Sight, target: EventTarget | null): { lane: Lane; stop: Stop; shape: SVGGElement } | null {
  const shape = target instanceof Element ? target.closest<SVGGElement>('[data-stop]') : null;
  const lane = shape && sight.day.lanes.find(({ id }) => id === shape.closest<SVGGElement>('[data-lane]')?.dataset.lane);
  const stop = lane?.stops.find((each) => keyOf(each) === shape!.dataset.stop);
  return shape && lane && stop ? { lane, stop, shape } : null;
}

/** The lane whose route another figure of the page shows: `yiyang:lane` with the lane's id, or '' for none. */
export function tellLane(id: string): void {
  document.dispatchEvent(new CustomEvent('yiyang:lane', { detail: id }));
}
