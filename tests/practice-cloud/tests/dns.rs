//! DNS with real packets, over UDP and TCP.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends at the first surprise, in its own helpers too"
)]

mod support;

use std::{net::SocketAddr, time::Duration};

use hickory_proto::{
    op::{Edns, Message, MessageType, OpCode, Query, ResponseCode},
    rr::{Name, RData, RecordType},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
};

fn question(name: &str, kind: RecordType, payload: Option<u16>) -> Vec<u8> {
    let mut message = Message::new(4711, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(Name::from_ascii(format!("{name}.")).unwrap(), kind));
    if let Some(payload) = payload {
        let mut edns = Edns::new();
        edns.set_max_payload(payload);
        message.set_edns(edns);
    }
    message.to_vec().unwrap()
}

async fn udp(server: SocketAddr, question: &[u8]) -> Option<Message> {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.send_to(question, server).await.unwrap();
    let mut buffer = [0u8; 8192];
    let received = tokio::time::timeout(Duration::from_millis(500), socket.recv_from(&mut buffer)).await.ok()?;
    Some(Message::from_vec(&buffer[..received.unwrap().0]).unwrap())
}

async fn ask(server: SocketAddr, name: &str, kind: RecordType) -> Message {
    udp(server, &question(name, kind, Some(1232))).await.unwrap()
}

async fn tcp(server: SocketAddr, question: &[u8]) -> Message {
    let mut stream = TcpStream::connect(server).await.unwrap();
    stream.write_u16(u16::try_from(question.len()).unwrap()).await.unwrap();
    stream.write_all(question).await.unwrap();
    let mut reply = vec![0u8; usize::from(stream.read_u16().await.unwrap())];
    stream.read_exact(&mut reply).await.unwrap();
    Message::from_vec(&reply).unwrap()
}

fn exchanges(message: &Message) -> Vec<String> {
    let mut all: Vec<String> = message
        .answers
        .iter()
        .filter_map(|record| match &record.data {
            RData::MX(mx) => Some(mx.exchange.to_ascii()),
            _ => None,
        })
        .collect();
    all.sort();
    all
}

#[tokio::test]
async fn every_practice_domain_leads_to_its_host() {
    let cloud = support::cloud(true).await;
    let server = cloud.addresses.dns;
    for (domain, exchange) in [
        ("contoso.example", "contoso-example.mail.protection.outlook.com."),
        ("CONTOSO.example", "contoso-example.mail.protection.outlook.com."),
        ("fabrikam.example", "smtp.google.com."),
        ("proseware.example", "mxa-00112233.gslb.pphosted.com."),
        ("wideworld.example", "eu-smtp-inbound-1.mimecast.com."),
        ("relecloud.example", "relecloud-example.r-v1.mx.microsoft."),
        ("northwind.example", "www1234.sakura.ne.jp."),
        ("xn--r8jz45g.example", "xn--r8jz45g-example.mail.protection.outlook.com."),
        ("cohovineyard.example", "cohovineyard-example.mail.protection.partner.outlook.cn."),
        ("woodgrove.example", "woodgrove-example.olc.protection.outlook.com."),
        ("nullmx.example", "."),
    ] {
        let answer = ask(server, domain, RecordType::MX).await;
        assert_eq!(answer.metadata.response_code, ResponseCode::NoError, "{domain}");
        assert_eq!(exchanges(&answer)[0], exchange, "{domain}");
    }
    cloud.shutdown().await;
}

#[tokio::test]
async fn what_is_not_there_is_told_apart() {
    let cloud = support::cloud(true).await;
    let server = cloud.addresses.dns;
    for (name, code) in [
        ("nomx.example", ResponseCode::NoError),
        ("sales.contoso.example", ResponseCode::NoError),
        ("_domainkey.contoso.example", ResponseCode::NoError),
        ("nobody.contoso.example", ResponseCode::NXDomain),
        ("example.com", ResponseCode::NXDomain),
        ("servfail.example", ResponseCode::ServFail),
        ("mail.servfail.example", ResponseCode::ServFail),
        ("refused.example", ResponseCode::Refused),
    ] {
        let answer = ask(server, name, RecordType::MX).await;
        assert_eq!(answer.metadata.response_code, code, "{name}");
        assert!(answer.answers.is_empty(), "{name}");
    }
    assert!(udp(server, &question("silent.example", RecordType::MX, None)).await.is_none());
    let negative = ask(server, "nomx.example", RecordType::MX).await;
    assert_eq!(negative.authorities[0].record_type(), RecordType::SOA);
}

#[tokio::test]
async fn a_chain_is_told_link_by_link() {
    let cloud = support::cloud(true).await;
    let answer = ask(cloud.addresses.dns, "chain.example", RecordType::MX).await;
    let kinds: Vec<RecordType> = answer.answers.iter().map(|record| record.record_type()).collect();
    assert_eq!(kinds, [RecordType::CNAME, RecordType::CNAME, RecordType::MX]);
    assert_eq!(exchanges(&answer), ["smtp.google.com."]);
    let first = ask(cloud.addresses.dns, "autodiscover.contoso.example", RecordType::CNAME).await;
    assert_eq!(first.answers.len(), 1);
}

#[tokio::test]
async fn a_long_answer_is_cut_over_udp_and_whole_over_tcp() {
    let cloud = support::cloud(true).await;
    let asked = question("long.example", RecordType::TXT, Some(1232));
    let cut = udp(cloud.addresses.dns, &asked).await.unwrap();
    assert!(cut.metadata.truncation && cut.answers.is_empty());
    let whole = tcp(cloud.addresses.dns, &asked).await;
    assert!(!whole.metadata.truncation);
    assert_eq!((whole.metadata.id, whole.answers.len()), (4711, 2));
}

#[tokio::test]
async fn nonsense_is_answered_with_silence() {
    let cloud = support::cloud(true).await;
    assert!(udp(cloud.addresses.dns, b"nonsense").await.is_none());
    // And the server still answers.
    assert!(!ask(cloud.addresses.dns, "contoso.example", RecordType::A).await.answers.is_empty());
}
