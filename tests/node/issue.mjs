// A published implementation proves a credential and presents it. Job in, both out, no network.
// job: {seed, document, challenge, domain}; the key is its own name (did:key)
import * as vc from '@digitalbazaar/vc';
import * as Ed25519 from '@digitalbazaar/ed25519-multikey';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {contexts as credentials} from '@digitalbazaar/credentials-context';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {createPrivateKey} from 'node:crypto';

const examples = {'@context': {'@vocab': 'https://www.w3.org/ns/credentials/examples#'}};
const known = new Map([...credentials, ['https://www.w3.org/ns/credentials/examples/v2', examples]]);
const job = JSON.parse(await new Response(process.stdin).text());

async function documentLoader(url) {
  if(!known.has(url)) {
    throw new Error(`not at hand: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: known.get(url)};
}

const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(job.seed, 'hex')]);
const jwk = createPrivateKey({key: der, format: 'der', type: 'pkcs8'}).export({format: 'jwk'});
const bare = await Ed25519.fromJwk({jwk, secretKey: true});
const {publicKeyMultibase: name} = await bare.export({publicKey: true});
const key = await Ed25519.fromJwk({jwk, secretKey: true, id: `did:key:${name}#${name}`, controller: `did:key:${name}`});
const suite = () => new DataIntegrityProof({signer: key.signer(), cryptosuite});
const credential = await vc.issue({
  credential: {...job.document, issuer: `did:key:${name}`}, suite: suite(), documentLoader
});
const presentation = await vc.signPresentation({
  presentation: vc.createPresentation({
    verifiableCredential: [structuredClone(credential)], holder: `did:key:${name}`, version: 2.0
  }),
  suite: suite(), documentLoader, challenge: job.challenge, domain: job.domain
});
console.log(JSON.stringify({credential, presentation}));
