/**
 * Example answers with words as the engine gives them, in both languages. Only for development and UI tests: the real
 * words come from the catalogue.
 */
import type { Cause, Confidence, ExplainedFinding, Fixer, Language, Link, Message, StepText } from '../host';

const TENANT = '8d1c2f60-3b1e-4a57-9a21-0c6f4be1d7aa';
const CLIENT = '450987b3-a09a-4f14-9b2c-4f301d1e15f5';

export const CONSENT_URL = `https://login.microsoftonline.com/${TENANT}/adminconsent?client_id=${CLIENT}`;
export const TENANT_ID = TENANT;

interface Words {
  title: string;
  whatHappened: string;
  why: string;
  who: string;
  youCanDo: StepText[];
  fixerSteps: StepText[];
  howToTell: string;
  links: Link[];
  message: Omit<Message, 'language'> | null;
  dated?: string[];
}

interface Entry {
  cause: Cause;
  fixer: Fixer;
  confidence: Confidence;
  codes: string[];
  words: Record<Language, Words>;
}

const consent = (label: string): Link => ({ kind: 'admin-consent', label, url: CONSENT_URL });

const ENTRIES = {
  approval: {
    cause: 'consent-admin-required',
    fixer: 'admin',
    confidence: 'certain',
    codes: ['AADSTS90094'],
    words: {
      en: {
        title: 'Contoso wants an administrator to approve HubSpot first.',
        whatHappened: 'You have done nothing wrong, and nothing on your side needs changing.',
        why: 'Contoso has decided that only an administrator may let an app read mail and calendars. HubSpot asks for exactly that, so Microsoft stops and waits for the administrator.',
        who: 'Your IT admin can fix this. It takes them about two minutes.',
        youCanDo: [],
        fixerSteps: [
          { text: 'Open the approval link while signed in as an administrator who may grant consent.', link: consent('Approval page for Contoso') },
          { text: 'Compare the name and the publisher: HubSpot Sales, HubSpot, Inc.' },
          { text: 'Read the list of permissions and press “Accept”.' },
        ],
        howToTell: 'Check again here. The step “Sign-in” then shows “fine”.',
        links: [
          consent('Approve HubSpot for Contoso'),
          { kind: 'admin-centre', label: 'Enterprise applications in the Entra admin center', url: 'https://entra.microsoft.com/#view/Microsoft_AAD_IAM/StartboardApplicationsMenuBlade' },
          { kind: 'guide', label: 'Microsoft: grant tenant-wide admin consent', url: 'https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent' },
        ],
        message: {
          to: 'helpdesk@contoso.example',
          subject: 'Please approve HubSpot for ana@contoso.example',
          body: `Hello,\n\nI would like to connect my mailbox and calendar (ana@contoso.example) to HubSpot. Microsoft asks for an administrator's approval.\n\nApp: HubSpot Sales\nPublisher: HubSpot, Inc.\nApplication id: ${CLIENT}\nPermissions (delegated): Mail.ReadWrite, Mail.Send, Calendars.ReadWrite, User.Read, offline_access\n\nApproval link:\n${CONSENT_URL}\n\nThe least role that can approve is Cloud Application Administrator. Nothing else in the tenant is changed, and the approval can be taken back at any time.\n\nThank you.`,
        },
        dated: ['Since July 2025, Microsoft’s own default lets users approve fewer apps than before. An app that could be connected last year may need approval today.'],
      },
      ja: {
        title: 'Contoso では、HubSpot を利用する前に管理者の承認が必要です。',
        whatHappened: 'お客様の操作に問題はなく、お手元で変更するところもありません。',
        why: 'Contoso では、メールと予定表を読み取るアプリを許可できるのは管理者だけ、という設定になっています。HubSpot はこの権限を求めるため、Microsoft は管理者の承認を待って止まります。',
        who: '対応できるのは IT 管理者の方です。所要時間は 2 分ほどです。',
        youCanDo: [],
        fixerSteps: [
          { text: '同意を許可できる管理者としてサインインし、承認用リンクを開きます。', link: consent('Contoso の承認ページ') },
          { text: '名前と発行元が「HubSpot Sales」「HubSpot, Inc.」であることを確かめます。' },
          { text: '権限の一覧を確認し、「承諾」を押します。' },
        ],
        howToTell: 'この画面でもう一度診断してください。「サインイン」が「正常」になれば完了です。',
        links: [
          consent('Contoso で HubSpot を承認する'),
          { kind: 'admin-centre', label: 'Entra 管理センターのエンタープライズ アプリケーション', url: 'https://entra.microsoft.com/#view/Microsoft_AAD_IAM/StartboardApplicationsMenuBlade' },
          { kind: 'guide', label: 'Microsoft: テナント全体の管理者の同意', url: 'https://learn.microsoft.com/ja-jp/entra/identity/enterprise-apps/grant-admin-consent' },
        ],
        message: {
          to: 'helpdesk@contoso.example',
          subject: 'HubSpot の承認のお願い（ana@contoso.example）',
          body: `お疲れさまです。\n\n私のメールボックスと予定表（ana@contoso.example）を HubSpot に接続しようとしたところ、管理者の承認が必要と表示されました。\n\nアプリ: HubSpot Sales\n発行元: HubSpot, Inc.\nアプリケーション ID: ${CLIENT}\n権限（委任）: Mail.ReadWrite、Mail.Send、Calendars.ReadWrite、User.Read、offline_access\n\n承認用リンク:\n${CONSENT_URL}\n\n承認に必要な最小の役割は「クラウド アプリケーション管理者」です。テナントのほかの設定は変わらず、承認はいつでも取り消せます。\n\nよろしくお願いいたします。`,
        },
        dated: ['2025 年 7 月以降、Microsoft の既定の設定では、ユーザー自身が許可できるアプリが以前より少なくなりました。昨年まで接続できたアプリでも、承認が必要な場合があります。'],
      },
    },
  },
  licence: {
    cause: 'licence-missing',
    fixer: 'admin',
    confidence: 'likely',
    codes: ['MailboxNotEnabledForRESTAPI'],
    words: {
      en: {
        title: 'Your account has no mailbox at Microsoft that an app could read.',
        whatHappened: 'Signing in works. The mailbox itself answers that it is not enabled for apps, and your account has no licence that includes Exchange Online.',
        why: 'A mailbox in Microsoft 365 comes with a licence. Without one, Microsoft keeps the account, but no mailbox for it.',
        who: 'Your IT admin can fix this. The mailbox is usually there within half an hour.',
        youCanDo: [{ text: 'Open Outlook on the web. If it says that there is no mailbox, this is confirmed.', link: { kind: 'guide', label: 'Outlook on the web', url: 'https://outlook.office.com/mail/' } }],
        fixerSteps: [{ text: 'Assign a licence that includes Exchange Online to this user.', link: { kind: 'admin-centre', label: 'Active users in the Microsoft 365 admin center', url: 'https://admin.microsoft.com/Adminportal/Home#/users' } }, { text: 'Wait until Outlook on the web opens for the user.' }],
        howToTell: 'Outlook on the web opens with the inbox. Then check again here.',
        links: [],
        message: { to: null, subject: 'Mailbox licence for ana@contoso.example', body: 'Hello,\n\nplease assign a licence that includes Exchange Online to ana@contoso.example.\n\nThank you.' },
      },
      ja: {
        title: 'アプリから読み取れるメールボックスが Microsoft にありません。',
        whatHappened: 'サインインはできています。メールボックスはアプリからの利用が有効でないと応答し、アカウントには Exchange Online を含むライセンスがありません。',
        why: 'Microsoft 365 のメールボックスは、ライセンスの割り当てによって作成されます。ライセンスがないと、アカウントだけがありメールボックスはない状態になります。',
        who: '対応できるのは IT 管理者の方です。通常は 30 分ほどで利用できるようになります。',
        youCanDo: [{ text: 'Web 版の Outlook を開いてください。メールボックスがないと表示されれば、この診断のとおりです。', link: { kind: 'guide', label: 'Web 版の Outlook', url: 'https://outlook.office.com/mail/' } }],
        fixerSteps: [{ text: 'このユーザーに Exchange Online を含むライセンスを割り当てます。', link: { kind: 'admin-centre', label: 'Microsoft 365 管理センターのアクティブなユーザー', url: 'https://admin.microsoft.com/Adminportal/Home#/users' } }, { text: 'Web 版の Outlook が開くまで待ちます。' }],
        howToTell: 'Web 版の Outlook で受信トレイが開けば完了です。その後、もう一度診断してください。',
        links: [],
        message: { to: null, subject: 'ライセンスの割り当てのお願い（ana@contoso.example）', body: 'お疲れさまです。\n\nana@contoso.example に Exchange Online を含むライセンスの割り当てをお願いいたします。' },
      },
    },
  },
  elsewhere: {
    cause: 'provider-mismatch',
    fixer: 'you',
    confidence: 'certain',
    codes: [],
    words: {
      en: {
        title: 'Your mail is kept at Google. Connect HubSpot with Google instead.',
        whatHappened: 'Your Microsoft account works, but it has no mailbox: the mail of fabrikam.example arrives at Google Workspace.',
        why: 'Many companies use Microsoft for Office and Google for mail. HubSpot has to be told the place where the mail is.',
        who: 'You can fix this in about a minute.',
        youCanDo: [
          { text: 'In HubSpot, open Settings, General, Email.' },
          { text: 'Press “Connect personal email” and choose Google.', link: { kind: 'vendor-article', label: 'Open HubSpot’s e-mail settings', url: 'https://app.hubspot.com/l/settings/user-preferences/email' } },
          { text: 'Sign in with the same address.' },
        ],
        fixerSteps: [],
        howToTell: 'HubSpot shows the address as connected.',
        links: [{ kind: 'vendor-article', label: 'HubSpot: connect your Google inbox', url: 'https://knowledge.hubspot.com/connected-email/connect-your-inbox-to-hubspot' }],
        message: null,
      },
      ja: {
        title: 'メールは Google で管理されています。HubSpot には Google を選んで接続してください。',
        whatHappened: 'Microsoft アカウントは正常ですが、メールボックスがありません。fabrikam.example のメールは Google Workspace に届いています。',
        why: 'Office には Microsoft、メールには Google を使う会社は多くあります。HubSpot には、メールが管理されている側を指定する必要があります。',
        who: 'ご自身で対応できます。所要時間は 1 分ほどです。',
        youCanDo: [
          { text: 'HubSpot で［設定］→［一般］→［Eメール］を開きます。' },
          { text: '［個人用Eメールを接続］を押し、Google を選びます。', link: { kind: 'vendor-article', label: 'HubSpot の Eメール設定を開く', url: 'https://app.hubspot.com/l/settings/user-preferences/email' } },
          { text: '同じアドレスでログインします。' },
        ],
        fixerSteps: [],
        howToTell: 'HubSpot にアドレスが接続済みと表示されます。',
        links: [{ kind: 'vendor-article', label: 'HubSpot: Google の受信トレイを接続する', url: 'https://knowledge.hubspot.com/ja/connected-email/connect-your-inbox-to-hubspot' }],
        message: null,
      },
    },
  },
  vendor: {
    cause: 'app-misconfigured',
    fixer: 'vendor',
    confidence: 'certain',
    codes: ['AADSTS50011'],
    words: {
      en: {
        title: 'HubSpot’s own registration with Microsoft does not fit its request.',
        whatHappened: 'Microsoft refuses the address that HubSpot wants to come back to.',
        why: 'An app must register every address it comes back to. This one is not among them.',
        who: 'HubSpot has to fix this. Its support needs the ids below.',
        youCanDo: [{ text: 'Until then, connect the mailbox by IMAP if your organisation allows it.' }],
        fixerSteps: [{ text: 'Register the redirect address that the request carries.' }],
        howToTell: 'The sign-in page opens without an error.',
        links: [],
        message: { to: null, subject: 'Redirect address refused (AADSTS50011)', body: 'Hello HubSpot support,\n\nMicrosoft refuses the redirect address of your app with AADSTS50011.\n\nThank you.' },
      },
      ja: {
        title: 'HubSpot 側の Microsoft への登録内容が、要求と一致していません。',
        whatHappened: 'HubSpot が指定した戻り先のアドレスを、Microsoft が受け付けませんでした。',
        why: 'アプリは、戻り先のアドレスをすべて事前に登録する必要があります。今回のアドレスは登録されていません。',
        who: 'HubSpot 側での対応が必要です。サポートへの連絡には、下記の ID が役立ちます。',
        youCanDo: [{ text: '組織で許可されている場合は、それまでの間 IMAP で接続できます。' }],
        fixerSteps: [{ text: '要求に含まれている戻り先のアドレスを登録します。' }],
        howToTell: 'サインインのページがエラーなく開きます。',
        links: [],
        message: { to: null, subject: '戻り先のアドレスが拒否されます（AADSTS50011）', body: 'HubSpot サポート ご担当者様\n\nMicrosoft が貴社アプリの戻り先のアドレスを AADSTS50011 で拒否します。ご確認をお願いいたします。' },
      },
    },
  },
  wait: {
    cause: 'mailbox-moving',
    fixer: 'wait',
    confidence: 'likely',
    codes: ['ErrorMailboxMoveInProgress'],
    words: {
      en: {
        title: 'Your mailbox is being moved right now.',
        whatHappened: 'Microsoft answers that the mailbox is between two places. Mail is not lost; apps cannot read it meanwhile.',
        why: 'Moves happen when a company changes over to Microsoft 365, or when Microsoft rearranges its own servers.',
        who: 'Nobody has to do anything. Moves usually end within a day.',
        youCanDo: [{ text: 'Check again tomorrow. The result stays in the list of recent checks.' }],
        fixerSteps: [],
        howToTell: 'The step “Mailbox” shows “fine”.',
        links: [],
        message: null,
      },
      ja: {
        title: 'メールボックスを移動している最中です。',
        whatHappened: 'Microsoft から、メールボックスが移動中であるとの応答がありました。メールは失われませんが、その間はアプリから読み取れません。',
        why: '会社が Microsoft 365 へ移行するときや、Microsoft がサーバーを入れ替えるときに行われます。',
        who: 'どなたの対応も必要ありません。通常は 1 日以内に終わります。',
        youCanDo: [{ text: '明日、もう一度診断してください。結果は「最近の診断」に残ります。' }],
        fixerSteps: [],
        howToTell: '「メールボックス」が「正常」になります。',
        links: [],
        message: null,
      },
    },
  },
  network: {
    cause: 'network-tls',
    fixer: 'network',
    confidence: 'certain',
    codes: [],
    words: {
      en: {
        title: 'Something in your network opens the encrypted connection to Microsoft.',
        whatHappened: 'The certificate for graph.microsoft.com was issued by “Contoso Web Filter CA”, which this computer does not trust.',
        why: 'Web filters read encrypted traffic by putting their own certificate in the place of the provider’s.',
        who: 'Whoever runs your network can fix this.',
        youCanDo: [{ text: 'Try it once from another network, such as your phone’s.' }],
        fixerSteps: [{ text: 'Exempt login.microsoftonline.com and graph.microsoft.com from inspection.' }],
        howToTell: 'The step “Mailbox” shows “fine”.',
        links: [],
        message: { to: null, subject: 'TLS inspection of graph.microsoft.com', body: 'Hello,\n\nthe certificate of graph.microsoft.com is replaced by “Contoso Web Filter CA”. Please exempt this host from inspection.' },
      },
      ja: {
        title: 'ネットワーク上の機器が、Microsoft との暗号化通信を開いています。',
        whatHappened: 'graph.microsoft.com の証明書の発行元が「Contoso Web Filter CA」で、このコンピューターでは信頼されていません。',
        why: 'Web フィルターは、提供元の証明書を自分の証明書に差し替えることで、暗号化された通信を読み取ります。',
        who: '対応できるのはネットワークの管理者の方です。',
        youCanDo: [{ text: 'スマートフォンのテザリングなど、別のネットワークで一度お試しください。' }],
        fixerSteps: [{ text: 'login.microsoftonline.com と graph.microsoft.com を検査の対象から除きます。' }],
        howToTell: '「メールボックス」が「正常」になります。',
        links: [],
        message: { to: null, subject: 'graph.microsoft.com の TLS 検査について', body: 'お疲れさまです。\n\ngraph.microsoft.com の証明書が「Contoso Web Filter CA」に差し替えられています。検査の対象から除いていただけますでしょうか。' },
      },
    },
  },
  unknown: {
    cause: 'unknown',
    fixer: '-',
    confidence: 'possible',
    codes: [],
    words: {
      en: {
        title: 'We could not tell the cause from this text.',
        whatHappened: 'Nothing in it is a known error code. You can send it, cleaned of secrets, to your helpdesk.',
        why: '',
        who: 'It is not clear yet who can fix this.',
        youCanDo: [{ text: 'Copy the whole page or message, with its codes and times, and paste it here again.' }],
        fixerSteps: [],
        howToTell: '',
        links: [],
        message: { to: 'helpdesk@contoso.example', subject: 'An error when connecting my mailbox', body: 'Hello,\n\nconnecting my mailbox to HubSpot ends with this text:\n\n…' },
      },
      ja: {
        title: 'この文面からは原因を特定できませんでした。',
        whatHappened: '既知のエラーコードも含まれていません。秘密情報を取り除いたうえで、ヘルプデスクに送ることができます。',
        why: '',
        who: '対応できる方はまだわかりません。',
        youCanDo: [{ text: 'コードや時刻を含めて画面の全体をコピーし、もう一度貼り付けてください。' }],
        fixerSteps: [],
        howToTell: '',
        links: [],
        message: { to: 'helpdesk@contoso.example', subject: 'メールボックスの接続時のエラー', body: 'お疲れさまです。\n\nHubSpot にメールボックスを接続すると、次の文面が表示されます。\n\n…' },
      },
    },
  },
} as const satisfies Record<string, Entry>;

export type ExampleName = keyof typeof ENTRIES;

/** One of the examples in a language. */
export function example(name: ExampleName, language: Language): ExplainedFinding {
  const entry: Entry = ENTRIES[name];
  const { message, ...words } = entry.words[language];
  return {
    cause: entry.cause,
    fixer: entry.fixer,
    confidence: entry.confidence,
    severity: 'blocks',
    codes: entry.codes,
    rules: [`example-${name}`],
    language,
    ...words,
    message: message === null ? null : { language, ...message },
  };
}

/** The example with this cause: how the scripted host translates a finding. */
export function exampleOfCause(cause: Cause, language: Language): ExplainedFinding | null {
  const names = Object.keys(ENTRIES) as ExampleName[];
  const name = names.find((candidate) => ENTRIES[candidate].cause === cause);
  return name === undefined ? null : example(name, language);
}
