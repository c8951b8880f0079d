// @ts-check
/** axe on every view and state × language × scheme, reflow at 320 px and 200 %, and text that nobody translated. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { startBrowser } from '../browser.mjs';
import { SCENES } from '../scenes.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;

before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

/** @type {ReadonlyArray<import('../browser.mjs').Wish>} */
const SHAPES = [
  { language: 'en', scheme: 'light' },
  { language: 'en', scheme: 'dark' },
  { language: 'ja', scheme: 'light' },
  { language: 'ja', scheme: 'dark' },
  { language: 'en', scheme: 'dark', forcedColors: 'active' },
];

/**
 * @param {(typeof SCENES)[number]} scene
 * @param {import('../browser.mjs').Wish} shape
 */
async function reach(scene, shape) {
  const shown = await browser.open({ ...shape, ...(scene.query && { query: scene.query }), ...(scene.hash && { hash: scene.hash }) });
  await scene.go?.(shown);
  return shown;
}

for (const shape of SHAPES) {
  describe(`axe, ${shape.language}, ${shape.forcedColors === 'active' ? 'forced colours' : shape.scheme}`, () => {
    for (const scene of SCENES) {
      test(scene.name, async () => {
        const shown = await reach(scene, shape);
        await shown.page.evaluate(AXE);
        const violations = await shown.page.evaluate(
          `axe.run(document, { runOnly: ${JSON.stringify(TAGS)} }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, any }) => html.slice(0, 160) + ' ' + (any[0]?.message ?? '')).join(' | ')))`,
        );
        assert.deepEqual(violations, []);
        assert.deepEqual(shown.faults, []);
        await shown.close();
      });
    }
  });
}

for (const language of /** @type {const} */ (['en', 'ja'])) {
  describe(`reflow, ${language}`, () => {
    for (const scene of SCENES) {
      test(scene.name, async () => {
        for (const size of [{ width: 320, height: 640 }, { width: 512, height: 360, scale: 2 }]) {
          const shown = await reach(scene, { language, ...size });
          const wider = await shown.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(wider <= 0, `nothing sticks out at ${size.width} px (${wider} px do)`);
          await shown.close();
        }
      });
    }
  });
}

describe('targets', () => {
  for (const scene of SCENES) {
    test(`of ${scene.name} are 24 px or more (WCAG 2.2, 2.5.8)`, async () => {
      const shown = await reach(scene, { width: 320, height: 640 });
      const small = await shown.page.evaluate(() =>
        Array.from(document.querySelectorAll('button, select, summary, input:not([type=radio], [type=checkbox], [type=file]), nav a, a.button'))
          .filter((element) => element.checkVisibility())
          .map((element) => ({ element, box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
          .map(({ element, box }) => `${element.outerHTML.slice(0, 80)} ${box.width}×${box.height}`),
      );
      assert.deepEqual(small, []);
      await shown.close();
    });
  }
});
