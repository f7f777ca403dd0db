//! 50 MB on their way from a service through a relay to a phone: what relay and phone hold of them at a time.

use std::process::Stdio;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use relay_server::relay::door::{Network, ServiceDoor};
use relay_server::relay::mailbox::RelayKey;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::process::Command;
use wire::SessionState;
use wire::{ContentKey, DocumentOpener, MAX_DOCUMENTS_BYTES, Origin, SessionId, SessionKind};
use zeroize::Zeroizing;

use super::handoff::{PIECE_BYTES, document, said, sealer};
use super::report;
use super::server::memory_mib;
use crate::demo::Stage;
use crate::programs::path_of;

pub(super) async fn of_fifty_megabytes() -> Result<(), String> {
    let (key, line) = relay_key().await?;
    let stage = Stage::configured(|command| {
        command.env("KAZASU_ROLE", "relay").env("KAZASU_RELAY_SERVICES", format!("[\"{line}\"]"));
    })?;
    let session = Passage::matched(&stage, &key).await?;
    let before = memory_mib(stage.relay_process(), "VmRSS")?;
    session.upload().await?;
    let opened = Command::new(path_of("bench")).args(session.phone()).stdout(Stdio::piped()).output().await.map_err(said)?;
    let told = String::from_utf8_lossy(&opened.stdout).into_owned();
    let phone: f64 = told.trim().parse().map_err(|_| format!("the phone said {told}"))?;
    let relay = memory_mib(stage.relay_process(), "VmHWM")? - before;
    report("hand-off: the relay held more while 50 MB passed", relay, 16.0, "MiB");
    report("hand-off: a phone held more while it opened 50 MB", phone, 16.0, "MiB");
    Ok(())
}

/// A process that fetches, opens and hashes one sealed document, and says what it held more at its highest.
pub struct OpeningPhone {
    address: String,
    token: String,
    key: [u8; 32],
    sha256: [u8; 32],
}

impl OpeningPhone {
    /// `None` if the words name something else.
    #[must_use]
    pub fn of(words: &[String]) -> Option<Self> {
        let [job, address, token, key, sha256] = words else { return None };
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok();
        let (key, sha256) = (bytes(key)?, bytes(sha256)?);
        (job == OPEN).then(|| Self { address: address.clone(), token: token.clone(), key, sha256 })
    }

    /// # Errors
    /// When the document does not come, or is another.
    pub async fn open(&self) -> Result<(), String> {
        let client = client()?;
        let key = ContentKey::from_bytes(Zeroizing::new(self.key));
        let before = memory_mib(std::process::id(), "VmRSS")?;
        let mut answer = client.get(&self.address).bearer_auth(&self.token).send().await.map_err(said)?;
        let mut opener = DocumentOpener::new(&key, SessionId::from_bytes([8; 16]), 0, MAX_DOCUMENTS_BYTES);
        let mut kept = tempfile::tempfile().map_err(said)?;
        let mut out = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(said)? {
            opener.push(&piece, &mut out).map_err(said)?;
            std::io::Write::write_all(&mut kept, &out).map_err(said)?;
            out.clear();
        }
        opener.finish(&self.sha256, &mut out).map_err(said)?;
        std::io::Write::write_all(&mut kept, &out).map_err(said)?;
        let grown = memory_mib(std::process::id(), "VmHWM")? - before;
        super::say(&grown.to_string());
        Ok(())
    }
}

/// A session that waits for its document.
struct Passage {
    door: ServiceDoor,
    id: SessionId,
    base: String,
    token: String,
    plain: Vec<u8>,
}

