// @ts-check
/** The keyboard of a person who has no pointer. */
import assert from 'node:assert/strict';

/** More presses than any view has stops. */
const MOST_STOPS = 60;

/**
 * Goes on with Tab until the focus is on this element; fails when it is never reached or not visible there.
 * @param {import('./browser.mjs').OpenWindow} shown
 * @param {string} selector
 */
export async function tabTo(shown, selector) {
  for (let press = 0; press < MOST_STOPS; press += 1) {
    const reached = await shown.page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector);
    if (reached) {
      const seen = await shown.page.evaluate(() => {
        const element = document.activeElement;
        if (!(element instanceof HTMLElement)) return 'nothing';
        const box = element.getBoundingClientRect();
        const inView = box.bottom > 0 && box.top < innerHeight && box.width > 0;
        const style = getComputedStyle(element);
        return inView && (style.outlineStyle !== 'none' || element.matches('input[type=radio], input[type=checkbox]')) ? 'seen' : `${box.top} ${style.outlineStyle}`;
      });
      assert.equal(seen, 'seen', `the focus on ${selector} can be seen`);
      return;
    }
    await shown.page.keyboard.press('Tab');
  }
  assert.fail(`Tab never reached ${selector}`);
}

/**
 * The same, and presses a key there.
 * @param {import('./browser.mjs').OpenWindow} shown
 * @param {string} selector
 * @param {string} [key]
 */
export async function pressOn(shown, selector, key = 'Enter') {
  await tabTo(shown, selector);
  await shown.page.keyboard.press(key);
}

/**
 * Takes a file with the button that asks for one.
 * @param {import('./browser.mjs').OpenWindow} shown
 * @param {string} selector
 * @param {{ name: string, mimeType: string, buffer: Buffer }} file
 */
export async function takeFile(shown, selector, file) {
  // Listened for before the way there: the browser must know that it shall ask no desktop by the time of the press.
  const chooser = shown.page.waitForEvent('filechooser', { timeout: 30_000 });
  await pressOn(shown, selector);
  await (await chooser).setFiles(file);
}
