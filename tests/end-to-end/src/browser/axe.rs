//! axe-core as judge of accessibility: WCAG 2.2 A and AA.

use serde_json::{Value, json};

use super::Browser;

/// Fails with every finding of axe on the page that is open.
pub async fn assert_accessible(browser: &Browser, place: &str) {
    let script = std::fs::read_to_string(crate::programs::repository().join(".cache/axe.min.js"))
        .expect("axe-core is installed by `make packages`");
    // Through DevTools, which the page's content security policy does not bind.
    let load = json!({ "expression": format!("{script}; 'loaded'"), "returnByValue": true });
    browser.devtools("Runtime.evaluate", load).await;
    let run = json!({ "expression": RUN, "awaitPromise": true, "returnByValue": true });
    let answer = browser.devtools("Runtime.evaluate", run).await;
    let report: Value =
        serde_json::from_str(answer["result"]["value"].as_str().unwrap_or_else(|| panic!("{place}: axe did not run: {answer}")))
            .expect("axe's report is JSON");
    assert!(report["passes"].as_u64() > Some(10), "{place}: axe checked next to nothing: {report}");
    assert_eq!(report["violations"], json!([]), "{place} is not accessible");
}

const RUN: &str = "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(r => JSON.stringify({
    passes: r.passes.length,
    violations: r.violations.map(v => ({ id: v.id, help: v.help, nodes: v.nodes.map(n => n.target.join(' ') + ': ' + n.failureSummary) })),
}))";