impl Passage {
    async fn matched(stage: &Stage, key: &str) -> Result<Self, String> {
        let relay = Origin::parse(stage.page()).map_err(said)?;
        let key = RelayKey::parse(key).ok_or("not a key")?;
        let door = ServiceDoor::new(Arc::new(Network::to(relay)?), &key);
        let page = Origin::parse("https://bank.example").map_err(said)?;
        let opened = door.open_session(SessionKind::Signing, page).await.map_err(said)?;
        let base = format!("{}/relay/1/sessions/{}", stage.page(), opened.id);
        let passage = Self { door, id: opened.id, base, token: URL_SAFE_NO_PAD.encode([7; 32]), plain: document() };
        passage.take_up(&opened.frame_key).await?;
        Ok(passage)
    }

    async fn take_up(&self, frame_key: &str) -> Result<(), String> {
        let frame_key = wire::FrameKey::parse(frame_key).ok_or("not a frame key")?;
        let frame = frame_key.frame(self.id, wire::Step::from_number(0));
        let claim = wire::Claim {
            version: wire::VersionOne,
            session: self.id,
            commitment: wire::Commitment::from_bytes([1; 32]),
            token_hash: wire::ClaimToken::from_bytes([7; 32]).hash(),
            proof: wire::Proof::Moving(frame),
            app_version: "bench".to_owned(),
        };
        self.post("claim", wire::encode(&claim)).await?;
        let any = |length: usize| URL_SAFE_NO_PAD.encode(vec![5; length]);
        let answer = json!({ "kind": "signing", "origin": "https://bank.example", "signing_key": "k1",
            "service_key": any(32), "signature": any(64) });
        self.door.answer(self.id, &serde_json::from_value(answer).map_err(said)?).await.map_err(said)?;
        let reveal = json!({ "version": 1, "phone_key": any(32), "nonce": any(32) });
        self.post("reveal", reveal.to_string().into_bytes()).await?;
        for state in [SessionState::Numbered, SessionState::Matched] {
            let sequence = self.door.session(self.id).await.map_err(said)?.sequence;
            self.door.settle(self.id, state, sequence).await.map_err(said)?;
        }
        Ok(())
    }

    /// Sealed as it goes out: this process holds the document, as a bench may.
    async fn upload(&self) -> Result<(), String> {
        let mut sealed = Vec::new();
        let mut sealer = sealer(1, &mut sealed);
        let mut pieces = vec![Bytes::from(std::mem::take(&mut sealed))];
        for piece in self.plain.chunks(PIECE_BYTES) {
            sealer.push(piece, &mut sealed).map_err(said)?;
            pieces.push(std::mem::take(&mut sealed).into());
        }
        sealer.finish(&mut sealed).map_err(said)?;
        pieces.push(sealed.into());
        let pieces = futures::stream::iter(pieces.into_iter().filter(|piece| !piece.is_empty()).map(Ok));
        self.door.put_document(self.id, 0, pieces).await.map_err(said)
    }

    fn phone(&self) -> [String; 5] {
        let sha256 = URL_SAFE_NO_PAD.encode(Sha256::digest(&self.plain));
        let key = URL_SAFE_NO_PAD.encode([1; 32]);
        [OPEN.to_owned(), format!("{}/documents/0", self.base), self.token.clone(), key, sha256]
    }

    async fn post(&self, path: &str, body: Vec<u8>) -> Result<(), String> {
        let call = client()?.post(format!("{}/{path}", self.base)).bearer_auth(&self.token).body(body);
        let status = call.send().await.map_err(said)?.status();
        if status.is_success() { Ok(()) } else { Err(format!("{path}: {status}")) }
    }
}

/// The key, and the line of the relay's settings that accepts it.
async fn relay_key() -> Result<(String, String), String> {
    let output = Command::new(path_of("kazasu-relay")).args(["relay-key", "bench"]).output().await.map_err(said)?;
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    let (key, line) = words.trim().split_once('\n').ok_or("relay-key said something else")?;
    Ok((key.to_owned(), line.to_owned()))
}

fn client() -> Result<reqwest::Client, String> {
    crate::http::client().build().map_err(said)
}

const OPEN: &str = "open";
