// The drawing of a board: hours, lanes, stops. It is made anew when its scale changes, which takes a few milliseconds for 40 lanes.
import { drawn } from '../dom';
import { say } from '../words';
import { clock, keyOf, movable, remarks, started, type Lane, type Span, type Stop } from './day';
import { across, type Sight } from './sight';

/** The least width of an hour, in rem: half an hour holds a name. */
const hourAtLeast = 8;
const lockPath = 'M3 5.5V4a3 3 0 0 1 6 0v1.5h.5a1 1 0 0 1 1 1V11a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1V6.5a1 1 0 0 1 1-1zm1.3 0h3.4V4a1.7 1.7 0 0 0-3.4 0z';
const pairPath = 'M4 5.6a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4m4.6 0a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8M0 11.4c0-3 1.6-4.6 4-4.6s4 1.6 4 4.6zm9 0c0-1.9-.4-3.3-1.2-4.4 2.4-.5 4.2 1 4.2 4.4z';

export function draw(sight: Sight): void {
  const { day, scroll, names, hours, lanes } = sight;
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const space = scroll.clientWidth - names.offsetWidth - 2;
  const whole = day.until - day.from;
  sight.minute = sight.zoom === 0 ? space / whole : Math.max(space / whole, (hourAtLeast * rem) / 60) * sight.zoom;
  sight.lane = names.firstElementChild?.getBoundingClientRect().height ?? 36;
  const width = Math.round(whole * sight.minute);
  const height = Math.round(sight.lane * day.lanes.length);

  size(hours, width, hours.parentElement!.clientHeight);
  hours.replaceChildren(...hourNames(sight, rem));
  size(lanes, width, height);
  const hatch = `${sight.box.id || 'board'}-hatch`;
  sight.marks = drawn('g', { class: 'board-marks', 'pointer-events': 'none' });
  lanes.replaceChildren(
    drawn('defs', {}, drawn('pattern', { id: hatch, width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, drawn('rect', { width: 6, height: 6, class: 'board-hatch-ground' }), drawn('rect', { width: 2, height: 6, class: 'board-hatch' }))),
    ...day.lanes.map((lane, row) => ground(sight, lane, row, width, hatch)),
    grid(sight, height),
    joins(sight),
    ...day.lanes.map((lane, row) => stops(sight, lane, row, rem)),
    ...(day.now === undefined ? [] : [drawn('line', { class: 'board-now', x1: across(sight, day.now), x2: across(sight, day.now), y1: 0, y2: height })]),
    sight.marks,
  );
}

function size(svg: SVGSVGElement, width: number, height: number): void {
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(height));
}

function wholeHours({ day }: Sight): number[] {
  const first = Math.ceil(day.from / 60);
  return Array.from({ length: Math.floor(day.until / 60) - first + 1 }, (_, at) => (first + at) * 60);
}

function hourNames(sight: Sight, rem: number): Node[] {
  const { day, hours } = sight;
  const every = Math.max(1, Math.ceil((3.2 * rem) / (60 * sight.minute)));
  const bottom = hours.parentElement!.clientHeight;
  const baseline = bottom / 2 + 0.32 * rem;
  const shown = wholeHours(sight).filter((_, at) => at % every === 0).flatMap((minute) => {
    const x = across(sight, minute);
    const anchor = minute === day.from ? 'start' : minute === day.until ? 'end' : 'middle';
    return [drawn('line', { class: 'board-hour', x1: x, x2: x, y1: bottom - 5, y2: bottom }), drawn('text', { x: x + (anchor === 'start' ? 3 : anchor === 'end' ? -3 : 0), y: baseline, 'text-anchor': anchor }, clock(minute))];
  });
  if (day.now === undefined) return shown;
  const now = across(sight, day.now);
  return [...shown, drawn('path', { class: 'board-now-sign', d: `M${now - 5} ${bottom - 7}h10l-5 7z` }, drawn('title', {}, say('boardNow', { time: clock(day.now) })))];
}

