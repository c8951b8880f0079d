/** How the scripted host reads a text: three kinds of answers, with places, a question, and masked secrets. */
import type { ExplainResult, ExplainedFinding, Language, Place } from '../host';
import { example } from './words';

const SECRET = /(code|access_token|refresh_token|client_secret)=[^&\s]+/g;

function placesOf(text: string, pattern: RegExp): Place[] {
  return Array.from(text.matchAll(pattern), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    line: text.slice(0, match.index).split('\n').length,
    words: match[0],
  }));
}

export function explainScript(text: string, language: Language): ExplainResult {
  const redactedText = text.replace(SECRET, '$1=***');
  const ids = placesOf(redactedText, /(?<=(?:Trace|Correlation) ID: )[0-9a-f-]{36}/gi).map(({ words }, index) => ({
    kind: index === 0 ? 'trace-id' : 'correlation-id',
    value: words,
  }));
  const notes = redactedText.includes('prompt=consent')
    ? [
        {
          id: 'prompt-consent',
          text: {
            en: 'The address contains prompt=consent. With it Microsoft asks every time, also after an administrator has approved the app.',
            ja: 'アドレスに prompt=consent が含まれています。この指定があると、管理者が承認した後でも、毎回同意を求められます。',
          }[language],
        },
      ]
    : [];
  const approval = placesOf(redactedText, /AADSTS9009[0-9]|Need admin approval|管理者の承認/g);
  if (approval.length > 0) {
    return { findings: [{ ...example('approval', language), places: approval }], questions: [], ids, notes, redactedText };
  }
  const split = placesOf(redactedText, /MailboxNotEnabledForRESTAPI/g);
  if (split.length > 0) {
    const possible = (finding: ExplainedFinding): ExplainedFinding => ({ ...finding, confidence: 'possible', places: split });
    const words = {
      en: { question: 'Does Outlook on the web open with your inbox?', no: 'No, it says there is no mailbox', moving: 'It says the mailbox is being moved' },
      ja: { question: 'Web 版の Outlook で受信トレイは開きますか？', no: 'いいえ、メールボックスがないと表示される', moving: '移動中と表示される' },
    }[language];
    return {
      findings: [possible(example('licence', language)), possible(example('wait', language))],
      questions: [
        {
          id: 'outlook-web',
          text: words.question,
          answers: [
            { id: 'no-mailbox', text: words.no, finding: { ...example('licence', language), confidence: 'certain', places: split } },
            { id: 'moving', text: words.moving, finding: { ...example('wait', language), confidence: 'certain', places: split } },
          ],
        },
      ],
      ids,
      notes,
      redactedText,
    };
  }
  return { findings: [example('unknown', language)], questions: [], ids, notes, redactedText };
}
