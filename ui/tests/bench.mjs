// @ts-check
/**
 * What the window's budgets need of a browser, as one line of JSON: `npm run bench`.
 *
 * `filling`: how long a frame takes, in milliseconds, while 500 rows of the technician's table come in over some seconds;
 * `idle`: the same of the same page with nothing to do, measured alternately, so that the computer's own load falls out.
 */
import { startBrowser } from './browser.mjs';

const ROWS = 500;
const RUNS = 5;
/** Between two groups of sixteen answers, in milliseconds: as fast as a good network answers. */
const PACE = '60';

/** @typedef {{ frames: number, took: number, longest: number }} Frames */

const browser = await startBrowser();
const shown = await browser.open({ hash: '#/desk', query: { pace: PACE } });
const { page } = shown;

await page.evaluate(() => {
  /** @type {Frames} */
  let counted = { frames: 0, took: 0, longest: 0 };
  let last = performance.now();
  const frame = (/** @type {number} */ now) => {
    counted.frames += 1;
    counted.took += now - last;
    counted.longest = Math.max(counted.longest, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  Object.assign(window, {
    framesSince: () => {
      const done = counted;
      counted = { frames: 0, took: 0, longest: 0 };
      return done;
    },
  });
});

/** @returns {Promise<Frames>} */
const framesSince = () => page.evaluate('framesSince()');
const list = (/** @type {number} */ run) => Array.from({ length: ROWS }, (_, row) => `person${row}@company${row}-${run}.example`).join('\n');

/** @type {{ idle: number[], filling: number[], longest: number[] }} */
const measured = { idle: [], filling: [], longest: [] };
for (let run = 0; run < RUNS; run += 1) {
  await shown.by('desk-text').fill(list(run));
  await framesSince();
  await page.waitForTimeout(2_000);
  const idle = await framesSince();
  await shown.by('desk-run').click();
  await framesSince();
  await shown.by('desk-progress').getByText(`${ROWS} of ${ROWS} looked up`).waitFor({ timeout: 30_000 });
  const filling = await framesSince();
  measured.idle.push(idle.took / idle.frames);
  measured.filling.push(filling.took / filling.frames);
  measured.longest.push(filling.longest);
  await shown.by('desk-stop').waitFor({ state: 'detached' });
}
await browser.close();

const middle = (/** @type {number[]} */ values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
console.log(
  JSON.stringify({ rows: ROWS, filling: middle(measured.filling), idle: middle(measured.idle), longest: middle(measured.longest), framesPerSecond: 1_000 / middle(measured.filling) }),
);
