// Draws a QR code: bytes, error correction level M, versions 6 to 10. ISO/IEC 18004; tables and annexes are named by it.

/** The dark modules of a code as one SVG path inside its quiet zone; `null` for a text that fits no version of ours. */
export function qrOf(text) {
  const bytes = new TextEncoder().encode(text);
  const form = FORMS.find((form) => bytes.length <= roomIn(form));
  if (!form) return null;
  const code = new Code(form);
  code.drawPatterns();
  code.drawCodewords(interleaved(form, dataOf(form, bytes)));
  return { size: code.size + 2 * QUIET_ZONE, path: code.path() };
}

class Code {
  constructor(form) {
    this.form = form;
    this.size = 17 + 4 * form.version;
    this.dark = Array.from({ length: this.size }, () => new Uint8Array(this.size));
    this.isPattern = Array.from({ length: this.size }, () => new Uint8Array(this.size));
  }

  /** Everything that is no data: section 6.3. */
  drawPatterns() {
    for (let i = 0; i < this.size; i++) { this.set(6, i, i % 2 === 0); this.set(i, 6, i % 2 === 0); }
    const end = this.size - 4;
    for (const [x, y] of [[3, 3], [end, 3], [3, end]]) this.drawSquares(x, y, 4, (distance) => distance !== 2 && distance !== 4);
    const { alignment } = this.form;
    const last = alignment.at(-1);
    for (const x of alignment) for (const y of alignment) {
      const isFinder = (x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6);
      if (!isFinder) this.drawSquares(x, y, 2, (distance) => distance !== 1);
    }
    this.drawFormat();
    this.drawVersion();
  }

