// A day of visits as the server describes it, and where in it a visit may be put.
import { say } from '../words';

/** Minutes of the day, from and until. */
export type Span = [number, number];

export type Stop = {
  visit: string;
  part: number;
  name: string;
  title: string;
  from: number;
  until: number;
  window?: Span | null;
  late: number;
  fixed: boolean;
  state: 'planned' | 'under_way' | 'done';
  /** The lane of the colleague who comes along. */
  second?: string;
  /** Differs from what people were told. */
  changed?: boolean;
  href?: string;
};

export type Lane = { id: string; name: string; note?: string; href?: string; shift: Span[]; pauses?: Span[]; ways?: Span[]; stops: Stop[] };
export type Left = { visit: string; part?: number; name: string; minutes: number; why: string; href?: string };
export type Day = { from: number; until: number; now?: number; lanes: Lane[]; left: Left[]; may_move?: boolean };

/** A visit in somebody's hand: where it lies now is `lane`, or '' among those left out. */
export type Carried = { visit: string; part: number; name: string; lane: string; from?: number; minutes: number };

/** Before which visit of which lane; '' as lane is out of the plan, '' as visit is the end of the lane. */
export type Target = { lane: string; before: string };

export const keyOf = ({ visit, part }: { visit: string; part?: number }): string => `${visit}/${part ?? 0}`;

export const started = ({ state }: Stop): boolean => state !== 'planned';

export const movable = (day: Day, stop: Stop): boolean => day.may_move === true && !started(stop);

export const carriedStop = (lane: Lane, { visit, part, name, from, until }: Stop): Carried => ({ visit, part, name, lane: lane.id, from, minutes: until - from });

export const carriedLeft = ({ visit, part, name, minutes }: Left): Carried => ({ visit, part: part ?? 0, name, lane: '', minutes });

/** The stops of a lane in their order, without the one that is carried. */
export function others(lane: Lane, carried: Carried): Stop[] {
  return lane.stops.filter((stop) => keyOf(stop) !== keyOf(carried)).sort((one, other) => one.from - other.from);
}

/** The first place in a lane that nobody has begun yet. */
export function firstOpen(stops: Stop[]): number {
  return stops.reduce((open, stop, at) => (started(stop) ? at + 1 : open), 0);
}

/** The place in a lane for a visit that is held at this minute. */
export function placeAt(stops: Stop[], minute: number): number {
  const open = firstOpen(stops);
  const found = stops.findIndex((stop, at) => at >= open && (stop.from + stop.until) / 2 > minute);
  return found < 0 ? stops.length : found;
}

export function targetIn(lane: Lane, carried: Carried, place: number): Target {
  return { lane: lane.id, before: others(lane, carried)[place]?.visit ?? '' };
}

/** Whether a visit would stay where it is. */
export function unmoved(day: Day, carried: Carried, target: Target): boolean {
  const lane = day.lanes.find(({ id }) => id === carried.lane);
  if (!lane) return target.lane === '';
  const here = targetIn(lane, carried, others(lane, carried).filter(({ from }) => from < (carried.from ?? 0)).length);
  return here.lane === target.lane && here.before === target.before;
}

export function clock(minute: number): string {
  const whole = Math.round(minute);
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
}

/** What is special about a stop, each in a few words; what needs attention first. */
export function remarks(day: Day, stop: Stop): { kind: 'bad' | 'info' | ''; text: string }[] {
  const second = stop.second ? day.lanes.find(({ id }) => id === stop.second)?.name ?? '' : '';
  return [
    ...(stop.late > 0 ? [{ kind: 'bad' as const, text: say('boardLate', { minutes: stop.late }) }] : []),
    ...(stop.changed ? [{ kind: 'info' as const, text: say('boardChanged') }] : []),
    ...(started(stop) ? [{ kind: '' as const, text: say(stop.state === 'done' ? 'boardDone' : 'boardUnderWay') }] : []),
    ...(stop.fixed && !started(stop) ? [{ kind: '' as const, text: say('boardFixed') }] : []),
    ...(second ? [{ kind: '' as const, text: say('boardSecond', { name: second }) }] : []),
  ];
}

/** A target in words. */
export function toldTarget(day: Day, carried: Carried, target: Target): string {
  if (target.lane === '') return say('boardToLeft');
  const lane = day.lanes.find(({ id }) => id === target.lane);
  const before = lane?.stops.find(({ visit }) => visit === target.before);
  const where = before ? say('boardBefore', { name: lane!.name, other: before.name }) : say('boardLast', { name: lane?.name ?? '' });
  return unmoved(day, carried, target) ? `${where} ${say('boardUnmoved')}` : where;
}
