// The icon of the app as PNG, drawn from icon.svg at build time: rectangles, filled and stroked paths of straight lines, and nothing else.
import { deflateSync } from 'node:zlib';

/** Sub-pixels along each side of a pixel. */
const finer = 4;

/** `whole` fills the corners as well: phones cut such an icon to a shape of their own. */
export function png(svg, size, whole) {
  const box = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1] ?? fail('an icon is square'));
  const shapes = [...svg.matchAll(/<(rect|path)\s([^>]*?)\/>/g)].map(([, kind, text]) => shape(kind, attributes(text), box, whole));
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) rows.set(colour(shapes, x, y, box / size), y * (size * 4 + 1) + 1 + x * 4);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

function colour(shapes, x, y, unit) {
  const sum = [0, 0, 0, 0];
  for (let nth = 0; nth < finer * finer; nth++) {
    const at = [(x + ((nth % finer) + 0.5) / finer) * unit, (y + (Math.floor(nth / finer) + 0.5) / finer) * unit];
    const top = shapes.filter(({ holds }) => holds(at)).at(-1);
    if (top) [...top.colour, 255].forEach((value, index) => (sum[index] += index < 3 ? value : 255));
  }
  const seen = sum[3] / 255;
  return seen === 0 ? [0, 0, 0, 0] : [sum[0] / seen, sum[1] / seen, sum[2] / seen, sum[3] / (finer * finer)].map(Math.round);
}

function shape(kind, { width, height, rx = '0', fill, d, stroke, 'stroke-width': thick, ...rest }, box, whole) {
  if (rest.transform || rest['stroke-linejoin']) fail('only plain shapes are drawn');
  if (kind === 'rect') {
    const corner = whole ? 0 : Number(rx);
    if (Number(width) !== box || Number(height) !== box) fail('a rectangle is the ground of the icon');
    return { colour: hex(fill), holds: ([x, y]) => Math.hypot(Math.max(corner - x, 0, x - (box - corner)), Math.max(corner - y, 0, y - (box - corner))) <= corner || corner === 0 };
  }
  const lines = polylines(d);
  if (fill) return { colour: hex(fill), holds: (at) => lines.some((line) => isWithin(at, line)) };
  if (rest['stroke-linecap'] !== 'round') fail('strokes end round');
  return { colour: hex(stroke), holds: (at) => lines.some((line) => line.slice(1).some((to, nth) => distance(at, line[nth], to) <= Number(thick) / 2)) };
}

/** The corners of a path of straight lines. */
function polylines(d) {
  const all = [];
  let [x, y] = [0, 0];
  for (const [, letter, text] of d.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    if (letter === 'z') continue;
    const numbers = (text.match(/-?[\d.]+/g) ?? []).map(Number);
    const isRelative = letter !== letter.toUpperCase();
    const step = { H: 1, V: 1, M: 2, L: 2 }[letter.toUpperCase()] ?? fail(`a path of straight lines has no ${letter}`);
    for (let at = 0; at < numbers.length; at += step) {
      const [across, down] = letter.toUpperCase() === 'H' ? [numbers[at], isRelative ? 0 : y] : letter.toUpperCase() === 'V' ? [isRelative ? 0 : x, numbers[at]] : numbers.slice(at, at + 2);
      [x, y] = isRelative ? [x + across, y + down] : [across, down];
      if (letter.toUpperCase() === 'M' && at === 0) all.push([]);
      all.at(-1).push([x, y]);
    }
  }
  return all;
}

function isWithin([x, y], line) {
  let inside = false;
  line.forEach(([ax, ay], nth) => {
    const [bx, by] = line[(nth + 1) % line.length];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}

function distance([x, y], [ax, ay], [bx, by]) {
  const share = Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)));
  return Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay));
}

function attributes(text) {
  return Object.fromEntries([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
}

function hex(text) {
  return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
}

function chunk(kind, content) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
  const made = Buffer.alloc(body.length + 8);
  made.writeUInt32BE(content.length, 0);
  body.copy(made, 4);
  made.writeUInt32BE(check(body), body.length + 4);
  return made;
}

/** CRC-32 as PNG has it. */
function check(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

function fail(why) {
  throw new Error(`icon.svg: ${why}`);
}
