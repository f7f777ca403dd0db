// A second implementation of the hand-off's keys, envelopes and documents: docs/protocol.md with the browser's WebCrypto,
// and no code of ours. Bytes come and go as base64url without padding.

const KINDS = { signing: 1, rehearsal: 2, moving: 1, launch: 2, copied: 3 };
const BLOCKS = { request: 8192, result: 8192, refusal: 256, rehearsal: 256, outcome: 256 };
const CHUNK = 65536;
const TAG = 16;
const NONCE = 12;
const PREFIX = 7;

const ascii = (text) => new TextEncoder().encode(text);
const bytesOf = (text) => Uint8Array.fromBase64(text, { alphabet: "base64url" });
const textOf = (bytes) => new Uint8Array(bytes).toBase64({ alphabet: "base64url", omitPadding: true });
const hash = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
const bigEndian = (number, length) => Uint8Array.from({ length }, (_, at) => (number / 2 ** (8 * (length - 1 - at))) & 255);

function joined(...parts) {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
}

/** What both ends have after the reveal. `own` is the private key of the end that this browser plays. */
async function met({ session, secret, nonce, phone_key, service_key, own, session_kind, link_kind, origin, link_host }) {
  const [id, phone, service] = [session, phone_key, service_key].map(bytesOf);
  const commitment = await hash(ascii("kazasu/1 commit"), id, phone, bytesOf(nonce));
  const places = [await hash(ascii(origin)), await hash(ascii(link_host))];
  const kinds = Uint8Array.of(KINDS[session_kind], KINDS[link_kind]);
  const transcript = await hash(
    ascii("kazasu/1 transcript"), kinds, id, commitment, service, phone, bytesOf(nonce), ...places);
  const isPhone = own.x === phone_key;
  const shared = await agreed(own, isPhone ? service : phone);
  const expand = async (label, length) => new Uint8Array(await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: bytesOf(secret), info: joined(ascii(label), transcript) }, shared, 8 * length));
  return { id, commitment, transcript, origin, expand };
}

async function agreed({ d, x }, peer) {
  const own = await crypto.subtle.importKey("jwk", { kty: "OKP", crv: "X25519", d, x }, "X25519", false, ["deriveBits"]);
  const other = await crypto.subtle.importKey("raw", peer, "X25519", false, []);
  const bits = await crypto.subtle.deriveBits({ name: "X25519", public: other }, own, 256);
  return crypto.subtle.importKey("raw", bits, "HKDF", false, ["deriveBits"]);
}

/** All that follows from the keys and is shown, told or opened. */
async function told(given) {
  const { id, commitment, transcript, origin, expand } = await met(given);
  const number = new DataView((await expand("kazasu/1 number", 8)).buffer).getBigUint64(0) % 1_000_000n;
  const digits = String(number).padStart(6, "0");
  return {
    commitment: textOf(commitment),
    transcript: textOf(transcript),
    number: `${digits.slice(0, 3)} ${digits.slice(3)}`,
    return: `${origin}/return#${textOf(joined(id, await expand("kazasu/1 return", 16)))}`,
  };
}

async function envelopeKey({ expand }, purpose) {
  const raw = await expand(`kazasu/1 ${purpose}\0`, 32);
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** Envelopes by purpose, of messages by purpose. A nonce is given only where bytes are to be compared. */
async function sealedBy(given, messages, nonce) {
  const meeting = await met(given);
  const sealed = {};
  for (const [purpose, message] of Object.entries(messages)) {
    const iv = nonce ? bytesOf(nonce) : crypto.getRandomValues(new Uint8Array(NONCE));
    const aead = { name: "AES-GCM", iv, additionalData: meeting.transcript };
    const filled = filledUp(ascii(message), BLOCKS[purpose]);
    sealed[purpose] = textOf(joined(iv, new Uint8Array(await crypto.subtle.encrypt(aead, await envelopeKey(meeting, purpose), filled))));
  }
  return sealed;
}

async function openedBy(given, sealed) {
  const meeting = await met(given);
  const messages = {};
  for (const [purpose, text] of Object.entries(sealed)) {
    const bytes = bytesOf(text);
    const aead = { name: "AES-GCM", iv: bytes.slice(0, NONCE), additionalData: meeting.transcript };
    const filled = await crypto.subtle.decrypt(aead, await envelopeKey(meeting, purpose), bytes.slice(NONCE));
    messages[purpose] = new TextDecoder("utf-8", { fatal: true }).decode(emptied(new Uint8Array(filled), BLOCKS[purpose]));
  }
  return messages;
}

/** ISO/IEC 7816-4. */
function filledUp(message, block) {
  const filled = new Uint8Array(Math.ceil((message.length + 1) / block) * block);
  filled.set(message);
  filled[message.length] = 0x80;
  return filled;
}

function emptied(filled, block) {
  const end = filled.findLastIndex((byte) => byte !== 0);
  if (filled[end] !== 0x80 || filled.length !== Math.ceil((end + 1) / block) * block) throw new Error("filled up otherwise");
  return filled.slice(0, end);
}

async function sealedDocument({ session, index, key, prefix, plain }) {
  const start = prefix ? bytesOf(prefix) : crypto.getRandomValues(new Uint8Array(PREFIX));
  const chunks = await throughChunks("encrypt", { session, index, key, start }, bytesOf(plain), CHUNK);
  return textOf(joined(start, ...chunks));
}

async function openedDocument({ session, index, key, sealed }) {
  const bytes = bytesOf(sealed);
  const start = bytes.slice(0, PREFIX);
  return textOf(joined(...await throughChunks("decrypt", { session, index, key, start }, bytes.slice(PREFIX), CHUNK + TAG)));
}

async function throughChunks(step, { session, index, key, start }, bytes, length) {
  const secret = await crypto.subtle.importKey("raw", bytesOf(key), "AES-GCM", false, [step]);
  const additionalData = joined(bytesOf(session), bigEndian(index, 2), Uint8Array.of(1));
  const count = Math.ceil(bytes.length / length);
  return Promise.all(Array.from({ length: count }, async (_, at) => {
    const iv = joined(start, bigEndian(at, 4), Uint8Array.of(at === count - 1 ? 1 : 0));
    const chunk = bytes.slice(at * length, (at + 1) * length);
    return new Uint8Array(await crypto.subtle[step]({ name: "AES-GCM", iv, additionalData }, secret, chunk));
  }));
}
