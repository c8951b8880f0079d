import { describe, expect, it } from 'vitest';
import { addressProblem, looksLikeErrorText, slips, suggestAddress, tidyAddress } from '../../src/lib/address';

describe('an address as people write it', () => {
  it.each([
    ['  ana@contoso.example ', 'ana@contoso.example'],
    ['mailto:ana@contoso.example?subject=x', 'ana@contoso.example'],
    ['MAILTO:ana@contoso.example', 'ana@contoso.example'],
    ['Ana Lima <ana@contoso.example>', 'ana@contoso.example'],
    ['ａｎａ＠ｃｏｎｔｏｓｏ．ｅｘａｍｐｌｅ', 'ana@contoso.example'],
    ['ana@contoso。example', 'ana@contoso.example'],
    ['ana @ contoso.example', 'ana@contoso.example'],
    ['ana@\u200bcontoso.example', 'ana@contoso.example'],
    ['ana@contoso.example.', 'ana@contoso.example'],
    ['　ana@contoso.example　', 'ana@contoso.example'],
  ])('%s is tidied', (typed, tidied) => {
    expect(tidyAddress(typed)).toBe(tidied);
    expect(addressProblem(tidied)).toBeNull();
  });

  it.each([
    ['', 'empty'],
    ['ana', 'no-at'],
    ['@contoso.example', 'no-local-part'],
    ['ana@', 'no-domain'],
    ['a na@contoso.example', 'bad-character'],
    ['ana..b@contoso.example', 'bad-character'],
    ['ana@bob@contoso.example', 'bad-character'],
    ['ana@localhost', 'bad-domain'],
    ['ana@192.0.2.1', 'bad-domain'],
    ['ana@-x.example', 'bad-domain'],
    ['ana@contoso..example', 'bad-domain'],
    [`${'a'.repeat(70)}@x.example`, 'too-long'],
  ])('%s has its own reason: %s', (text, reason) => {
    expect(addressProblem(text)).toBe(reason);
  });

  it('in another script is allowed', () => {
    expect(addressProblem('花子@例え.jp')).toBeNull();
  });
});

describe('an error text in the place of an address', () => {
  it('is noticed, and an address is not taken for one', () => {
    expect(['AADSTS90094: x', 'https://login.microsoftonline.com/error', '管理者の承認が必要', 'Need admin approval'].map(looksLikeErrorText)).toEqual([true, true, true, true]);
    expect(['error@contoso.example', 'ana', '', 'approval@contoso.example'].map(looksLikeErrorText)).toEqual([false, false, false, false]);
  });
});

describe('a likelier spelling', () => {
  it.each([
    ['ana@gmial.com', 'ana@gmail.com'],
    ['ana@gmai.com', 'ana@gmail.com'],
    ['ana@gmail.con', 'ana@gmail.com'],
    ['ana@outlok.com', 'ana@outlook.com'],
    ['ana@hotmial.com', 'ana@hotmail.com'],
    ['ana@contoso.con', 'ana@contoso.com'],
    ['ana@contoso.co.jpp', 'ana@contoso.co.jp'],
  ])('of %s is %s', (typed, meant) => {
    expect(suggestAddress(typed)).toBe(meant);
  });

  it.each(['ana@gmail.com', 'ana@mail.com', 'ana@contoso.example', 'ana@contoso.co.jp', 'ana@email.com', 'ana', '@x'])(
    'is not offered for %s',
    (typed) => {
      expect(suggestAddress(typed)).toBeNull();
    },
  );

  it('counts a swap of neighbours as one slip', () => {
    expect(slips('gmial', 'gmail')).toBe(1);
    expect(slips('', 'abc')).toBe(3);
  });
});
