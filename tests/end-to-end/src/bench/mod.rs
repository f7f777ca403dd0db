//! Figures beside their bounds. Each line: what, figure, bound, ratio (at most 1.00 is the goal).

mod air;
mod card;
mod copies;
mod handoff;
mod layout;
mod making;
mod passage;
mod pdf;
mod reader;
mod server;
mod turn;
mod worst;

pub use making::Job;
pub use passage::OpeningPhone;

/// The benchmarks, in the order in which [`run`] takes them.
pub const PARTS: [&str; 8] = ["card", "reader", "server", "turn", "handoff", "pdf", "making", "worst"];

/// Runs these parts, or all of them if none is named, one after another, so that none disturbs another. The word
/// `layout` measures nothing, and writes the order of `kazasu`'s functions.
///
/// # Errors
/// When a program does not start or a job does not end.
pub async fn run(parts: &[String]) -> Result<(), String> {
    if parts == ["layout"] {
        return layout::of_functions();
    }
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(&part.as_str())) {
        return Err(format!("there is no benchmark \"{unknown}\": {}", PARTS.join(", ")));
    }
    say(&format!("{:<58} {:>12} {:>12} {:>7}", "", "figure", "bound", "ratio"));
    for part in PARTS.iter().filter(|part| parts.is_empty() || parts.iter().any(|wanted| wanted == *part)) {
        match *part {
            "card" => card::count(),
            "reader" => reader::beside_others()?,
            "server" => {
                server::cold_start()?;
                server::upload().await?;
                copies::at_once().await?;
            }
            "turn" => turn::page_turn().await?,
            "handoff" => {
                handoff::keys()?;
                handoff::documents()?;
                passage::of_fifty_megabytes().await?;
            }
            "pdf" => pdf::verify()?,
            "making" => making::beside_the_hash()?,
            _ => worst::files()?,
        }
    }
    Ok(())
}

/// One figure beside its bound, in the same unit.
fn report(what: &str, figure: f64, bound: f64, unit: &str) {
    say(&format!("{what:<58} {:>12} {:>12} {:>7.2}", with_unit(figure, unit), with_unit(bound, unit), figure / bound));
}

fn with_unit(figure: f64, unit: &str) -> String {
    if unit.is_empty() { format!("{figure:.0}") } else { format!("{figure:.1} {unit}") }
}

fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn f64_of(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The figure that `share` (0 to 1) of the sorted figures do not exceed: the nearest rank.
fn quantile(mut figures: Vec<f64>, share: f64) -> f64 {
    figures.sort_by(f64::total_cmp);
    let count = u32::try_from(figures.len()).unwrap_or(u32::MAX);
    let rank = (share * f64::from(count)).ceil().max(1.0);
    let index = (0..count).find(|index| f64::from(index + 1) >= rank).unwrap_or(0);
    figures.get(usize::try_from(index).unwrap_or(0)).copied().unwrap_or(f64::NAN)
}
