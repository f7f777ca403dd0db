//! One signature through PC/SC, beside other clients: same card, same run, turn by turn.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::server::memory_mib;
use super::{f64_of, quantile, report, say};
use crate::memory::only_child_of;
use crate::pcsc::{CardReader, Ran, Running, pkcs11_module};
use crate::programs::{path_of, repository};

/// `kazasu sign` makes a whole signed PDF, whose pages it looks through first; `pkcs15-crypt` alone signs a hash. So it is
/// measured with a page of text, and with a contract whose Japanese fonts have to be read.
pub(super) fn beside_others() -> Result<(), String> {
    beside_others_with("a page of 5 kB", "tests/vectors/pdf/reads-cairo.pdf")?;
    beside_others_with("a contract of 134 kB with its fonts", "tests/vectors/pdf/practice-contract.pdf")
}

fn beside_others_with(what: &str, document: &str) -> Result<(), String> {
    let bench = Bench::new(document);
    let mut clients = vec![Client::new("kazasu sign", 1), Client::new("pkcs15-crypt, jpki driver only", 1)];
    clients.push(Client::new("pyHanko through PKCS#11, jpki driver only", PYHANKO_EVERY));
    if Command::new("myna").arg("--version").output().is_ok() {
        clients.push(Client::new("myna jpki pdf sign", 1));
    }
    for round in 0..ROUNDS {
        for client in clients.iter_mut().filter(|client| round % client.every == 0) {
            client.timed(bench.command(client.name)?)?;
        }
    }
    show(what, &clients);
    report(&format!("kazasu sign: resident at its highest, {what}"), bench.resident_mib()?, 10.0, "MiB");
    Ok(())
}

struct Client {
    name: &'static str,
    every: u32,
    wall_ms: Vec<f64>,
    cpu_ms: f64,
}

impl Client {
    fn new(name: &'static str, every: u32) -> Self {
        Self { name, every, wall_ms: Vec::new(), cpu_ms: 0.0 }
    }

    fn timed(&mut self, mut command: Command) -> Result<(), String> {
        let (started, cpu_before) = (Instant::now(), children_cpu_ms()?);
        let ran = Ran::of(&mut command);
        self.wall_ms.push(started.elapsed().as_secs_f64() * 1000.0);
        self.cpu_ms += children_cpu_ms()? - cpu_before;
        if ran.success { Ok(()) } else { Err(format!("{}: {ran:?}", self.name)) }
    }

    fn wall(&self) -> f64 {
        quantile(self.wall_ms.clone(), 0.5)
    }

    fn cpu(&self) -> f64 {
        self.cpu_ms / f64_of(u64::try_from(self.wall_ms.len()).unwrap_or(u64::MAX))
    }
}

fn show(what: &str, clients: &[Client]) {
    let Some((ours, others)) = clients.split_first() else { return };
    say(&format!("\n{:<58} {:>12} {:>12}", format!("one signature through PC/SC: {what}"), "wall, median", "CPU, mean"));
    for client in clients {
        say(&format!("{:<58} {:>9.1} ms {:>9.1} ms", client.name, client.wall(), client.cpu()));
    }
    say("");
    for other in others {
        let goal = if other.name.starts_with("pyHanko") { 40.0 } else { 1.0 };
        report(&format!("wall beside {}", other.name), ours.wall(), other.wall() / goal, "ms");
        report(&format!("CPU beside {}", other.name), ours.cpu(), other.cpu() / goal, "ms");
    }
}

/// A card that works, and what each client needs of files.
struct Bench {
    reader: CardReader,
    opensc: PathBuf,
    contract: PathBuf,
}

impl Bench {
    fn new(document: &str) -> Self {
        let reader = CardReader::with_card(&[]);
        reader.file("ca.pem", simulator::practice().authority.ca_pem());
        reader.file("password", "PRACTICE1\n");
        reader.file("hash", [7; 32]);
        let opensc = reader.file("opensc.conf", "app default { card_drivers = jpki; }");
        Self { reader, opensc, contract: repository().join(document) }
    }

    fn command(&self, client: &str) -> Result<Command, String> {
        Ok(match client.split(' ').next() {
            Some("kazasu") => kazasu(&self.reader, &self.contract)?,
            Some("pkcs15-crypt,") => {
                let mut command = self.reader.client("pkcs15-crypt");
                command.args("--sign --key 02 --pin PRACTICE1 --pkcs1 --sha-256 --input hash --output signature".split(' '));
                command.env("OPENSC_CONF", &self.opensc);
                command
            }
            Some("myna") => {
                let mut command = self.reader.client("myna");
                command.args(["jpki", "pdf", "sign", "--pin", "PRACTICE1", "-i"]).arg(&self.contract).args(["-o", "myna.pdf"]);
                command
            }
            _ => self.pyhanko(),
        })
    }

    fn pyhanko(&self) -> Command {
        let mut command = self.reader.client(repository().join(".cache/judges-venv/bin/python"));
        command.arg(repository().join("tests/end-to-end/src/bench/sign_through_pkcs11.py")).arg(pkcs11_module());
        command.arg(&self.contract).arg("pyhanko.pdf").env("OPENSC_CONF", &self.opensc);
        command
    }

    /// While the card takes its time over the signature, everything that `kazasu` needs is in memory.
    fn resident_mib(&self) -> Result<f64, String> {
        let reader = CardReader::with_card(&["--signature-ms", "2000", "--log"]);
        reader.file("ca.pem", simulator::practice().authority.ca_pem());
        reader.file("password", "PRACTICE1\n");
        let mut running = Running::start(&mut kazasu(&reader, &self.contract)?);
        running.say("PRACTICE1\n");
        reader.await_log("> 802A029A");
        let resident = memory_mib(only_child_of(running.process_id()), "VmHWM");
        let ran = running.finish();
        if ran.success { resident } else { Err(format!("kazasu: {ran:?}")) }
    }
}

/// Its standard input is the file itself: a shell between would cost a tenth of the whole.
fn kazasu(reader: &CardReader, contract: &Path) -> Result<Command, String> {
    let password = File::open(reader.folder().join("password")).map_err(|problem| problem.to_string())?;
    let mut command = reader.client(path_of("kazasu"));
    command.arg("sign").arg(contract).args("--output signed.pdf --overwrite --trust ca.pem --password-stdin".split(' '));
    command.args(["--reader", "00 00"]).stdin(password);
    Ok(command)
}

/// Of all programs that have ended, those that they started included. proc(5), fields 16 and 17 of stat.
fn children_cpu_ms() -> Result<f64, String> {
    let stat = std::fs::read_to_string("/proc/self/stat").map_err(|problem| problem.to_string())?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |nth: usize| fields.get(nth).and_then(|field| field.parse::<u64>().ok());
    match (ticks(13), ticks(14)) {
        (Some(user), Some(system)) => Ok(f64_of(user + system) * TICK_MS),
        _ => Err("no times in /proc/self/stat".to_owned()),
    }
}

/// USER_HZ is 100 on every Linux.
const TICK_MS: f64 = 10.0;
const ROUNDS: u32 = 40;
/// It takes a second each.
const PYHANKO_EVERY: u32 = 8;
