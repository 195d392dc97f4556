// A drawing of a day's stops in their order: where the homes lie to one another and to the phone, without any tiles from a network.
import { today } from '../clock';
import { holdings } from '../holdings';
import { say } from '../language';
import { element, link, text } from '../page';
import { distanceM, position } from '../position';
import type { Screen } from '../screen';
import { standing } from '../visiting';
import { visitsOf } from './today';

const svgName = 'http://www.w3.org/2000/svg';
const margin = 44;
/** Drawn in pixels of the screen, so that letters are as large as everywhere. */
const widest = 600;
/** A stop with the name below it takes so much room. */
const room = { high: 66, letter: 19, least: 44 };
/** Whoever is farther from every stop than this is not on the drawing. */
const nearM = 5_000;

type Place = { latitude: number; longitude: number };
type Stop = Place & { name: string; visit: string; isOver: boolean };
type Point = { x: number; y: number };

export function mapScreen(asked: string): Screen {
  const day = asked || today();
  const stops: Stop[] = [];
  const without: string[] = [];
  for (const visit of visitsOf(day).filter((each) => standing(each) !== 'cancelled')) {
    const elder = holdings.elders.get(visit.elder);
    const isOver = ['done', 'missed'].includes(standing(visit));
    if (elder && elder.latitude !== null && elder.longitude !== null) stops.push({ name: elder.name, visit: visit.id, isOver, latitude: elder.latitude, longitude: elder.longitude });
    else without.push(elder?.name ?? visit.elder);
  }
  const body: Node[] = [];
  if (stops.length === 0) body.push(text('empty', say('noPlaces')));
  else {
    const place = element('div', { class: 'drawing' });
    const here = text('', '');
    place.append(drawing(stops, null));
    void position().then(({ fix }) => fix && showHere(place, here, stops, fix));
    body.push(place, text('help', say('northUp')), here, ways(stops));
  }
  if (without.length > 0) body.push(text('warn', say('withoutPlace', { names: without.join('、') })));
  return { title: `${say('map')} ${day.slice(5).replace('-', '/')}`, back: day === today() ? '#' : `#today/${day}`, body };
}

/** The way to the next stop in words, and the phone itself where it is near. */
function showHere(place: HTMLElement, words: HTMLElement, stops: Stop[], here: Place): void {
  const next = stops.find(({ isOver }) => !isOver);
  if (next) words.textContent = say('toNext', { name: next.name, metres: rounded(distanceM(here, next)) });
  if (stops.some((each) => distanceM(here, each) < nearM)) place.replaceChildren(drawing(stops, here));
}

function drawing(stops: Stop[], here: Place | null): SVGElement {
  const width = Math.min(widest, Math.max(260, document.documentElement.clientWidth - 28));
  const height = Math.round(width * 1.15);
  const seen = [...stops, ...(here ? [here] : [])];
  const across = Math.cos((seen.reduce((sum, each) => sum + each.latitude, 0) / seen.length) * (Math.PI / 180));
  const east = seen.map((each) => each.longitude * across);
  const north = seen.map((each) => each.latitude);
  const middle = { x: (Math.min(...east) + Math.max(...east)) / 2, y: (Math.min(...north) + Math.max(...north)) / 2 };
  // One place has no extent: it lies in the middle.
  const scale = Math.min((width - 2 * margin) / extent(east), (height - 2 * margin - room.high / 2) / extent(north));
  const at = (each: Place): Point => ({ x: width / 2 + (each.longitude * across - middle.x) * scale, y: height / 2 - (each.latitude - middle.y) * scale });
  const drawn = apart(stops.map(at), stops.map(({ name }) => Math.max(room.least, name.length * room.letter)), width, height);
  const svg = make('svg', { viewBox: `0 0 ${width} ${height}`, class: 'map', role: 'group', 'aria-label': say('map') });
  svg.append(make('polyline', { class: 'way', points: drawn.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ') }));
  stops.forEach((stop, index) => svg.append(mark(stop, index + 1, drawn[index] ?? at(stop))));
  if (here) {
    const { x, y } = at(here);
    svg.append(make('circle', { class: 'here', cx: x.toFixed(1), cy: y.toFixed(1), r: '10' }), words('name', x, y - 16, say('here')));
  }
  return svg;
}

function extent(values: number[]): number {
  return Math.max(Math.max(...values) - Math.min(...values), 1e-4);
}

function mark({ visit, name, isOver }: Stop, number: number, { x, y }: Point): SVGElement {
  const stop = make('a', { href: `#visit/${visit}`, ...(isOver ? { class: 'over' } : {}) });
  stop.append(make('circle', { cx: x.toFixed(1), cy: y.toFixed(1), r: '18' }), words('number', x, y + 6, String(number)), words('name', x, y + 37, name));
  return stop;
}

/** Homes beside one another would cover each other: a later one goes to the nearest free room. */
function apart(points: Point[], wide: number[], width: number, height: number): Point[] {
  const placed: Point[] = [];
  const covers = (one: Point, other: Point, room_: number): boolean => Math.abs(one.x - other.x) < room_ && Math.abs(one.y - other.y) < room.high;
  points.forEach((point, index) => {
    const half = (wide[index] ?? room.least) / 2;
    const inside = ({ x, y }: Point): Point => ({ x: Math.min(width - half - 4, Math.max(half + 4, x)), y: Math.min(height - room.high + 18, Math.max(26, y)) });
    const isFree = (tried: Point): boolean => placed.every((other, nth) => !covers(tried, other, half + (wide[nth] ?? room.least) / 2));
    const tries = [point, ...Array.from({ length: 48 }, (_, nth): Point => {
      const away = room.high * (1 + Math.floor(nth / 8)) * 0.75;
      const angle = (nth % 8) * (Math.PI / 4);
      return { x: point.x + away * Math.cos(angle), y: point.y + away * Math.sin(angle) };
    })].map(inside);
    placed.push(tries.find(isFree) ?? inside(point));
  });
  return placed;
}

function words(kind: string, x: number, y: number, content: string): SVGElement {
  const made = make('text', { x: x.toFixed(1), y: y.toFixed(1), class: kind });
  made.textContent = content;
  return made;
}

function make(name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(svgName, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function rounded(metres: number): number {
  return Math.round(metres / 10) * 10;
}

function ways(stops: Stop[]): HTMLElement {
  const items = stops.map((each, index) => {
    const before = stops[index - 1];
    const way = before ? [` ${say('stops', { from: index, to: index + 1, metres: rounded(distanceM(before, each)) })}`] : [];
    return element('li', {}, link(each.name, '', `#visit/${each.visit}`), ...way);
  });
  return element('ol', { class: 'ways' }, ...items);
}
