// @ts-check
/** The window in a browser with the real engine and the practice cloud behind it, and the browser of the person beside it. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const PROGRAM = process.env['HTTP_HOST'] ?? fileURLToPath(new URL('../../../target/debug/http-host', import.meta.url));
const PAGES = process.env['HTTP_HOST_PAGES'] ?? fileURLToPath(new URL('../../dist', import.meta.url));
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

/** For what the window shows by itself, in milliseconds. */
export const SOON = 15_000;
/** For a whole check with both sign-ins, by a debug build on a busy computer. */
export const CHECK = 90_000;
/** More pages than any sign-in has. */
const MOST_PAGES = 12;

export async function startBrowser() {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  return { browser, close: () => browser.close() };
}

/**
 * Starts the program, and opens its window and the person's browser.
 * @param {import('playwright-core').Browser} browser
 * @param {{ language?: 'en' | 'ja', environment?: Record<string, string> }} [wish]
 */
export async function open(browser, wish = {}) {
  const child = spawn(PROGRAM, [PAGES], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, LANG: wish.language === 'ja' ? 'ja_JP.UTF-8' : 'en_GB.UTF-8', LC_ALL: '', BROWSER: '', ...wish.environment },
  });
  /** @type {{ url: string, folder: string }} */
  const ready = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the program ended with ${code}`)));
  });
  const origin = new URL(ready.url).origin;
  const token = new URL(ready.url).searchParams.get('token') ?? '';
  const locale = wish.language === 'ja' ? 'ja-JP' : 'en-GB';
  const context = await browser.newContext({ locale, timezoneId: 'Asia/Tokyo', reducedMotion: 'reduce', viewport: { width: 1024, height: 760 } });
  context.setDefaultTimeout(SOON);
  const page = await context.newPage();
  /** @type {string[]} */
  const faults = [];
  page.on('console', (message) => {
    // A command that fails answers with a status that Chromium notes by itself.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(ready.url);
  await page.locator('main h1').waitFor();
  const outside = await browser.newContext({ locale });
  outside.setDefaultTimeout(SOON);
  const person = await outside.newPage();
  /** @type {Array<{ kind: string, what: any }>} */
  let seen = [];

  /**
   * @param {string} name
   * @param {unknown} order
   * @param {Record<string, string>} [headers]
   */
  const ask = (name, order, headers = {}) =>
    fetch(`${origin}/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify(order),
    });

  /** @param {string} kind */
  const happened = async (kind) => {
    seen = [...seen, ...(await (await ask('test/happened', {})).json())];
    const found = seen.find((event) => event.kind === kind);
    seen = seen.filter((event) => event !== found);
    return found?.what;
  };

  const shown = {
    page,
    faults,
    origin,
    ask,
    folder: ready.folder,
    url: ready.url,
    /** @param {string} id */
    by: (id) => page.getByTestId(id),
    /** What next left the program in this way, where something did. */
    happened,
    /**
     * The same, waited for.
     * @param {string} kind
     */
    async waitFor(kind) {
      for (const begun = Date.now(); Date.now() - begun < SOON; ) {
        const what = await happened(kind);
        if (what !== undefined) return what;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`nothing of the kind "${kind}" left the program`);
    },
    /** @param {unknown} order */
    prepare: (order) => ask('test/prepare', order),
    /** @param {string} path */
    openOutside: (path) => ask('test/open-outside', { path }),
    /** @param {string} address */
    async check(address) {
      await shown.by('address-input').fill(address);
      await shown.by('check-button').click();
    },
    /** Signs in wherever the browser is opened until the window shows a result; what does not come back is told to the window. */
    async signInUntilResult() {
      for (const begun = Date.now(); Date.now() - begun < CHECK; ) {
        if ((await shown.by('result-title').count()) > 0) return;
        const address = await happened('open');
        if (address === undefined) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          continue;
        }
        await person.goto(address);
        const stopped = await clickThrough(person);
        if (stopped !== null) await shown.by(`saw-${stopped}`).click();
      }
      throw new Error(`no result; the window says:\n${await page.locator('body').innerText()}`);
    },
    /** @param {string} hash */
    go: (hash) => page.evaluate(`location.hash = ${JSON.stringify(hash)}`),
    /** Ends the program as a crash would. */
    kill: () => void child.kill('SIGKILL'),
    async close() {
      await outside.close();
      await context.close();
      child.stdin.end();
      await new Promise((resolve) => (child.exitCode === null && child.signalCode === null ? child.once('exit', resolve) : resolve(null)));
    },
  };
  return shown;
}

/** @typedef {Awaited<ReturnType<typeof open>>} OpenProgram */

/**
 * Clicks through the pages of a sign-in. `null` when the browser came back to the program; else the page it stopped at.
 * @param {import('playwright-core').Page} person
 */
async function clickThrough(person) {
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    await person.waitForLoadState('load');
    const name = (await person.locator('body').getAttribute('data-page')) ?? '';
    switch (name) {
      case '':
        return null;
      case 'pick-account':
        await leave(person, () => person.locator('#account-hint').click());
        break;
      case 'sign-in':
        await leave(person, () => person.locator('#next').click());
        break;
      case 'password':
      case 'federated-sign-in':
        await person.locator('#password').fill('any password is right here');
        await leave(person, () => person.locator('#submit').click());
        break;
      case 'permission-list':
        await leave(person, () => person.locator('#accept').click());
        break;
      default:
        return name;
    }
  }
  throw new Error(`the sign-in goes round in circles at ${person.url()}`);
}

/**
 * @param {import('playwright-core').Page} person
 * @param {() => Promise<void>} act
 */
async function leave(person, act) {
  await Promise.all([person.waitForEvent('load'), act()]);
}
