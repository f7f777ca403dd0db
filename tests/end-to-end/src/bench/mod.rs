//! Figures beside their bounds. Each line: what, figure, bound, ratio (at most 1.00 is the goal).

mod air;
mod card;
mod pdf;
mod reader;
mod server;
mod turn;

/// Runs every benchmark, one after another, so that none disturbs another.
///
/// # Errors
/// When a program does not start or a job does not end.
pub async fn run() -> Result<(), String> {
    say(&format!("{:<58} {:>12} {:>12} {:>7}", "", "figure", "bound", "ratio"));
    card::count();
    reader::beside_others()?;
    server::cold_start()?;
    server::upload().await?;
    turn::page_turn().await?;
    pdf::verify()
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
