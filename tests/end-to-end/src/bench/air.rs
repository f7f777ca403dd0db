//! How long a touch lasts on the air, modelled: nobody has published a measurement.
//!
//! ISO 14443 type B at 106 kbit/s sends a byte in ten bits. Each command and each answer is one frame, and one more for
//! every 251 bytes beyond the first; a frame adds a start, an end, two bytes of protocol and two of checksum, and the
//! turn from one side to the other. The card's own work is left out: it is the same for everybody.

use simulator::Counts;

use super::card::bytes;
use super::{f64_of, say};

/// What a client sends and receives for the certificate and one signature.
struct Sequence {
    who: &'static str,
    commands: u64,
    bytes: u64,
}

/// Ours, counted in this run, and the published ones, with a certificate of about 1.75 kB.
pub(super) fn table(short: &Counts, long: &Counts) {
    let ours = |who, counts: &Counts| Sequence { who, commands: counts.commands, bytes: bytes(counts) };
    let ours = [ours("ours, short reads", short), ours("ours, one long read", long)];
    let best = ours.iter().map(milliseconds).fold(f64::INFINITY, f64::min);
    say(&format!("{:<42} {:>9} {:>9} {:>9} {:>7}", "one touch on the air, modelled", "commands", "bytes", "ms", "×"));
    for sequence in PUBLISHED.iter().chain(&ours) {
        let ms = milliseconds(sequence);
        say(&format!("{:<42} {:>9} {:>9} {ms:>9.0} {:>7.2}", sequence.who, sequence.commands, sequence.bytes, ms / best));
    }
}

fn milliseconds(sequence: &Sequence) -> f64 {
    let frames = 2 * sequence.commands + sequence.bytes / LONGEST_PAYLOAD;
    let on_air = f64_of(sequence.bytes + frames * FRAME_BYTES) * BYTE_MS;
    on_air + f64_of(frames) * TURN_MS
}

/// Measured on this simulator or transcribed from their sources: card.md, section 9.
const PUBLISHED: [Sequence; 6] = [
    Sequence { who: "OpenSC pkcs11-tool, all drivers", commands: 82, bytes: 748 + 6267 },
    Sequence { who: "OpenSC pkcs11-tool, jpki driver only", commands: 53, bytes: 366 + 6209 },
    Sequence { who: "lulitech Android", commands: 24, bytes: 200 + 3380 },
    Sequence { who: "myna 0.6.4 pdf sign", commands: 16, bytes: 159 + 2078 },
    Sequence { who: "myna-card 3.3.4", commands: 12, bytes: 116 + 2038 },
    Sequence { who: "c-3lab Android, extended", commands: 8, bytes: 119 + 2030 },
];

/// Of a frame of 256 bytes: less the protocol's byte, the card's number, the checksum and the status. ISO 14443-4.
const LONGEST_PAYLOAD: u64 = 251;
/// Protocol control, card number, two of checksum, and the time of two more for start and end. ISO 14443-3 and -4.
const FRAME_BYTES: u64 = 6;
/// Ten bits at 13.56 MHz / 128.
const BYTE_MS: f64 = 10.0 * 128.0 / 13_560.0;
/// From the end of one frame to the begin of the other side's: TR0 and TR1 at their usual least, about 0.3 ms.
const TURN_MS: f64 = 0.3;
