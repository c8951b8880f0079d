// @ts-check
/** What a person tells the window while the browser is open, and what is stopped, opened and forgotten: with the real engine. */
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { existsSync } from 'node:fs';
import { until } from '../browser.mjs';
import { CHECK, open, startBrowser } from './program.mjs';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
/** @type {import('./program.mjs').OpenProgram} */
let shown;

before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());
afterEach(async () => {
  assert.deepEqual(shown.faults, [], 'the console stayed silent, the content policy was kept');
  await shown.close();
});

const cause = () => shown.page.locator('article.answer').first().getAttribute('data-cause');
const result = () => shown.by('result-title').first().waitFor({ timeout: CHECK });

test('the address that the browser ended up on is pasted, and read', async () => {
  shown = await open(browser.browser);
  await shown.check('works@contoso.example');
  const asked = new URL(await shown.waitFor('open'));
  const back = new URL(asked.searchParams.get('redirect_uri') ?? '');
  back.searchParams.set('error', 'access_denied');
  back.searchParams.set('error_description', 'AADSTS65004: User declined to consent to access the app.');
  back.searchParams.set('state', asked.searchParams.get('state') ?? '');
  await shown.page.locator('.panel details > summary').click();
  await shown.page.locator('#pasted-address').fill(back.href);
  await shown.page.getByRole('button', { name: 'Use this address' }).click();
  await result();
  assert.equal(await shown.by('step-sign-in').getAttribute('data-state'), 'problem');
  assert.equal(await cause(), 'consent-declined');
});

test('the words of a page are told, and lead to their cause; the page is opened again before', async () => {
  shown = await open(browser.browser);
  await shown.check('works@contoso.example');
  const first = await shown.waitFor('open');
  await shown.by('open-again').click();
  assert.equal(await shown.waitFor('open'), first, 'the same page');
  await shown.by('saw-error-code').click();
  await shown.page.locator('#page-words').fill('AADSTS90094: The grant requires admin permission.');
  await shown.by('send-words').click();
  await result();
  assert.equal(await cause(), 'consent-admin-required');
});

test('the sign-in is left out in the middle of a check, and nothing of it is called fine', async () => {
  shown = await open(browser.browser);
  await shown.check('works@contoso.example');
  await shown.waitFor('open');
  await shown.by('skip-sign-in').click();
  await result();
  for (const step of ['sign-in', 'mailbox', 'calendar', 'permissions']) {
    assert.equal(await shown.by(`step-${step}`).getAttribute('data-state'), 'not-checked', step);
  }
});

test('a typo is asked about, and the answer corrects it', async () => {
  shown = await open(browser.browser);
  await shown.check('ana@gmial.com');
  await shown.by('suggestion').waitFor();
  await shown.page.locator('#use-suggestion').click();
  assert.equal(await shown.by('address-input').inputValue(), 'ana@gmail.com');
});

test('a long list is stopped, and keeps what was found', async () => {
  shown = await open(browser.browser);
  await shown.go('#/desk');
  const many = Array.from({ length: 4_000 }, (_, index) => `nowhere-${index}.example`);
  const buffer = Buffer.from(['contoso.example', ...many].join('\n'));
  await shown.by('desk-file').setInputFiles({ name: 'many.txt', mimeType: 'text/plain', buffer });
  await until(shown.page, "document.querySelector('[data-testid=desk-text]').value.includes('nowhere-3999.')");
  await shown.by('desk-run').click();
  await shown.by('desk-table').getByText('Microsoft 365').first().waitFor();
  await shown.by('desk-stop').click();
  await shown.by('desk-stop').waitFor({ state: 'detached', timeout: CHECK });
  await shown.by('desk-table').getByText('Microsoft 365').first().waitFor();
  await shown.by('desk-filter').fill('nowhere-3999.');
  await shown.by('desk-table').getByText('not looked up').first().waitFor();
});

test('a report is opened with the button of the start', async () => {
  shown = await open(browser.browser);
  await shown.check('mailbox-missing@contoso.example');
  await shown.signInUntilResult();
  await shown.page.locator('#save-summary').click();
  await shown.page.locator('details.save select').first().selectOption('json');
  await shown.by('save-report').click();
  const file = /** @type {string} */ (await shown.waitFor('save'));
  await shown.page.getByText(`Saved as ${file}`).waitFor();
  assert.ok(existsSync(file));
  await shown.go('#/');
  await shown.by('report-file').setInputFiles(file);
  await shown.by('sent-report').waitFor();
  assert.equal(await cause(), 'mailbox-missing');
});
