// @ts-check
/** Further features with the keyboard alone: what is deleted, saved, stopped, corrected, read. */
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { startBrowser, until } from '../browser.mjs';
import { pressOn, tabTo, takeFile } from '../keys.mjs';
import { DESK_LIST, reportFile } from '../scenes.mjs';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
/** @type {import('../browser.mjs').OpenWindow} */
let shown;

before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());
afterEach(async () => {
  assert.deepEqual(shown.faults, [], 'the console stayed silent');
  await shown.close();
});

/** @param {string} id */
const byId = (id) => `[data-testid="${id}"]`;
/** @param {string} text */
const type = (text) => shown.page.keyboard.type(text);
/** @param {string} key */
const press = (key) => shown.page.keyboard.press(key);

async function toBrowserPanel() {
  await type('ana@contoso.example');
  await press('Enter');
  await shown.by('saw-error-code').waitFor();
}

async function toResult() {
  await toBrowserPanel();
  await pressOn(shown, byId('saw-need-admin-approval'));
  await shown.by('result-title').waitFor();
}

test('all checks are deleted and brought back; they are searched', async () => {
  shown = await browser.open({ query: { many: '' } });
  const lines = shown.page.locator('.recent-line');
  await pressOn(shown, byId('delete-all'));
  await until(shown.page, "document.activeElement?.dataset.testid === 'undo'");
  assert.equal(await lines.count(), 0);
  assert.deepEqual(await shown.calls('delete_recent'), [{ ids: null }]);
  await press('Enter');
  await until(shown.page, "document.activeElement?.id === 'recent-heading'");
  await pressOn(shown, byId('history-all'));
  assert.equal(await lines.count(), 14, 'all are back');
  assert.equal((await shown.calls('purge_recent')).length, 0);
  await press('F1');
  await press('Control+n');
  await tabTo(shown, byId('history-search'));
  await type('fabrikam');
  await shown.by('history-found').getByText('checks found').waitFor();
  await pressOn(shown, '.recent-line');
  await shown.by('result-title').waitFor();
});

test('a table that is being filled is stopped, filtered and saved', async () => {
  shown = await browser.open({ hash: '#/desk', query: { hold: 'desk' } });
  await tabTo(shown, byId('desk-text'));
  await shown.page.keyboard.insertText(DESK_LIST);
  await pressOn(shown, byId('desk-run'));
  await shown.by('desk-progress').getByText('5 of 7 looked up').waitFor();
  await pressOn(shown, byId('desk-stop'), 'Space');
  await shown.by('desk-stop').waitFor({ state: 'detached' });
  await shown.by('desk-progress').getByText('5 of 7 looked up').waitFor();
  await tabTo(shown, byId('desk-filter'));
  await type('contoso');
  await shown.by('desk-fitting').getByText('Rows that fit: ').waitFor();
  await pressOn(shown, byId('desk-save'));
  await shown.page.getByText('Saved as /home/ana/inbox-doctor-').waitFor();
  const [saved] = /** @type {[{ name: string, text: string }]} */ (await shown.calls('save_text'));
  assert.match(saved.name, /\.csv$/);
  assert.match(saved.text, /"ana@contoso\.example"/);
  assert.doesNotMatch(saved.text, /fabrikam/);
  await tabTo(shown, byId('desk-table'));
  await pressOn(shown, '[data-address="ana@contoso.example"]');
  await until(shown.page, "document.activeElement?.id === 'desk-detail'");
  await pressOn(shown, byId('desk-detail-close'));
  await until(shown.page, "document.activeElement?.dataset.address === 'ana@contoso.example'");
});

test('a list and an error text are taken from a file', async () => {
  shown = await browser.open({ hash: '#/desk' });
  await takeFile(shown, `button:has(+ ${byId('desk-file')})`, reportFile('name,address\nAna,ana@contoso.example\n', 'people.csv'));
  await until(shown.page, "document.activeElement?.id === 'desk-text' && document.activeElement.value.includes('Ana')");
  await pressOn(shown, 'nav a[href="#/explain"]');
  await shown.by('explain-text').waitFor();
  await takeFile(shown, 'button:has(+ input[type="file"])', reportFile('AADSTS90094: code=0.AXkAsecretsecret&state=1 Trace ID: 0f4c6a10-7c1e-4b53-a6a7-9d3b5be61500', 'error.txt'));
  await until(shown.page, "document.activeElement?.dataset.testid === 'result-title'");
  await tabTo(shown, byId('redacted-text'));
  await pressOn(shown, '.ids button');
  assert.match(JSON.stringify(await shown.calls('copy_text')), /0f4c6a10/);
  await pressOn(shown, '#explanation > .row .button');
  await until(shown.page, "document.activeElement?.id === 'explain-text'");
});

