// An independent OpenID provider (https://github.com/panva/node-oidc-provider) for the tests of the sign-in.
//
// Prints `ready ISSUER` when it serves, on a free port of 127.0.0.1. Ends when its standard input ends, so that it never
// outlives the test that started it. The pages answer themselves: the account is the `login_hint`. An account that begins
// with `denied` presses Cancel; one that begins with `partial` does not grant `mail.read`.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' };

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'inbox-doctor',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
  ],
  jwks: { keys: [key] },
  cookies: { keys: [randomBytes(24).toString('hex')] },
  scopes: ['openid', 'profile', 'email', 'offline_access', 'mail.read', 'mail.send'],
  claims: { openid: ['sub'], email: ['email'], profile: ['name', 'preferred_username'] },
  // So that the address stands in the ID token, as Microsoft and Google do it.
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  rotateRefreshToken: true,
  features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, name: 'A Person', preferred_username: id }),
  }),
});

const handle = provider.callback();

async function answer(request, response) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  const account = session?.accountId ?? params.login_hint;
  if (account.startsWith('denied')) {
    const refusal = { error: 'access_denied', error_description: 'the person pressed Cancel' };
    return provider.interactionFinished(request, response, refusal, { mergeWithLastSubmission: false });
  }
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId: account } });
  }
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: account, clientId: params.client_id });
  const wanted = (prompt.details.missingOIDCScope ?? []).filter(
    (scope) => !(account.startsWith('partial') && scope === 'mail.read'),
  );
  grant.addOIDCScope(wanted.join(' '));
  if (prompt.details.missingOIDCClaims) grant.addOIDCClaims(prompt.details.missingOIDCClaims);
  for (const scope of prompt.details.missingOIDCScope ?? []) {
    if (!wanted.includes(scope)) grant.rejectOIDCScope(scope);
  }
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

server.on('request', (request, response) => {
  if (!request.url.startsWith('/interaction/')) return handle(request, response);
  return answer(request, response).catch((error) => {
    response.statusCode = 500;
    response.end(String(error));
  });
});

// Whoever started this reads one line; what the library says afterwards goes to standard error.
console.info = console.error;
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
process.stdout.write(`ready ${issuer}\n`);
