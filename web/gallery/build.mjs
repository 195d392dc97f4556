// Writes the gallery: each file here as a whole page in the shell, with made-up people of a made-up county.
import { readFileSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { planOf } from './dispatch.mjs';

const here = new URL('.', import.meta.url).pathname;
const icons = new Set(readFileSync(join(here, '../icons.txt'), 'utf8').split('\n'));

export async function gallery(out, manifest) {
  const shell = await readFile(join(here, 'frame/shell.html'), 'utf8');
  const plain = await readFile(join(here, 'frame/plain.html'), 'utf8');
  for (const file of (await readdir(here)).filter((name) => name.endsWith('.html'))) {
    const page = basename(file, '.html');
    const content = await readFile(join(here, file), 'utf8');
    const title = /<h1[^>]*>([^<]*)/.exec(content)?.[1] ?? page;
    const frame = page === 'login' ? plain : shell;
    const whole = frame.replace('{content}', () => content).replaceAll('{title}', title);
    await writeFile(join(out, page === 'index' ? 'gallery.html' : `gallery-${page}.html`), filled(whole, manifest, page));
  }
  await writeFile(join(out, 'gallery-borders.geojson'), JSON.stringify(borders()));
}

function filled(html, manifest, page) {
  return html
    .replace(/\{plan:(\w+)\}/g, (_, key) => planOf(key))
    .replace(/\{asset:([^}]+)\}/g, (_, name) => `/assets/${manifest[name]}`)
    .replace(/\(icon ([\w-]+)\)/g, (_, name) => icon(name, manifest))
    .replace(new RegExp(`data-page="${page}"`, 'g'), 'aria-current="page"')
    .replace(/ data-page="[\w-]+"/g, '');
}

function icon(name, manifest) {
  if (!icons.has(name)) throw new Error(`icons.txt has no ${name}`);
  return `<svg class="icon" aria-hidden="true"><use href="/assets/${manifest['icons.svg']}#${name}"></use></svg>`;
}

// Twelve townships cut out of a wobbling grid, so that no real border is needed here.
function borders() {
  const names = ['城关镇', '柳河镇', '青石镇', '双桥镇', '白云乡', '永安镇', '太平乡', '龙泉镇', '石门镇', '南山镇', '古渡镇', '新集镇'];
  const corner = (column, row) => [108 + column * 0.2 + Math.sin(row * 2.1 + column) * 0.05, 30 + row * 0.16 + Math.cos(column * 1.7 + row) * 0.04];
  const edge = (from, to) => [0, 0.2, 0.4, 0.6, 0.8].map((share) => {
    const bend = Math.sin(share * Math.PI) * 0.02 * Math.sin((from[0] + to[1]) * 40);
    return [from[0] + (to[0] - from[0]) * share + bend, from[1] + (to[1] - from[1]) * share + bend];
  });
  const features = names.map((name, index) => {
    const column = index % 4;
    const row = Math.floor(index / 4);
    const corners = [corner(column, row), corner(column + 1, row), corner(column + 1, row + 1), corner(column, row + 1)];
    // An edge is always walked from its smaller corner, so that neighbours share it.
    const ring = corners.flatMap((from, at) => {
      const to = corners[(at + 1) % 4];
      return at < 2 ? edge(from, to) : [from, ...edge(to, from).slice(1).reverse()];
    });
    return { type: 'Feature', properties: { name, code: `9901010${String(index + 1).padStart(2, '0')}` }, geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]]] } };
  });
  return { type: 'FeatureCollection', features };
}