  drawSquares(x, y, radius, isDarkAt) {
    for (let dy = -radius; dy <= radius; dy++) for (let dx = -radius; dx <= radius; dx++) {
      const isInside = x + dx >= 0 && x + dx < this.size && y + dy >= 0 && y + dy < this.size;
      if (isInside) this.set(x + dx, y + dy, isDarkAt(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  }

  /** Level and mask, twice. Section 7.9. */
  drawFormat() {
    const bits = withRemainder((LEVEL_M << 3) | MASK, 10, 0x537) ^ 0x5412;
    for (let i = 0; i < 15; i++) {
      const isDark = (bits >> i) & 1;
      const near = i < 6 ? i : i < 8 ? i + 1 : 14 - i;
      if (i < 8) this.set(8, near, isDark); else this.set(i === 8 ? 7 : near, 8, isDark);
      if (i < 8) this.set(this.size - 1 - i, 8, isDark); else this.set(8, this.size - 15 + i, isDark);
    }
    this.set(8, this.size - 8, true);
  }

  /** Section 7.10: from version 7 on. */
  drawVersion() {
    if (this.form.version < 7) return;
    const bits = withRemainder(this.form.version, 12, 0x1F25);
    for (let i = 0; i < 18; i++) {
      const [far, near] = [this.size - 11 + (i % 3), Math.floor(i / 3)];
      this.set(far, near, (bits >> i) & 1);
      this.set(near, far, (bits >> i) & 1);
    }
  }

  /** Two columns at a time, from the right, up and down in turn, masked. Section 7.7.3. */
  drawCodewords(codewords) {
    let bit = 0;
    for (let right = this.size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      const isUpward = ((right + 1) & 2) === 0;
      for (let i = 0; i < this.size; i++) for (const x of [right, right - 1]) {
        const y = isUpward ? this.size - 1 - i : i;
        if (this.isPattern[y][x]) continue;
        const isDark = bit < codewords.length * 8 && (codewords[bit >> 3] >> (7 - (bit & 7))) & 1;
        this.dark[y][x] = isDark ^ ((x + y) % 2 === 0 ? 1 : 0);
        bit++;
      }
    }
  }

  set(x, y, isDark) {
    this.dark[y][x] = isDark ? 1 : 0;
    this.isPattern[y][x] = 1;
  }

  /** One rectangle for each run of dark modules in a row, as the server draws the first. */
  path() {
    let path = "";
    this.dark.forEach((row, y) => {
      for (let x = 0; x < this.size; x++) {
        const from = x;
        while (row[x]) x++;
        if (x > from) path += `M${from + QUIET_ZONE} ${y + QUIET_ZONE}h${x - from}v1h-${x - from}z`;
      }
    });
    return path;
  }
}

/** Mode, length, bytes, end, and padding: section 7.4. */
function dataOf(form, bytes) {
  const bits = [];
  const push = (value, length) => { for (let i = length - 1; i >= 0; i--) bits.push((value >> i) & 1); };
  push(BYTE_MODE, 4);
  push(bytes.length, lengthBits(form));
  for (const byte of bytes) push(byte, 8);
  push(0, Math.min(4, dataCodewords(form) * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const data = [];
  for (let i = 0; i < bits.length; i += 8) data.push(parseInt(bits.slice(i, i + 8).join(""), 2));
  for (let pad = 0xEC; data.length < dataCodewords(form); pad ^= 0xEC ^ 0x11) data.push(pad);
  return data;
}

/** Blocks with their error correction, one codeword of each in turn: section 7.6. */
function interleaved(form, data) {
  const divisor = generator(form.errors);
  const blocks = [];
  for (let i = 0, from = 0; i < form.shortBlocks + form.longBlocks; i++) {
    const length = form.inShortBlock + (i < form.shortBlocks ? 0 : 1);
    blocks.push(data.slice(from, from + length));
    from += length;
  }
  const errors = blocks.map((block) => remainder(block, divisor));
  const inTurn = (lists, length) => Array.from({ length }, (_, i) => lists.filter((list) => i < list.length).map((list) => list[i]));
  return [...inTurn(blocks, form.inShortBlock + 1), ...inTurn(errors, form.errors)].flat();
}

/** Reed and Solomon's, over GF(256) by 0x11D: annex A. */
function generator(degree) {
  const coefficients = new Array(degree).fill(0);
  coefficients[degree - 1] = 1;
  for (let i = 0, root = 1; i < degree; i++, root = product(root, 2)) {
    for (let j = 0; j < degree; j++) {
      coefficients[j] = product(coefficients[j], root) ^ (j + 1 < degree ? coefficients[j + 1] : 0);
    }
  }
  return coefficients;
}

function remainder(data, divisor) {
  const rest = new Array(divisor.length).fill(0);
  for (const value of data) {
    const factor = value ^ rest.shift();
    rest.push(0);
    divisor.forEach((coefficient, i) => { rest[i] ^= product(coefficient, factor); });
  }
  return rest;
}

function product(left, right) {
  let value = 0;
  for (let i = 7; i >= 0; i--) {
    value = (value << 1) ^ ((value >> 7) * 0x11D);
    value ^= ((right >> i) & 1) * left;
  }
  return value;
}

/** A value followed by its remainder of so many bits: annexes C and D. */
function withRemainder(value, bits, divisor) {
  let rest = value;
  for (let i = 0; i < bits; i++) rest = (rest << 1) ^ ((rest >> (bits - 1)) * divisor);
  return (value << bits) | rest;
}

function dataCodewords({ inShortBlock, shortBlocks, longBlocks }) {
  return inShortBlock * (shortBlocks + longBlocks) + longBlocks;
}

/** Table 3. */
function lengthBits({ version }) {
  return version < 10 ? 8 : 16;
}

function roomIn(form) {
  return dataCodewords(form) - Math.ceil((4 + lengthBits(form)) / 8);
}

/** Section 5.3.8. */
const QUIET_ZONE = 4;
const BYTE_MODE = 4;
const LEVEL_M = 0;
/** Dark where x + y is even: all that varies in our links looks random, so no mask is better than another. */
const MASK = 0;
/** Level M: table 9, and annex E for the middles of the alignment patterns. */
const FORMS = [
  { version: 6, errors: 16, shortBlocks: 4, inShortBlock: 27, longBlocks: 0, alignment: [6, 34] },
  { version: 7, errors: 18, shortBlocks: 4, inShortBlock: 31, longBlocks: 0, alignment: [6, 22, 38] },
  { version: 8, errors: 22, shortBlocks: 2, inShortBlock: 38, longBlocks: 2, alignment: [6, 24, 42] },
  { version: 9, errors: 22, shortBlocks: 3, inShortBlock: 36, longBlocks: 2, alignment: [6, 26, 46] },
  { version: 10, errors: 26, shortBlocks: 4, inShortBlock: 43, longBlocks: 1, alignment: [6, 28, 50] },
];
