/** What the technician's desk and the test of this computer get to hear. */
import type { DeskAnswer, Discovery, SelfTest } from '../host';
import { example } from './words';

const TENANT = '8a1f1c7e-5c0d-4f0a-9b52-0c7b6a5d4e3f';

const NOTHING: Omit<Discovery, 'domain'> = {
  decidedBy: null,
  provider: { id: 'unknown' },
  confidence: 'possible',
  gateway: null,
  forwarder: null,
  reception: 'nothing',
  tenant: null,
  autodiscover: { result: 'not-checked' },
  evidence: [],
};

/** Contoso is at Microsoft, Fabrikam at Google behind a filter, `nowhere` is no domain; others follow their length. */
export function deskAnswerOf(target: string): DeskAnswer {
  if (target.startsWith('broken.')) return { target, discovery: null, error: { code: 'address-invalid', detail: 'bad-domain' } };
  const found = (rest: Partial<Discovery>): DeskAnswer => ({ target, discovery: { ...NOTHING, domain: target, ...rest }, error: null });
  const kind = target.startsWith('contoso') ? 0 : target.startsWith('fabrikam') ? 1 : target.startsWith('nowhere') ? 2 : target.length % 3;
  if (kind === 2) return found({});
  if (kind === 1) {
    return found({
      provider: { id: 'google-workspace' },
      confidence: 'likely',
      gateway: { host: 'proofpoint', name: 'Proofpoint', record: `mx1-us1.ppe-hosted.com` },
      reception: 'mx',
      evidence: [
        { kind: 'mx', asked: target, answer: '10 mx1-us1.ppe-hosted.com', pointsTo: 'proofpoint', weight: 20 },
        { kind: 'spf', asked: target, answer: 'v=spf1 include:_spf.google.com ~all', pointsTo: 'google-workspace', weight: 60 },
      ],
    });
  }
  return found({
    provider: { id: 'microsoft-365', cloud: 'worldwide' },
    confidence: 'certain',
    reception: 'mx',
    tenant: { id: TENANT, cloud: 'worldwide', realm: { type: 'federated', host: 'sts.contoso.example' }, brand: 'Contoso' },
    autodiscover: { result: 'at-microsoft' },
    evidence: [
      { kind: 'mx', asked: target, answer: '0 contoso-example.mail.protection.outlook.com', pointsTo: 'microsoft-365', weight: 100 },
    ],
  });
}

export function selfTests(): SelfTest[] {
  const test = (id: string, en: string, ja: string, state: SelfTest['state'], detail: string, tookMs: number): SelfTest => ({
    id,
    name: { en, ja },
    state,
    detail,
    tookMs,
  });
  return [
    test('loopback', 'Way back from the browser', 'ブラウザーからの戻り道', 'passed', 'ok', 4),
    {
      ...test('keychain', 'Password store', 'パスワード保管庫', 'failed', 'keychain-missing no secret service', 12),
      note: { en: 'This computer has none that programs can use.', ja: 'アプリから使える保管庫がありません。' },
      explained: { en: example('network', 'en'), ja: example('network', 'ja') },
    },
    test('dns', 'Name server', 'DNS サーバー', 'passed', 'login.microsoftonline.com: 8 records', 31),
    test('clock', 'Clock', '時計', 'skipped', 'no host told the time', 0),
    test('reach-microsoft', 'Microsoft sign-in', 'Microsoft のサインイン', 'passed', 'login.microsoftonline.com: HTTP 200', 120),
  ];
}
