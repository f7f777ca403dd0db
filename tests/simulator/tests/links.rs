//! The card on sockets: as vpcd's client, on a plain socket, and under the control socket.
#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use simulator::link::{self, ControlAddress, ControlSocket, Log, Presence, Slot, SlotStatus};
use simulator::{CardSetup, Fault};

const SELECT: [u8; 15] = [0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
const QUERY: [u8; 4] = [0x00, 0x20, 0x00, 0x9B];
const SUCCESS: [u8; 2] = [0x90, 0x00];

/// The phone's or the reader's end of a line.
struct Line(TcpStream);

impl Line {
    fn tell(&mut self, body: &[u8]) {
        let length = u16::try_from(body.len()).unwrap().to_be_bytes();
        self.0.write_all(&[&length, body].concat()).unwrap();
    }

    /// `None` when the card has closed the line.
    fn hear(&mut self) -> Option<Vec<u8>> {
        let mut length = [0; 2];
        self.0.read_exact(&mut length).ok()?;
        let mut body = vec![0; usize::from(u16::from_be_bytes(length))];
        self.0.read_exact(&mut body).ok()?;
        Some(body)
    }

    fn ask(&mut self, body: &[u8]) -> Option<Vec<u8>> {
        self.tell(body);
        self.hear()
    }
}

fn slot(setup: CardSetup) -> Slot {
    Slot::new(setup, None, Log::Off)
}

/// A card on a plain socket; each call of the result is a touch.
fn on_socket(slot: &Slot) -> impl Fn() -> Line + use<> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let served = slot.clone();
    thread::spawn(move || link::serve(&served, &listener));
    move || Line(TcpStream::connect(address).unwrap())
}

/// A reader that a card has been told to join.
fn reader_of(slot: &Slot) -> TcpListener {
    let reader = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = reader.local_addr().unwrap();
    let joined = slot.clone();
    thread::spawn(move || link::join(&joined, address));
    reader
}

fn card_in(reader: &TcpListener) -> Line {
    Line(reader.accept().unwrap().0)
}

#[test]
fn connecting_to_the_socket_is_a_touch() {
    let slot = slot(CardSetup::good());
    let touch = on_socket(&slot);
    let mut first = touch();
    assert_eq!(first.ask(&SELECT).unwrap(), SUCCESS);
    assert_eq!(first.ask(&QUERY).unwrap(), [0x63, 0xC5]);
    drop(first);
    assert_eq!(touch().ask(&QUERY).unwrap(), [0x69, 0x86], "a new touch starts outside the application");
    assert_eq!(slot.status().counts.power_ons, 2);
}

#[test]
fn a_torn_link_closes_the_socket_and_the_next_touch_works() {
    let touch = on_socket(&slot(CardSetup::good().with_fault(Fault::tear_after_command(2))));
    let mut first = touch();
    assert_eq!(first.ask(&SELECT).unwrap(), SUCCESS);
    assert_eq!(first.ask(&QUERY), None);
    assert_eq!(touch().ask(&SELECT).unwrap(), SUCCESS);
}

#[test]
fn a_card_taken_away_closes_the_line_and_stays_away() {
    let slot = slot(CardSetup::good());
    let touch = on_socket(&slot);
    let mut first = touch();
    assert_eq!(first.ask(&SELECT).unwrap(), SUCCESS);
    slot.eject();
    assert_eq!(first.hear(), None);
    assert_eq!(touch().hear(), None);
    slot.insert();
    assert_eq!(touch().ask(&SELECT).unwrap(), SUCCESS);
}

#[test]
fn a_reader_gets_the_atr_and_no_answer_to_power_messages() {
    let reader = reader_of(&slot(CardSetup::good()));
    let mut line = card_in(&reader);
    line.tell(&[1]);
    line.tell(&[2]);
    assert_eq!(line.ask(&[4]).unwrap()[..2], [0x3B, 0x88]);
    assert_eq!(line.ask(&SELECT).unwrap(), SUCCESS);
    line.tell(&[0]);
    line.tell(&[1]);
    assert_eq!(line.ask(&QUERY).unwrap(), [0x69, 0x86]);
}

#[test]
fn a_card_joins_its_reader_again_after_it_came_back() {
    let slot = slot(CardSetup::good());
    let reader = reader_of(&slot);
    let mut first = card_in(&reader);
    slot.eject();
    assert_eq!(first.hear(), None);
    slot.insert();
    let mut second = card_in(&reader);
    second.tell(&[1]);
    assert_eq!(second.ask(&SELECT).unwrap(), SUCCESS);
}

#[test]
fn a_torn_card_can_come_back_by_itself() {
    let setup = CardSetup::good().with_fault(Fault::tear_before_command(1));
    let reader = reader_of(&Slot::new(setup, Some(Duration::from_millis(10)), Log::Off));
    let mut first = card_in(&reader);
    first.tell(&[1]);
    assert_eq!(first.ask(&SELECT), None);
    let mut second = card_in(&reader);
    second.tell(&[1]);
    assert_eq!(second.ask(&SELECT).unwrap(), SUCCESS);
}

#[test]
fn the_control_socket_tells_and_obeys() {
    let slot = slot(CardSetup::good());
    let control = ControlSocket::bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
    let address = ControlAddress::Loopback(control.address().unwrap());
    let controlled = slot.clone();
    thread::spawn(move || control.serve(&controlled));
    let say = |line: &str| link::tell(&address, line).unwrap();
    let status = |reply: String| serde_json::from_str::<SlotStatus>(&reply).unwrap();

    assert_eq!(status(say("status")), slot.status());
    assert_eq!(status(say("eject")).presence, Presence::Out);
    assert_eq!(status(say("insert locked")).signing_attempts_left, 0);
    assert_eq!(status(say("fault verify 1 tear-after")).presence, Presence::In);
    assert!(say("fault nothing").contains("tear-before"));
    assert!(say("explode").contains("problem"));
}

#[test]
fn a_control_socket_left_behind_is_taken_over_and_a_live_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let address = ControlAddress::Path(folder.path().join("control"));
    drop(ControlSocket::bind(&address).unwrap());
    let _live = ControlSocket::bind(&address).unwrap();
    assert!(ControlSocket::bind(&address).is_err());
}

#[test]
fn counts_start_anew_at_a_mark() {
    let slot = slot(CardSetup::good());
    let mut line = on_socket(&slot)();
    line.ask(&SELECT);
    slot.mark("here");
    line.ask(&QUERY);
    assert_eq!((slot.status().counts.commands, slot.status().since_mark.commands), (2, 1));
}

#[test]
fn a_control_socket_never_listens_beyond_loopback() {
    assert!("0.0.0.0:4000".parse::<ControlAddress>().is_err());
    assert!("[::1]:4000".parse::<ControlAddress>().is_ok());
}

#[test]
fn a_recording_holds_the_touch_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wire");
    let slot = slot(CardSetup::good().with_fault(Fault::tear_after_command(4))).recorded_in(&path).unwrap();
    let touch = on_socket(&slot);
    let mut line = touch();
    for command in [&SELECT[..], &QUERY, b"\x00\x20\x00\x9b\x09PRACTICE1"] {
        assert!(line.ask(command).is_some());
    }
    assert_eq!(line.ask(&QUERY), None);
    slot.mark("the end");
    let recorded = std::fs::read_to_string(&path).unwrap();
    let expected = "* on\n> 00A4040C0AD392F000260100000001\n< 9000\n> 0020009B\n< 63C5\n\
                    > 0020009B09******************\n< 9000\n> 0020009B\n< torn\n# the end\n";
    assert_eq!(recorded, expected);
}
