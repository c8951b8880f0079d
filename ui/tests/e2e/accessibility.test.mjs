// @ts-check
/**
 * Every view and state in both languages: axe in light, dark and forced colours; nothing sticks out at 320 px and at
 * 200 % of a small window; targets are large enough.
 */
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { startBrowser } from '../browser.mjs';
import { SCENES } from '../scenes.mjs';
import { writeSheet } from '../sheet.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** WCAG 2.2, success criterion 2.5.8, in CSS pixels. */
const LEAST_TARGET = 24;

const COLOURS = /** @type {const} */ ([
  { colorScheme: 'light', forcedColors: 'none' },
  { colorScheme: 'dark', forcedColors: 'none' },
  { colorScheme: 'dark', forcedColors: 'active' },
  { colorScheme: 'light', forcedColors: 'active' },
]);

/** The smallest phone, and a window of 1024 × 720 at 200 %. */
const SIZES = [
  { width: 320, height: 640 },
  { width: 512, height: 360 },
];

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;

/** Pictures of what was checked, to be looked over by a person. */
const PICTURES = '../target/screens/checked';

before(async () => {
  await mkdir(PICTURES, { recursive: true });
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  await writeSheet(PICTURES);
});

for (const language of /** @type {const} */ (['en', 'ja'])) {
  describe(`every view in ${language} is accessible`, () => {
    for (const scene of SCENES) {
      test(scene.name, async () => {
        const shown = await browser.open({ language, ...(scene.query && { query: scene.query }), ...(scene.hash && { hash: scene.hash }) });
        const { page } = shown;
        await scene.go?.(shown);
        await page.evaluate(AXE);
        for (const colours of COLOURS) {
          await page.emulateMedia(colours);
          const violations = await page.evaluate(
            `axe.run(document, { runOnly: ${JSON.stringify(TAGS)} }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, any }) => html.slice(0, 160) + ' ' + (any[0]?.message ?? '')).join(' | ')))`,
          );
          assert.deepEqual(violations, [], JSON.stringify(colours));
          if (colours.forcedColors === 'none' || colours.colorScheme === 'dark') {
            const label = colours.forcedColors === 'active' ? 'forced' : colours.colorScheme;
            await page.screenshot({ path: `${PICTURES}/${scene.name}~${language}-${label}.jpg`, type: 'jpeg', quality: 60, fullPage: true });
          }
        }
        await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
        for (const size of SIZES) {
          await page.setViewportSize(size);
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(wider <= 0, `${wider} px stick out at ${size.width} px`);
          const small = await page.evaluate((least) =>
            Array.from(document.querySelectorAll('button, select, summary, input:not([type=radio], [type=checkbox], [type=file]), nav a, a.button'))
              .filter((element) => element.checkVisibility())
              .map((element) => ({ element, box: element.getBoundingClientRect() }))
              .filter(({ box }) => box.width > 0 && (box.width < least || box.height < least))
              .map(({ element, box }) => `${element.outerHTML.slice(0, 80)} ${box.width}×${box.height}`), LEAST_TARGET);
          assert.deepEqual(small, []);
          await page.screenshot({ path: `${PICTURES}/${scene.name}~${language}-${size.width}.jpg`, type: 'jpeg', quality: 60, fullPage: true });
        }
        assert.deepEqual(shown.faults, []);
        await shown.close();
      });
    }
  });
}
