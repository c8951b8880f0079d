/** A `Host` out of two functions: one that calls a command, one that runs a check. Shared by `tauri.ts` and `http.ts`. */
import { asHostError, type CommandName, type Commands, type Host } from './host';

export type Call = <Name extends CommandName>(name: Name, args: Commands[Name]['args']) => Promise<Commands[Name]['result']>;

export function hostOf(call: Call, check: Host['check']): Host {
  const safe: Call = async (name, args) => {
    try {
      return await call(name, args);
    } catch (thrown) {
      throw asHostError(thrown);
    }
  };
  return {
    start: () => safe('start_state', {}),
    check: async (runId, request, onEvent, signal) => {
      try {
        return await check(runId, request, onEvent, signal);
      } catch (thrown) {
        throw asHostError(thrown);
      }
    },
    reply: async (runId, reply) => void (await safe('reply', { runId, reply })),
    cancel: async (runId) => void (await safe('cancel', { runId })),
    explain: (text, { app, domain, language }) => safe('explain', { text, app, domain, language }),
    message: (finding, context, language) => safe('message', { finding, context, language }),
    reword: (examination, language) => safe('reword', { examination, language }),
    recentExamination: (id) => safe('recent_examination', { id }),
    openLink: async (url) => void (await safe('open_link', { url })),
    openMail: (message) => safe('open_mail', { message }),
    saveMessage: (message) => safe('save_message', { message }),
    saveReport: (examination, format, redaction) => safe('save_report', { examination, format, redaction }),
    copy: async (text) => void (await safe('copy_text', { text })),
    setLanguage: async (language) => void (await safe('set_language', { language })),
    accounts: () => safe('accounts', {}),
    forgetAccount: async (provider, address) => void (await safe('forget_account', { provider, address })),
  };
}
