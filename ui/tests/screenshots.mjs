// @ts-check
/** Pictures of every view in both languages and schemes, for people to look at: `npm run screenshots [scene …]`. */
import { mkdir, rm } from 'node:fs/promises';
import { startBrowser } from './browser.mjs';
import { SCENES } from './scenes.mjs';
import { writeSheet } from './sheet.mjs';

const FOLDER = '../target/screens/views';
const wanted = process.argv.slice(2);

/** @type {ReadonlyArray<import('./browser.mjs').Wish & { label: string }>} */
const SHAPES = [
  { label: 'en-light', language: 'en', scheme: 'light' },
  { label: 'en-dark', language: 'en', scheme: 'dark' },
  { label: 'ja-light', language: 'ja', scheme: 'light' },
  { label: 'ja-dark', language: 'ja', scheme: 'dark' },
  { label: 'en-320', language: 'en', scheme: 'light', width: 320, height: 640 },
  { label: 'ja-320', language: 'ja', scheme: 'light', width: 320, height: 640 },
  { label: 'ja-200', language: 'ja', scheme: 'light', width: 512, height: 360, scale: 2 },
  { label: 'en-forced', language: 'en', scheme: 'dark', forcedColors: 'active' },
];

if (wanted.length === 0) await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
const browser = await startBrowser();
let failed = 0;
for (const scene of SCENES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  for (const { label, ...shape } of SHAPES) {
    const shown = await browser.open({ ...shape, ...(scene.query && { query: scene.query }), ...(scene.hash && { hash: scene.hash }) });
    try {
      await scene.go?.(shown);
      await shown.page.screenshot({ path: `${FOLDER}/${scene.name}~${label}.png`, fullPage: true });
    } catch (error) {
      failed += 1;
      console.error(`${scene.name} ${label}: ${error instanceof Error ? error.message : error}`);
      await shown.page.screenshot({ path: `${FOLDER}/${scene.name}~${label}-failed.png`, fullPage: true });
    }
    if (shown.faults.length > 0) console.error(`${scene.name} ${label}: ${shown.faults.join(' | ')}`);
    await shown.close();
  }
}
await browser.close();
await writeSheet(FOLDER);
process.exitCode = failed > 0 ? 1 : 0;
