//! Every route that a router of ours has, read from where the routers are made.

use std::collections::BTreeSet;

/// Method and path, with the parameters by their names.
pub(super) fn all() -> BTreeSet<(String, String)> {
    let of_service = include_str!("../../../src/http/mod.rs");
    let of_relay = include_str!("../../../src/http/relay/mod.rs");
    assert_eq!(of_service.matches(".nest(").count(), 0, "where do its routes begin?");
    assert_eq!(of_relay.matches(".nest(").count(), 3, "where do its routes begin?");
    [of_service, of_relay].into_iter().flat_map(in_source).collect()
}

fn in_source(source: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, word) in source.match_indices(".route(") {
        let call = in_brackets(&source[at + word.len()..]);
        let path = format!("{}{}", beginning(function_before(&source[..at])), path(call));
        let methods = METHODS.iter().filter(|method| names(call, method));
        let before = found.len();
        found.extend(methods.map(|method| (method.to_uppercase(), path.clone())));
        assert!(found.len() > before, "no method at {path}");
    }
    found
}

/// Up to the bracket that closes it.
fn in_brackets(text: &str) -> &str {
    let mut depth = 1;
    let end = text.find(|sign| {
        depth += match sign {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    &text[..end.unwrap()]
}

fn function_before(source: &str) -> &str {
    let start = source.rfind("fn ").unwrap() + 3;
    source[start..].split(['(', '<']).next().unwrap()
}

fn beginning(function: &str) -> &'static str {
    match function {
        "router" | "router_alone" | "for_browsers" | "for_sessions" | "costly" | "for_operators" => "",
        "for_phones" => "/relay/1/sessions/{id}",
        "for_services" => "/relay/1/service",
        other => panic!("where do the routes of {other} begin?"),
    }
}

fn path(call: &str) -> String {
    let first = call.split(',').next().unwrap().trim();
    match first {
        "wire::OriginKeys::PATH" => wire::OriginKeys::PATH.to_owned(),
        "copies::ROOTS_PATH" => "/.well-known/kazasu-receipts.pem".to_owned(),
        literal => literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap().to_owned(),
    }
}

fn names(call: &str, method: &str) -> bool {
    let at = call.find(&format!("{method}("));
    at.is_some_and(|at| !call[..at].ends_with(|sign: char| sign.is_alphanumeric() || sign == '_'))
}

const METHODS: [&str; 6] = ["get", "post", "put", "delete", "patch", "options"];