function grid(sight: Sight, height: number): SVGGElement {
  return drawn('g', { class: 'board-grid-lines' }, ...wholeHours(sight).map((minute) => drawn('line', { x1: across(sight, minute), x2: across(sight, minute), y1: 0, y2: height })));
}

function ground(sight: Sight, lane: Lane, row: number, width: number, hatch: string): SVGGElement {
  const bar = ([from, until]: Span, attributes: Record<string, string | number>): SVGElement =>
    drawn('rect', { x: across(sight, from), width: Math.max(0, (until - from) * sight.minute), y: 1, height: sight.lane - 2, ...attributes });
  return drawn('g', { class: 'board-ground', 'data-lane': lane.id, transform: `translate(0 ${row * sight.lane})` },
    drawn('rect', { class: 'board-off', width, height: sight.lane }),
    ...lane.shift.map((span) => bar(span, { class: 'board-shift' })),
    ...(lane.pauses ?? []).map((span) => bar(span, { class: 'board-pause', fill: `url(#${hatch})` })),
    ...(lane.ways ?? []).map(([from, until]) => drawn('line', { class: 'board-way', x1: across(sight, from), x2: across(sight, until), y1: sight.lane / 2, y2: sight.lane / 2 })),
    drawn('line', { class: 'board-row-line', x2: width, y1: sight.lane - 0.5, y2: sight.lane - 0.5 }));
}

/** A line between the two of a visit that takes two. */
function joins(sight: Sight): SVGGElement {
  const rows = new Map(sight.day.lanes.map(({ id }, row) => [id, row]));
  return drawn('g', { class: 'board-joins' }, ...sight.day.lanes.flatMap((lane, row) => lane.stops.flatMap((stop) => {
    const other = rows.get(stop.second ?? '');
    if (other === undefined || other <= row) return [];
    const x = across(sight, stop.from) + 4;
    return [drawn('line', { 'data-join': stop.visit, x1: x, x2: x, y1: (row + 0.5) * sight.lane, y2: (other + 0.5) * sight.lane })];
  })));
}

function stops(sight: Sight, lane: Lane, row: number, rem: number): SVGGElement {
  return drawn('g', { class: 'board-stops', 'data-lane': lane.id, transform: `translate(0 ${row * sight.lane})` }, ...lane.stops.map((stop, at) => block(sight, lane, stop, at, rem)));
}

function block(sight: Sight, lane: Lane, stop: Stop, at: number, rem: number): SVGGElement {
  const { day } = sight;
  const said = [stop.name, stop.title, ...remarks(day, stop).map(({ text }) => text), lane.name, say('boardPlace', { place: at + 1, count: lane.stops.length })];
  const width = Math.max(6, (stop.until - stop.from) * sight.minute - 1);
  const height = sight.lane - 6;
  const kinds = [stop.state, stop.late > 0 ? 'late' : '', stop.changed ? 'changed' : '', movable(day, stop) ? 'movable' : ''].filter(Boolean);
  return drawn('g', {
    class: `board-stop ${kinds.join(' ')}`, 'data-stop': keyOf(stop), role: 'button', tabindex: -1, 'aria-label': said.join(say('comma')),
    transform: `translate(${across(sight, stop.from).toFixed(1)} 3)`,
  },
  drawn('rect', { class: 'board-block', width, height, rx: 4 }),
  ...(stop.changed ? [drawn('path', { class: 'board-changed-sign', d: `M${width - Math.min(11, width)} 0h${Math.min(11, width) - 3}q3 0 3 3v8z` })] : []),
  ...inside(stop, width, height, rem));
}

