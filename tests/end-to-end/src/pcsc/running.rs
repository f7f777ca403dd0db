//! A client that is still at work while the test does something else.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};

use super::Ran;

/// Ends with the test.
pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    stderr: BufReader<ChildStderr>,
}

impl Running {
    /// # Panics
    /// When the program does not start.
    pub fn start(command: &mut Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|problem| panic!("{command:?}: {problem}"));
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().expect("standard output is piped"));
        let stderr = BufReader::new(child.stderr.take().expect("standard error is piped"));
        Self { child, stdin, stdout, stderr }
    }

    /// Types into standard input, which stays open.
    ///
    /// # Panics
    /// When the program does not listen any more.
    pub fn say(&mut self, text: &str) {
        let stdin = self.stdin.as_mut().expect("standard input is open until the end");
        stdin.write_all(text.as_bytes()).expect("the program listens");
    }

    /// Reads standard output up to a line that contains this, and returns that line.
    ///
    /// # Panics
    /// When the program ends without it.
    pub fn await_line(&mut self, text: &str) -> String {
        await_text(&mut self.stdout, text)
    }

    /// Reads standard error up to a line that contains this, and returns that line.
    ///
    /// # Panics
    /// When the program ends without it.
    pub fn await_message(&mut self, text: &str) -> String {
        await_text(&mut self.stderr, text)
    }

    /// Reads standard output up to this, which no end of line has to follow: a prompt.
    ///
    /// # Panics
    /// When the program ends without it.
    pub fn await_prompt(&mut self, text: &str) {
        let mut said = Vec::new();
        while !said.ends_with(text.as_bytes()) {
            let mut byte = [0];
            let read = self.stdout.read(&mut byte).expect("the program's output is a pipe");
            assert!(read > 0, "the program ended without asking {text:?}:\n{}", String::from_utf8_lossy(&said));
            said.extend(byte);
        }
    }

    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// As Ctrl-C does.
    pub fn interrupt(&self) {
        self.signal("INT");
    }

    /// As a terminal does that is closed.
    pub fn hang_up(&self) {
        self.signal("HUP");
    }

    /// Ends standard input and waits for the program's end; what was awaited before is not told again.
    ///
    /// # Panics
    /// When its output cannot be read.
    pub fn finish(mut self) -> Ran {
        drop(self.stdin.take());
        let (mut stdout, mut stderr) = (Vec::new(), String::new());
        self.stdout.read_to_end(&mut stdout).expect("the program's output is a pipe");
        self.stderr.read_to_string(&mut stderr).expect("the program writes UTF-8");
        let status = self.child.wait().expect("the program was started here");
        Ran { success: status.success(), code: status.code(), stdout, stderr }
    }

    /// Through the program `kill`, as this crate forbids unsafe code.
    fn signal(&self, name: &str) {
        // A program that has ended needs no signal.
        let _ = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).stderr(Stdio::null()).status();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stdin.take());
        if let Ok(None) = self.child.try_wait() {
            self.signal("TERM");
            let _ = self.child.wait();
        }
    }
}

fn await_text(output: &mut impl BufRead, text: &str) -> String {
    let mut said = String::new();
    loop {
        let mut line = String::new();
        let bytes = output.read_line(&mut line).expect("the program writes UTF-8");
        assert!(bytes > 0, "the program ended without saying {text:?}:\n{said}");
        if line.contains(text) {
            return line;
        }
        said.push_str(&line);
    }
}
