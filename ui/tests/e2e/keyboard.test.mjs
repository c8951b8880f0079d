// @ts-check
/** Every feature with the keyboard alone: no click, no pointer. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowser, until } from '../browser.mjs';
import { tabTo, takeFile } from '../keys.mjs';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;

before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

test('from the address to the copied message, and back', async () => {
  const shown = await browser.open();
  const { page } = shown;
  await page.keyboard.type('ana@contoso.example');
  await page.keyboard.press('Enter');
  await shown.by('saw-need-admin-approval').waitFor();
  await tabTo(shown, '[data-testid="saw-need-admin-approval"]');
  await page.keyboard.press('Enter');
  await shown.by('result-title').waitFor();
  await tabTo(shown, '[data-testid="open-message"]');
  await page.keyboard.press('Enter');
  await shown.by('message-body').waitFor();
  await tabTo(shown, '[data-testid="message-dialog"] input[type="radio"]:checked');
  await page.keyboard.press('ArrowRight');
  await page.getByText('お疲れさまです').waitFor();
  await tabTo(shown, '[data-testid="message-copy"]');
  await page.keyboard.press('Space');
  await page.getByText('The message is copied').waitFor();
  await page.keyboard.press('Escape');
  await shown.by('message-dialog').waitFor({ state: 'hidden' });
  assert.equal(await page.evaluate('document.activeElement?.dataset.testid'), 'open-message', 'the focus is back where it was');
  await tabTo(shown, '[data-testid="consent-link"]');
  await tabTo(shown, '[data-testid="technician"] > summary');
  await page.keyboard.press('Enter');
  await tabTo(shown, '[data-testid="technician"] .scroll');
  await tabTo(shown, '[data-testid="check-again"]');
  assert.deepEqual(shown.faults, []);
  await shown.close();
});

test('stopping a check', async () => {
  const shown = await browser.open();
  await shown.page.keyboard.type('ana@contoso.example');
  await shown.page.keyboard.press('Enter');
  await shown.by('saw-error-code').waitFor();
  await tabTo(shown, '[data-testid="cancel-button"]');
  await shown.page.keyboard.press('Space');
  await shown.page.locator('.stopped').waitFor();
  assert.equal(await shown.page.evaluate('document.activeElement?.id'), 'address');
  await shown.close();
});

test('an error text with a question', async () => {
  const shown = await browser.open();
  const { page } = shown;
  await tabTo(shown, '[data-testid="explain-door"]');
  await page.keyboard.press('Enter');
  await tabTo(shown, '#explain-text');
  await page.keyboard.type('MailboxNotEnabledForRESTAPI');
  await page.keyboard.press('Control+Enter');
  await shown.by('question').waitFor();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  assert.equal(await shown.by('question').count(), 0, 'the last answer before the explanation was chosen');
  await shown.close();
});

test('the browser panel: another browser, the address to copy, a page, the final address', async () => {
  const shown = await browser.open();
  const { page } = shown;
  await page.keyboard.type('ana@contoso.example');
  await page.keyboard.press('Enter');
  await shown.by('saw-error-code').waitFor();
  await tabTo(shown, '[data-testid="open-again"]');
  await page.keyboard.press('Enter');
  await tabTo(shown, '[data-testid="other-browser"]');
  await page.keyboard.press('ArrowDown');
  await tabTo(shown, '[data-testid="open-in"]');
  await page.keyboard.press('Enter');
  await until(page, "scripted.calls.filter(({ name }) => name === 'reply').length === 2");
  assert.deepEqual(await shown.calls('choose_browser'), [{ id: 'firefox-esr.desktop' }]);
  await tabTo(shown, '[data-testid="saw-error-code"]');
  await page.keyboard.press('Space');
  await until(page, "document.activeElement?.id === 'page-words'");
  await tabTo(shown, '.chosen .button.quiet');
  await page.keyboard.press('Enter');
  await until(page, "document.activeElement?.dataset.testid === 'saw-error-code'");
  await tabTo(shown, '.panel details > summary');
  await page.keyboard.press('Enter');
  await tabTo(shown, '#pasted-address');
  await page.keyboard.type('http://localhost:50113/?error=access_denied');
  await page.keyboard.press('Enter');
  await shown.by('result-title').waitFor();
  assert.match(JSON.stringify(await shown.calls('reply')), /pasted-address/);
  await shown.close();
});

test('the result: the admin’s side, checklist, code for the phone, and a report saved', async () => {
  const shown = await browser.open();
  const { page } = shown;
  await tabTo(shown, '.recent-line');
  await page.keyboard.press('Enter');
  await shown.by('result-title').waitFor();
  await tabTo(shown, '[data-testid="i-am-admin"]');
  await page.keyboard.press('Enter');
  await shown.by('admin-steps').waitFor();
  await tabTo(shown, '[data-testid="not-admin"]');
  await page.keyboard.press('Enter');
  await tabTo(shown, '[data-testid="follow-asked"]');
  await page.keyboard.press('Space');
  await shown.by('checklist').getByText('today').waitFor();
  await tabTo(shown, '.consent details > summary');
  await page.keyboard.press('Enter');
  await page.locator('.qr').waitFor();
  await tabTo(shown, '#save-summary');
  await page.keyboard.press('Enter');
  await shown.by('report-preview').waitFor();
  await tabTo(shown, '.save select');
  await page.keyboard.press('End');
  await page.locator('[data-testid="report-preview"] pre.code').waitFor();
  await tabTo(shown, '[data-testid="save-report"]');
  await page.keyboard.press('Enter');
  await page.getByText('Saved as /home/ana/inbox-doctor.text').waitFor();
  await tabTo(shown, '[data-testid="report-preview"]');
  await shown.close();
});

test('history, reports that were sent, the way to copy from, and the desk', async () => {
  const shown = await browser.open({ query: { scene: 'unsettled' } });
  const { page } = shown;
  await tabTo(shown, '[data-testid="delete-recent"]');
  await page.keyboard.press('Enter');
  await until(page, "document.activeElement?.dataset.testid === 'undo'");
  await page.keyboard.press('Enter');
  await until(page, "document.activeElement?.id === 'recent-heading'");
  await page.keyboard.press('Control+n');
  await page.locator('#address').focus();
  await takeFile(shown, '[data-testid="open-report"]', { name: 'sent.inboxdoctor', mimeType: 'application/octet-stream', buffer: Buffer.from('{') });
  await shown.by('fault').waitFor();
  await tabTo(shown, '[data-testid="fault"] button');
  await page.keyboard.press('Enter');
  await page.locator('#address').focus();
  await page.keyboard.type('ana@contoso.example');
  await page.keyboard.press('Enter');
  await shown.by('roads').waitFor();
  await tabTo(shown, '[data-testid="road-imap"] dd .button');
  await page.keyboard.press('Enter');
  assert.deepEqual(await shown.calls('copy_text'), [{ text: 'imap.contoso.example' }]);
  await tabTo(shown, 'nav a[href="#/desk"]');
  await page.keyboard.press('Enter');
  await tabTo(shown, '[data-testid="desk-text"]');
  await page.keyboard.type('ana@contoso.example');
  await tabTo(shown, '[data-testid="desk-run"]');
  await page.keyboard.press('Enter');
  await shown.by('desk-progress').getByText('1 of 1 looked up').waitFor();
  await tabTo(shown, '[data-testid="sort-mailHost"]');
  await page.keyboard.press('Enter');
  await tabTo(shown, '[data-address="ana@contoso.example"]');
  await page.keyboard.press('Enter');
  await shown.by('desk-detail').waitFor();
  assert.deepEqual(shown.faults, []);
  await shown.close();
});

test('every setting, a registration with its test and guide, the network test', async () => {
  const shown = await browser.open({ hash: '#/settings' });
  const { page } = shown;
  await tabTo(shown, 'input[name="language"]:checked');
  await tabTo(shown, '[data-testid="setting-app"] select');
  await page.keyboard.press('ArrowDown');
  await tabTo(shown, '[data-testid="setting-signInSeconds"] input');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('120');
  await tabTo(shown, '[data-testid="save-signInSeconds"]');
  await page.keyboard.press('Enter');
  await until(page, "scripted.calls.some(({ name, args }) => name === 'set_setting' && args.key === 'signInSeconds' && args.value === 120)");
  await tabTo(shown, '[data-testid="setting-keepHistory"] input');
  await page.keyboard.press('Space');
  await tabTo(shown, '[data-testid="setting-redaction"] select');
  await tabTo(shown, '[data-testid="client-microsoft"]');
  await tabTo(shown, '[data-testid="test-microsoft"]');
  await page.keyboard.press('Enter');
  await shown.by('tested-microsoft').waitFor();
  await tabTo(shown, '[data-testid="registration-microsoft"] .guide > summary');
  await page.keyboard.press('Enter');
  await tabTo(shown, '[data-testid="registration-microsoft"] .guide a');
  await tabTo(shown, '[data-testid="second-google"]');
  await tabTo(shown, '[data-testid="setting-proxy"] input');
  await tabTo(shown, '[data-testid="network-test"]');
  await page.keyboard.press('Enter');
  await shown.by('network-clock').waitFor();
  await tabTo(shown, '[data-testid="all-settings"] > summary');
  assert.deepEqual(shown.faults, []);
  await shown.close();
});

test('settings and the skip link', async () => {
  const shown = await browser.open({ hash: '#/about' });
  const { page } = shown;
  await page.getByRole('heading', { level: 1 }).waitFor();
  await tabTo(shown, '.skip');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate('document.activeElement?.tagName'), 'H1');
  await tabTo(shown, 'nav a[href="#/settings"]');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  await tabTo(shown, 'input[name="theme"]:checked');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate('document.documentElement.dataset.theme'), 'light');
  await tabTo(shown, '.accounts button');
  await page.keyboard.press('Enter');
  await page.getByText('is forgotten').waitFor();
  await shown.close();
});
