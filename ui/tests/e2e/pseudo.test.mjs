// @ts-check
/** Every view with its own words in disguise: a plain word is data of the program, a name, or a forgotten text. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startBrowser } from '../browser.mjs';
import { SCENES } from '../scenes.mjs';

/** What is not a word of any language: names, addresses, what `Intl` writes for days. */
const ALLOWED = [
  /^(English|Microsoft|Google|Microsoft 365|Google Workspace|Outlook\.com|HTTP \d+|ms)$/,
  /^(\/usr\/share\/doc\/[\w.\/-]+|licences\.txt)$/,
  /^[\w.+-]+@[\w.-]+$/,
  /^(https?:\/\/)?(localhost|[\w….-]+\.com)(:\d+)?$/,
  /^(today|yesterday|(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)$/,
  /^\d{1,2} [A-Z][a-z]+( \d{4})?$/,
];

/** Between two pieces of data: disguised words, and the marks that the views put there. */
const BETWEEN = /[^\x00-\x7f“”’…]+|\s[·–]\s|: |, |[()]/u;

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;

before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

/** Everything a person sees or hears that has a plain word in it. */
function plainTexts() {
  const found = new Set([document.title]);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    // Codes and records are data by their looks; pictures of pages at the providers show those pages' own words.
    if (parent === null || parent.closest('script, style, pre, .code, [data-foreign]') !== null) continue;
    found.add(walker.currentNode.textContent ?? '');
  }
  for (const element of document.querySelectorAll('*'))
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.add(element.getAttribute(name) ?? '');
  return [...found].map((text) => text.replace(/\s+/g, ' ').trim()).filter((text) => /[A-Za-z]{2,}/.test(text));
}

/** Everything the program said to the window, and what was typed, as one text. */
function givenTexts() {
  /** @type {string[]} */
  const texts = [];
  const collect = (/** @type {unknown} */ value) => {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) for (const [key, item] of Object.entries(value)) texts.push(key), collect(item);
  };
  collect(/** @type {{ scripted: { said: unknown[], calls: unknown[] } }} */ (/** @type {unknown} */ (window)).scripted.said);
  collect(/** @type {{ scripted: { said: unknown[], calls: unknown[] } }} */ (/** @type {unknown} */ (window)).scripted.calls);
  return texts.join('\n').replace(/\s+/g, ' ');
}

describe('no text of the window stands outside the locales', () => {
  for (const scene of SCENES) {
    test(scene.name, async () => {
      const shown = await browser.open({ query: { ...scene.query, pseudo: '' }, ...(scene.hash && { hash: scene.hash }) });
      await scene.go?.(shown);
      const given = await shown.page.evaluate(givenTexts);
      const plain = await shown.page.evaluate(plainTexts);
      const foreign = plain
        .filter((text) => !given.includes(text))
        .flatMap((text) => text.split(BETWEEN))
        .map((piece) => piece.trim().replace(/^[“”",.;?!\s]+|[“”",.;?!\s]+$/g, ''))
        .filter((piece) => /[A-Za-z]{2,}/.test(piece) && !given.includes(piece) && !ALLOWED.some((pattern) => pattern.test(piece)));
      assert.deepEqual(foreign, []);
      assert.ok((await shown.page.locator('main').innerText()).match(/[ȧḗǿ]/), 'the disguise is on');
      await shown.close();
    });
  }
});
