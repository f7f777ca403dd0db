use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use simulator::timestamp::{TimeStampAuthority, TimeStampQuirk, serve_as};

/// A time-stamping authority on a free port: wrong in one way until it is mended.
pub(crate) struct Authority {
    pub(crate) address: String,
    state: Arc<State>,
}

struct State {
    wrong: TimeStampAuthority,
    honest: TimeStampAuthority,
    is_mended: AtomicBool,
    questions: AtomicUsize,
}

impl Authority {
    pub(crate) fn honest() -> Self {
        Self::with(None, TimeStampAuthority::with(None))
    }

    pub(crate) fn wrong(quirk: TimeStampQuirk) -> Self {
        Self::with(Some(quirk), TimeStampAuthority::with(None))
    }

    /// Answers whoever sends this header line.
    pub(crate) fn demanding(line: &str) -> Self {
        let demanding = || TimeStampAuthority::with(None).demanding(line);
        Self::start(State::of(demanding(), demanding()))
    }

    fn with(quirk: Option<TimeStampQuirk>, honest: TimeStampAuthority) -> Self {
        Self::start(State::of(TimeStampAuthority::with(quirk), honest))
    }

    /// Answers until the tests end.
    fn start(state: State) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/tsr", listener.local_addr().unwrap());
        let state = Arc::new(state);
        let shared = state.clone();
        std::thread::spawn(move || serve_as(|| shared.one_more(), &listener));
        Self { address, state }
    }

    pub(crate) fn mend(&self) {
        self.state.is_mended.store(true, Ordering::SeqCst);
    }

    pub(crate) fn questions(&self) -> usize {
        self.state.questions.load(Ordering::SeqCst)
    }
}

impl State {
    fn of(wrong: TimeStampAuthority, honest: TimeStampAuthority) -> Self {
        Self { wrong, honest, is_mended: AtomicBool::default(), questions: AtomicUsize::default() }
    }

    fn one_more(&self) -> &TimeStampAuthority {
        self.questions.fetch_add(1, Ordering::SeqCst);
        if self.is_mended.load(Ordering::SeqCst) { &self.honest } else { &self.wrong }
    }
}
