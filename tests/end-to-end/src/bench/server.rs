//! The server alone: how soon it answers, how much it holds.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use crate::demo::Stage;
use crate::visitor::Visitor;

use super::{quantile, report};

/// From the start of the process to its first answer, and what it holds then.
pub(super) fn cold_start() -> Result<(), String> {
    let mut starts = Vec::new();
    let mut held = Vec::new();
    for _ in 0..STARTS {
        let started = Instant::now();
        let stage = Stage::new()?;
        ask_health(stage.page())?;
        starts.push(started.elapsed().as_secs_f64() * 1000.0);
        held.push(memory_mib(stage.relay_process(), "VmRSS")?);
    }
    report("server: start to first answer, median of 9", quantile(starts, 0.5), 100.0, "ms");
    report("server: resident after the first answer", quantile(held, 0.5), 30.0, "MiB");
    Ok(())
}

/// What the server holds more at its highest while 50 MB come in.
pub(super) async fn upload() -> Result<(), String> {
    let stage = Stage::configured(|command| {
        command.env("KAZASU_MAX_PDF_MIB", "64");
    })?;
    ask_health(stage.page())?;
    let before = memory_mib(stage.relay_process(), "VmRSS")?;
    let visitor = Visitor::at(stage.page())?;
    visitor.drop_pdf("large.pdf", large_pdf(50_000_000)).await?;
    let highest = memory_mib(stage.relay_process(), "VmHWM")?;
    report("server: held more while 50 MB come in", highest - before, 16.0, "MiB");
    Ok(())
}

fn ask_health(address: &str) -> Result<(), String> {
    let host = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).map_err(|problem| problem.to_string())?;
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(|problem| problem.to_string())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(|problem| problem.to_string())?;
    if answer.starts_with("HTTP/1.1 200") {
        Ok(())
    } else {
        Err(format!("/healthz: {}", answer.lines().next().unwrap_or_default()))
    }
}

/// A line of /proc/PID/status, in MiB. proc(5) gives kB, which are KiB.
pub(super) fn memory_mib(process: u32, line: &str) -> Result<f64, String> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).map_err(|problem| problem.to_string())?;
    let kib = status
        .lines()
        .find_map(|text| text.strip_prefix(line)?.trim_start_matches(':').split_whitespace().next()?.parse::<f64>().ok())
        .ok_or("no such line in the status of the process")?;
    Ok(kib / 1024.0)
}

/// A sound one-page PDF whose bulk is one stream that the page does not use.
pub(super) fn large_pdf(bytes: usize) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    let filler = vec![b'k'; bytes];
    let stream = [format!("<< /Length {} >>\nstream\n", filler.len()).into_bytes(), filler, b"\nendstream".to_vec()].concat();
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>".to_vec(),
        stream,
    ];
    for (number, object) in (1..).zip(objects) {
        offsets.push(pdf.len());
        pdf.extend(format!("{number} 0 obj\n").into_bytes());
        pdf.extend(object);
        pdf.extend(b"\nendobj\n");
    }
    let start = pdf.len();
    pdf.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).into_bytes());
    for offset in &offsets {
        pdf.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    pdf.extend(format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", offsets.len() + 1).into_bytes());
    pdf
}

const STARTS: u32 = 9;
