// Builds dist/: hashed scripts and styles, the icon sprite, manifest.json, and brotli beside each text file.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import * as esbuild from 'esbuild';
import * as sass from 'sass';
import { gallery } from './gallery/build.mjs';
import { visitApp } from './visit/build.mjs';

const development = process.argv.includes('--dev');
const out = 'dist';
const oldBrowsers = ['chrome87', 'firefox91', 'safari14'];
const limits = { 'app.css': 45 * 1024, 'app.js': 30 * 1024 };
const manifest = {};
/** What app.js fetches at once besides itself. */
let parts = [];

await rm(out, { recursive: true, force: true });
await mkdir(out);
const mapStyle = await style('map', ['node_modules/leaflet/dist/leaflet.css']);
const boardStyle = await style('board');
await style('app');
await scripts({ MAP_CSS: mapStyle, BOARD_CSS: boardStyle });
await write('icons.svg', await sprite());
await write('favicon.svg', await readFile('static/favicon.svg', 'utf8'));
await write('licenses.txt', await licences());
await writeFile(join(out, 'manifest.json'), JSON.stringify(manifest, Object.keys(manifest).sort(), 2) + '\n');
await visitApp(join(out, 'visit'), development);
if (development) await gallery(out, manifest);
else await compress();

async function style(name, before = []) {
  const own = sass.compile(`style/${name}.scss`, { loadPaths: ['node_modules'] }).css;
  const others = await Promise.all(before.map((path) => readFile(path, 'utf8')));
  const whole = [...others.map(withoutPictures), withoutLightDark(own)].join('\n');
  const { code } = await esbuild.transform(whole, { loader: 'css', minify: !development, target: oldBrowsers });
  return write(`${name}.css`, code);
}

// Leaflet's pictures belong to markers and layer switches, which our maps do not have.
function withoutPictures(css) {
  return css.replace(/^.*url\((?!["']?data:|#).*$/gm, '');
}

// Tabler writes light-dark(day, night); we have no night, and browsers of 2022 do not know it.
function withoutLightDark(css) {
  let start;
  while ((start = css.indexOf('light-dark(')) >= 0) {
    let depth = 0;
    let comma = -1;
    let end = start + 'light-dark'.length;
    for (; ; end++) {
      if (css[end] === '(') depth++;
      if (css[end] === ',' && depth === 1 && comma < 0) comma = end;
      if (css[end] === ')' && --depth === 0) break;
    }
    css = css.slice(0, start) + css.slice(start + 'light-dark('.length, comma) + css.slice(end + 1);
  }
  return css;
}

async function scripts(styles) {
  const result = await esbuild.build({
    entryPoints: { app: 'src/app.ts', board: 'src/board.ts', chart: 'src/chart.ts', map: 'src/map.ts' },
    outdir: out,
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: !development,
    sourcemap: development ? 'inline' : false,
    target: ['chrome87', 'firefox91', 'safari15'],
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    define: Object.fromEntries(Object.entries(styles).map(([name, file]) => [name, JSON.stringify(file)])),
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const [path, { entryPoint, imports }] of Object.entries(result.metafile.outputs)) {
    if (entryPoint) manifest[`${basename(entryPoint, '.ts')}.js`] = basename(path);
    if (entryPoint === 'src/app.ts') parts = imports.filter(({ kind }) => kind === 'import-statement').map((each) => basename(each.path));
  }
}

async function sprite() {
  const names = (await readFile('icons.txt', 'utf8')).split('\n').filter((line) => line && !line.startsWith('#'));
  const symbols = await Promise.all([...new Set(names)].sort().map(async (name) => {
    const svg = await readFile(`node_modules/bootstrap-icons/icons/${name}.svg`, 'utf8');
    const inner = svg.replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, '').replace(/\s*\n\s*/g, '');
    return `<symbol id="${name}" viewBox="0 0 16 16">${inner}</symbol>`;
  }));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('\n')}</svg>\n`;
}

// Whoever hands the product on hands these on with it.
async function licences() {
  const packages = ['htmx.org', 'echarts', 'zrender', 'tslib', 'leaflet', '@tabler/core', 'bootstrap-icons'];
  const texts = await Promise.all(packages.map(async (name) => {
    const folder = join('node_modules', name);
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((each) => /^licen[sc]e(\.\w+)?$/i.test(each));
    // Tabler's package carries its notice in its style sheet only.
    const text = file ? await readFile(join(folder, file), 'utf8') : /\/\*!([\s\S]*?)\*\//.exec(await readFile(join(folder, 'dist/css/tabler.css'), 'utf8'))?.[1] ?? '';
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  }));
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

async function write(name, text) {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const hashed = basename(name, extname(name)) + `-${hash}` + extname(name);
  await writeFile(join(out, hashed), text);
  manifest[name] = hashed;
  return hashed;
}

async function compress() {
  const sizes = {};
  for (const file of await readdir(out)) {
    if (!/\.(js|css|svg|txt)$/.test(file)) continue;
    const packed = brotliCompressSync(await readFile(join(out, file)), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    await writeFile(join(out, `${file}.br`), packed);
    sizes[file] = packed.length;
  }
  for (const [name, file] of Object.entries(manifest)) console.log(`${name.padEnd(12)} ${String((await stat(join(out, file))).size).padStart(8)} ${String(sizes[file]).padStart(7)} br`);
  for (const [name, limit] of Object.entries(limits)) {
    const size = [manifest[name], ...(name === 'app.js' ? parts : [])].reduce((sum, file) => sum + sizes[file], 0);
    if (size > limit) throw new Error(`${name} is ${size} bytes after brotli, the limit is ${limit}`);
  }
}
