// Builds the phone app into a folder of its own, under plain names: its service worker knows each file by its hash.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import * as esbuild from 'esbuild';
import { png } from './png.mjs';

const limit = 100 * 1024;
const target = ['chrome87', 'firefox91', 'safari15'];
const plain = ['index.html', 'manifest.webmanifest', 'icon.svg'];
const iconSizes = [192, 512];

export async function visitApp(out, development) {
  await mkdir(out, { recursive: true });
  const app = await bundle('visit/app.ts', development, {}, 'esm');
  const { code: style } = await esbuild.transform(await readFile('visit/style.css', 'utf8'), { loader: 'css', minify: !development, target });
  const files = { 'app.js': app, 'style.css': style };
  for (const name of plain) files[name] = await readFile(`visit/${name}`, 'utf8');
  for (const size of iconSizes) {
    files[`icon-${size}.png`] = png(files['icon.svg'], size, false);
    files[`maskable-${size}.png`] = png(files['icon.svg'], size, true);
  }
  // The build is known by all its files; its name stands in one of them.
  const version = digest(Object.values(files).map(digest).join('\n')).slice(0, 8);
  files['app.js'] = app.replace('@VERSION@', version);
  const known = Object.fromEntries(Object.entries(files).map(([name, text]) => [name === 'index.html' ? '' : name, digest(text)]));
  const defined = { VERSION: JSON.stringify(version), FILES: JSON.stringify(known) };
  files['service-worker.js'] = await bundle('visit/service-worker.ts', development, defined, 'iife');
  let whole = 0;
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(out, name), text);
    // Pictures are packed already.
    const packed = name.endsWith('.png') ? text : brotliCompressSync(Buffer.from(text), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    if (!development && packed !== text) await writeFile(join(out, `${name}.br`), packed);
    whole += packed.length;
  }
  console.log(`visit/       ${String(whole).padStart(16)} br, version ${version}`);
  if (whole > limit) throw new Error(`the phone app is ${whole} bytes after brotli, the limit is ${limit}`);
}

async function bundle(entry, development, define, format) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [entry], bundle: true, write: false, format, minify: !development, target, define, loader: { '.svg': 'text' }, legalComments: 'none', logLevel: 'warning',
  });
  return outputFiles[0].text;
}

function digest(text) {
  return createHash('sha256').update(text).digest('hex');
}