test('a typo is corrected, another app is chosen, and nothing is signed in', async () => {
  shown = await browser.open();
  await tabTo(shown, byId('app-select'));
  const first = await shown.by('app-select').inputValue();
  await press('ArrowDown');
  assert.notEqual(await shown.by('app-select').inputValue(), first);
  await pressOn(shown, '.choices > summary');
  await pressOn(shown, byId('no-sign-in'), 'Space');
  await shown.page.keyboard.press('Control+n');
  await tabTo(shown, byId('address-input'));
  await type('ana@gmial.com');
  await press('Enter');
  await shown.by('suggestion').waitFor();
  await pressOn(shown, '#use-suggestion');
  assert.equal(await shown.by('address-input').inputValue(), 'ana@gmail.com');
  await pressOn(shown, byId('check-button'));
  await shown.by('result-title').waitFor();
  const [asked] = /** @type {[{ request: { signIn: boolean, app: string } }]} */ (await shown.calls('check'));
  assert.equal(asked.request.signIn, false);
  assert.notEqual(asked.request.app, first);
});

test('the browser panel: advice first, then stuck; the sign-in is left out', async () => {
  shown = await browser.open();
  await toBrowserPanel();
  await pressOn(shown, byId('saw-nothing-opened'));
  await shown.by('stuck').waitFor();
  assert.equal((await shown.calls('reply')).length, 0, 'advice comes first');
  await pressOn(shown, byId('stuck'));
  await shown.by('result-title').waitFor();
  await press('Control+n');
  await until(shown.page, "document.activeElement?.id === 'address'");
  await press('Enter');
  await shown.by('saw-error-code').waitFor();
  await pressOn(shown, byId('skip-sign-in'));
  await until(shown.page, "scripted.calls.some(({ name, args }) => name === 'reply' && args.reply.reply === 'skip-sign-in')");
});

test('an error page told in words, checked again, and what is different', async () => {
  shown = await browser.open();
  await toResult();
  await pressOn(shown, byId('check-again'));
  await shown.by('saw-error-code').waitFor();
  await pressOn(shown, byId('saw-error-code'));
  await until(shown.page, "document.activeElement?.id === 'page-words'");
  await type('AADSTS50011');
  await pressOn(shown, byId('send-words'));
  await shown.by('changes').getByText(/No longer found/).waitFor();
});

test('the message is mailed and saved; the link opens and is copied; the raw document is copied', async () => {
  shown = await browser.open();
  await toResult();
  await pressOn(shown, byId('open-message'));
  await shown.by('message-body').waitFor();
  await pressOn(shown, byId('message-mail'));
  await until(shown.page, "scripted.calls.some(({ name }) => name === 'open_mail')");
  await pressOn(shown, byId('message-save'));
  await until(shown.page, "scripted.calls.some(({ name }) => name === 'save_message')");
  await tabTo(shown, byId('message-body'));
  await press('Escape');
  await pressOn(shown, byId('consent-link'));
  assert.match(JSON.stringify(await shown.calls('open_link')), /adminconsent/);
  await pressOn(shown, '.consent button[aria-label^="Copy"]');
  assert.match(JSON.stringify(await shown.calls('copy_text')), /adminconsent/);
  await pressOn(shown, `${byId('technician')} > summary`);
  await pressOn(shown, `${byId('technician')} details:last-of-type > summary`);
  await pressOn(shown, `${byId('technician')} details:last-of-type .stack button`);
  await until(shown.page, "scripted.calls.filter(({ name }) => name === 'copy_text').length === 2");
});

test('the report is saved by its shortcut at another level; a sent one opens', async () => {
  shown = await browser.open();
  await toResult();
  await press('Control+s');
  await shown.by('report-preview').waitFor();
  assert.equal(await shown.page.evaluate('document.activeElement?.id'), 'save-summary');
  await tabTo(shown, '.save label + label select');
  await press('End');
  await pressOn(shown, byId('save-report'));
  await until(shown.page, "scripted.calls.some(({ name, args }) => name === 'save_report' && args.redaction === 'secrets')");
  await press('Control+o');
  await shown.by('sent-report').waitFor();
});

test('language, high contrast, an own registration, and the licences', async () => {
  shown = await browser.open({ query: { empty: '' } });
  await tabTo(shown, byId('language-select'));
  await press('End');
  await until(shown.page, "document.documentElement.lang === 'ja'");
  await press('Home');
  await until(shown.page, "document.documentElement.lang === 'en'");
  await press('Control+,');
  await tabTo(shown, 'input[name="theme"]:checked');
  for (let presses = 0; presses < 3; presses += 1) await press('ArrowDown');
  await until(shown.page, "document.documentElement.dataset.theme === 'high-contrast'");
  await tabTo(shown, byId('client-microsoft'));
  await type('01111111-2222-3333-4444-555555555555');
  await pressOn(shown, byId('save-registration-microsoft'));
  await shown.by('registration-microsoft').getByText('Saved.').waitFor();
  await pressOn(shown, 'nav a[href="#/about"]');
  await shown.by('licences').waitFor();
  await pressOn(shown, `${byId('licences')} > summary`);
  await shown.by('licences').getByText(/Svelte/i).first().waitFor();
  await tabTo(shown, `${byId('licences')} pre`);
});
