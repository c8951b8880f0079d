use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::*;
use crate::SettingsSources;

const BUDGET: Duration = Duration::from_secs(20);

/// A collector on loopback that gives these answers one after another, and the last one for good.
async fn collector(answers: &[(u16, &str)]) -> (String, Arc<Mutex<Vec<(String, Value)>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let seen: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
    let answers: Vec<(u16, String)> = answers.iter().map(|(status, body)| (*status, (*body).to_owned())).collect();
    let record = Arc::clone(&seen);
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = Vec::new();
            let body = loop {
                let mut chunk = [0; 65536];
                let read = stream.read(&mut chunk).await.unwrap();
                bytes.extend_from_slice(&chunk[..read]);
                let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
                let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
                let length = head
                    .to_lowercase()
                    .split("content-length: ")
                    .nth(1)
                    .map(|rest| rest.split("\r\n").next().unwrap().trim().parse::<usize>().unwrap());
                if bytes.len() >= end + 4 + length.unwrap_or(0) {
                    break (head, serde_json::from_slice(&bytes[end + 4..]).unwrap_or(Value::Null));
                }
            };
            record.lock().unwrap().push(body);
            let (status, text) = answers.get(number).or(answers.last()).unwrap();
            number += 1;
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}",
                text.len()
            );
            let _ = stream.write_all(head.as_bytes()).await;
        }
    });
    (address, seen)
}

fn engine(folder: &tempfile::TempDir, managed: &Value) -> Engine {
    let policies = folder.path().join("policies");
    std::fs::create_dir_all(policies.join("managed")).unwrap();
    std::fs::write(policies.join("managed/1.json"), managed.to_string()).unwrap();
    let engine = Engine::start(&SettingsSources {
        policies: Some(policies),
        state: Some(folder.path().join("state")),
        ..SettingsSources::default()
    })
    .unwrap();
    assert_eq!(engine.problems(), []);
    engine
}

fn examination(id: &str) -> Examination {
    serde_json::from_value(json!({
        "schema": 1, "id": id, "program": "0", "catalogue": "2026-01-01", "started": "2026-01-01T00:00:00Z",
        "finished": "2026-01-01T00:00:01Z", "address": "ana@contoso.example", "app": {"id": "hubspot", "name": "HubSpot"},
        "redaction": "secrets", "verdict": "blocked", "suppressed": [], "steps": [], "findings": [], "language": "en",
        "discovery": null, "account": null, "observations": []
    }))
    .unwrap()
}

async fn over(engine: &Engine) -> HandedOver {
    engine.hand_over(BUDGET, &CancellationToken::new()).await
}

#[tokio::test]
async fn without_a_policy_nothing_is_laid_aside_and_nothing_sent() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(&folder, &json!({}));
    engine.lay_aside(&examination("a"));
    assert_eq!(over(&engine).await, HandedOver::default());
    assert!(!folder.path().join("state").exists());
}

#[tokio::test]
async fn a_collector_that_fails_first_gets_everything_later_masked_and_once() {
    let (address, seen) = collector(&[(503, ""), (503, ""), (503, ""), (503, ""), (200, "{}")]).await;
    let folder = tempfile::tempdir().unwrap();
    let policy = json!({"handoverCollector": address, "handoverToken": "canary-token"});
    let engine = self::engine(&folder, &policy);
    engine.lay_aside(&examination("a"));
    engine.lay_aside(&examination("b"));
    assert_eq!(over(&engine).await, HandedOver { sent: 0, waiting: 2, lost: 0 }, "three tries, then the next run");
    assert_eq!(seen.lock().unwrap().len(), 3);
    // A new start of the program: what waited is still there.
    let engine = self::engine(&folder, &policy);
    assert_eq!(over(&engine).await, HandedOver { sent: 2, waiting: 0, lost: 0 });
    assert_eq!(over(&engine).await, HandedOver::default());
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 6, "one more refusal, then one each");
    for ((head, body), id) in seen[4..].iter().zip(["a", "b"]) {
        assert!(head.starts_with("POST /v1/logs HTTP/1.1"), "{head}");
        assert!(head.to_lowercase().contains("authorization: bearer canary-token"));
        let record = &body["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0];
        assert_eq!(record["severityText"], "ERROR");
        assert_eq!(record["timeUnixNano"], "1767225601000000000");
        let text = record["body"]["stringValue"].as_str().unwrap();
        assert!(!text.contains("contoso") && !text.contains("ana"), "masked: {text}");
        let report: Examination = serde_json::from_str(text).unwrap();
        assert_eq!((report.id.as_str(), report.redaction), (id, RedactionLevel::Everything));
    }
}