/** Signs and the name, as many as there is room for; the lock of what has begun goes first, as that sign says it too. */
function inside(stop: Stop, width: number, height: number, rem: number): SVGElement[] {
  const letter = 0.8667 * rem;
  const middle = height / 2;
  const wideOf = (words: string): number => [...words].reduce((sum, each) => sum + (each > '\u2e7f' ? 1 : each > '\u2190' ? 0.95 : 0.58), 0) * letter;
  const text = (words: string, kind: string) => ({
    wide: wideOf(words),
    made: (x: number) => drawn('text', { class: kind, x: x.toFixed(1), y: (middle + letter * 0.36).toFixed(1), 'aria-hidden': 'true' }, words),
  });
  const sign = (path: string) => ({
    wide: letter * 0.85,
    made: (x: number) => drawn('path', { class: 'board-sign', d: path, transform: `translate(${x.toFixed(1)} ${(middle - letter * 0.425).toFixed(1)}) scale(${((letter * 0.85) / 12).toFixed(3)})` }),
  });
  const state = stop.state === 'done' ? [text('✓', 'board-state')] : stop.state === 'under_way' ? [text('▶', 'board-state')] : [];
  const parts = (locked: boolean) => [
    ...(stop.late > 0 ? [text('▲', 'board-late-sign')] : []), ...state, ...(locked ? [sign(lockPath)] : []), ...(stop.second ? [sign(pairPath)] : []), text(stop.name, 'board-name'),
  ];
  const locked = stop.state === 'under_way' || (stop.fixed && !started(stop));
  const total = parts(locked).reduce((sum, { wide }) => sum + wide + 2, 2);
  let x = 3;
  return parts(locked && (total < width || !started(stop))).flatMap(({ wide, made }) => {
    if (x + wide > width - 1) return [];
    x += wide + 2;
    return [made(x - wide - 2)];
  });
}

/** The hours in which a visit was promised, as a bracket. */
export function windowMark(sight: Sight, row: number, [from, until]: Span): SVGElement {
  const [left, right] = [across(sight, Math.max(from, sight.day.from)), across(sight, Math.min(until, sight.day.until))];
  const [top, bottom] = [row * sight.lane + 0.5, (row + 1) * sight.lane - 0.5];
  return drawn('path', { class: 'board-window', d: `M${left + 5} ${top}H${left}V${bottom}h5M${right - 5} ${top}H${right}V${bottom}h-5M${left} ${bottom}H${right}` });
}

/** Swatches of the legend, in the order of what they show. */
export function legend(): [SVGSVGElement, string][] {
  const swatch = (...parts: SVGElement[]): SVGSVGElement => drawn('svg', { viewBox: '0 0 28 16', 'aria-hidden': 'true' }, ...parts);
  const plain = (kind: string): SVGElement => drawn('g', { class: `board-stop ${kind}` }, drawn('rect', { class: 'board-block', x: 1, y: 1, width: 26, height: 14, rx: 4 }));
  const sign = (path: string): SVGElement => drawn('path', { class: 'board-sign', d: path, transform: 'translate(8 2)' });
  const letter = (text: string, kind: string): SVGElement => drawn('text', { class: kind, x: 14, y: 12.5, 'text-anchor': 'middle', 'font-size': 12 }, text);
  return [
    [swatch(drawn('rect', { class: 'board-shift', width: 28, height: 16 })), say('boardShift')],
    [swatch(drawn('rect', { class: 'board-hatch-ground', width: 28, height: 16 }), ...[2, 10, 18].map((x) => drawn('path', { class: 'board-hatch-line', d: `M${x} 16l8-16` }))), say('boardPause')],
    [swatch(drawn('line', { class: 'board-way', x2: 28, y1: 8, y2: 8 })), say('boardWay')],
    [swatch(plain('late'), letter('▲', 'board-late-sign')), say('boardLateShort')],
    [swatch(plain(''), sign(lockPath)), say('boardFixed')],
    [swatch(plain('under_way'), letter('▶', 'board-state')), say('boardUnderWay')],
    [swatch(plain('done'), letter('✓', 'board-state')), say('boardDone')],
    [swatch(plain(''), sign(pairPath)), say('boardPair')],
    [swatch(plain(''), drawn('path', { class: 'board-changed-sign', d: 'M16 1h8q3 0 3 3v8z' })), say('boardChanged')],
  ];
}
