// @ts-check
/** A served build of the window with the scripted program behind it, and a Chromium to look at it. */
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Nothing in these tests waits longer than this for the window, in milliseconds. */
const PATIENCE = 10_000;

/** @typedef {'en' | 'ja'} Language */
/** @typedef {'light' | 'dark'} Scheme */
/**
 * @typedef {object} Wish
 * @property {Language} [language]
 * @property {Scheme} [scheme]
 * @property {'active' | 'none'} [forcedColors]
 * @property {'reduce' | 'no-preference'} [motion]
 * @property {number} [width]
 * @property {number} [height]
 * @property {number} [scale]
 * @property {Record<string, string>} [query]
 * @property {string} [hash]
 */

export async function startBrowser() {
  const server = await preview({ build: { outDir: 'dist-test' }, preview: { port: 0, strictPort: false, host: '127.0.0.1' }, logLevel: 'error' });
  const origin = server.resolvedUrls?.local[0];
  if (origin === undefined) throw new Error('the preview server has no address');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });

  return {
    /**
     * A fresh window. Every message of the console and every page error fails the test that reads `faults`.
     * @param {Wish} [wish]
     */
    async open(wish = {}) {
      const language = wish.language ?? 'en';
      const context = await browser.newContext({
        viewport: { width: wish.width ?? 1024, height: wish.height ?? 720 },
        deviceScaleFactor: wish.scale ?? 1,
        colorScheme: wish.scheme ?? 'light',
        forcedColors: wish.forcedColors ?? 'none',
        reducedMotion: wish.motion ?? 'reduce',
        locale: language === 'ja' ? 'ja-JP' : 'en-GB',
        timezoneId: 'Asia/Tokyo',
      });
      context.setDefaultTimeout(PATIENCE);
      const page = await context.newPage();
      /** @type {string[]} */
      const faults = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
      });
      page.on('pageerror', (error) => faults.push(error.message));
      const query = new URLSearchParams({ lang: language === 'ja' ? 'ja-JP' : 'en-GB', ...wish.query });
      await page.goto(`${origin}?${query}${wish.hash ?? ''}`);
      await page.locator('main h1').waitFor();
      return {
        page,
        faults,
        /** @param {string} id */
        by: (id) => page.getByTestId(id),
        /** Lets the scripted program go on. */
        release: () => page.evaluate('scripted.release()'),
        /**
         * The arguments of every call of a command.
         * @param {string} name
         * @returns {Promise<unknown[]>}
         */
        calls: (name) => page.evaluate(`scripted.calls.filter((call) => call.name === ${JSON.stringify(name)}).map((call) => call.args)`),
        close: () => context.close(),
      };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** @typedef {Awaited<ReturnType<Awaited<ReturnType<typeof startBrowser>>['open']>>} OpenWindow */

/**
 * Types an address and starts the check.
 * @param {OpenWindow} shown
 * @param {string} address
 */
export async function check(shown, address) {
  await shown.by('address-input').fill(address);
  await shown.by('check-button').click();
}

/** How long a page may take to become what is expected. */
const SOON = 30_000;

/**
 * Waits until an expression is true in the page. Asked from outside each time: a question that the page repeats by itself
 * (`waitForFunction`) is evaluated as text there, which the window's content policy forbids.
 * @param {import('playwright-core').Page} page
 * @param {string} expression
 */
export async function until(page, expression) {
  const end = Date.now() + SOON;
  while ((await page.evaluate(expression)) !== true) {
    if (Date.now() > end) throw new Error(`still not so: ${expression}`);
    await page.waitForTimeout(20);
  }
}