#[tokio::test]
async fn a_refusal_for_good_is_counted_and_the_collector_is_told() {
    let refused = r#"{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"no"}}"#;
    let (address, seen) = collector(&[(400, ""), (200, refused), (200, "{}")]).await;
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(&folder, &json!({"handoverCollector": address}));
    for id in ["a", "b"] {
        engine.lay_aside(&examination(id));
    }
    assert_eq!(over(&engine).await, HandedOver { sent: 0, waiting: 0, lost: 2 });
    engine.lay_aside(&examination("c"));
    assert_eq!(over(&engine).await, HandedOver { sent: 1, waiting: 0, lost: 0 });
    assert!(
        seen.lock().unwrap()[2]
            .1
            .to_string()
            .contains(r#"{"key":"inbox_doctor.lost_before","value":{"intValue":"2"}}"#)
    );
}

#[tokio::test]
async fn nobody_listens_and_the_budget_ends_it() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(&folder, &json!({"handoverCollector": format!("http://{closed}")}));
    engine.lay_aside(&examination("a"));
    let begun = std::time::Instant::now();
    let state = engine.hand_over(Duration::from_millis(50), &CancellationToken::new()).await;
    assert_eq!(state, HandedOver { sent: 0, waiting: 1, lost: 0 });
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn more_than_the_spool_holds_is_dropped_from_the_old_end_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(&folder, &json!({"handoverFolder": folder.path().join("away")}));
    for number in 0..spool::MOST + 3 {
        engine.lay_aside(&examination(&format!("n{number}")));
    }
    let state = over(&engine).await;
    assert_eq!(state, HandedOver { sent: 0, waiting: spool::MOST, lost: 3 }, "the folder is not there");
    // The share comes back.
    std::fs::create_dir(folder.path().join("away")).unwrap();
    assert_eq!(over(&engine).await, HandedOver { sent: spool::MOST, waiting: 0, lost: 0 });
    let mut names: Vec<String> = std::fs::read_dir(folder.path().join("away"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), spool::MOST + 1);
    let lost = names.pop().unwrap();
    assert!(lost.ends_with("-lost.json"));
    assert!(std::fs::read_to_string(folder.path().join("away").join(lost)).unwrap().contains("\"lost\":3"));
    assert!(names[0].ends_with("-n3.json") && names.iter().all(|name| name.ends_with(".json")));
    let text = std::fs::read_to_string(folder.path().join("away").join(&names[0])).unwrap();
    assert!(!text.contains("contoso"));
}

#[tokio::test]
async fn a_policy_that_was_taken_back_takes_back_what_waits() {
    let folder = tempfile::tempdir().unwrap();
    let away = json!({"handoverFolder": folder.path().join("away")});
    self::engine(&folder, &away).lay_aside(&examination("a"));
    let engine = self::engine(&folder, &json!({}));
    assert_eq!(over(&engine).await, HandedOver::default());
    assert!(!engine.spool.as_ref().unwrap().files(spool::FOLDER).iter().any(|_| true));
}

#[test]
fn masking_is_never_less_than_a_mandatory_one_of_reports() {
    let folder = tempfile::tempdir().unwrap();
    let policy = json!({"handoverRedaction": "secrets", "redaction": "names", "handoverFolder": "/x"});
    assert_eq!(engine(&folder, &policy).handover_redaction(), RedactionLevel::Names);
    let engine = self::engine(&folder, &json!({"handoverRedaction": "names", "handoverFolder": "/x"}));
    assert_eq!(engine.handover_redaction(), RedactionLevel::Names);
}

#[test]
fn a_path_of_the_policy_is_kept() {
    assert_eq!(otlp::address("https://c.example:4318").unwrap().as_str(), "https://c.example:4318/v1/logs");
    assert_eq!(otlp::address("https://c.example/otlp/logs").unwrap().as_str(), "https://c.example/otlp/logs");
}
