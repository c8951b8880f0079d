//! DNS over UDP and TCP (RFC 1035, RFC 7766): answers for the practice domains, NXDOMAIN for everything else.

mod zone;

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use hickory_proto::{
    op::{Edns, Message, MessageType, OpCode, ResponseCode},
    rr::{Name, RData, Record, RecordType, rdata::SOA},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UdpSocket},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::dns_fault::DnsPlan;

/// Largest answer over UDP where the question names none (RFC 1035 section 4.2.1).
const PLAIN_UDP: u16 = 512;
/// Longest silence on a TCP connection.
const TCP_IDLE: Duration = Duration::from_secs(10);
/// Pause after a failed receive or accept, so that the loop does not spin.
const PAUSE: Duration = Duration::from_millis(50);
/// Seconds that an answer may be kept.
const TTL: u32 = 5;

/// Both sockets, on the same port.
pub(crate) struct Sockets {
    pub(crate) address: SocketAddr,
    udp: Arc<UdpSocket>,
    tcp: TcpListener,
}

/// Binds UDP and TCP on the same port; with port 0, on a free one.
pub(crate) async fn bind(ip: IpAddr, port: u16) -> anyhow::Result<Sockets> {
    // A port that is free for one of them can be taken for the other: try again with another port.
    let tries = if port == 0 { 16 } else { 1 };
    let mut last = None;
    for _ in 0..tries {
        let udp = UdpSocket::bind((ip, port)).await?;
        let address = udp.local_addr()?;
        match TcpListener::bind(address).await {
            Ok(tcp) => return Ok(Sockets { address, udp: Arc::new(udp), tcp }),
            Err(error) => last = Some(error),
        }
    }
    Err(anyhow::anyhow!("no port for DNS on {ip}: {last:?}"))
}

impl Sockets {
    pub(crate) fn spawn(self, plan: DnsPlan, tasks: &TaskTracker, cancel: &CancellationToken) {
        tasks.spawn(serve_udp(self.udp, plan.clone(), cancel.clone(), tasks.clone()));
        tasks.spawn(serve_tcp(self.tcp, plan, cancel.clone(), tasks.clone()));
    }
}

async fn serve_udp(socket: Arc<UdpSocket>, plan: DnsPlan, cancel: CancellationToken, tasks: TaskTracker) {
    let mut buffer = [0u8; 4096];
    loop {
        let received = tokio::select! {
            () = cancel.cancelled() => return,
            received = socket.recv_from(&mut buffer) => received,
        };
        let Ok((length, from)) = received else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let Some(reply) = buffer.get(..length).and_then(|question| answer(question, true, &plan)) else { continue };
        if reply.pause.is_zero() {
            let _ = socket.send_to(&reply.bytes, from).await;
            continue;
        }
        let (socket, cancel) = (Arc::clone(&socket), cancel.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = cancel.cancelled() => {}
                () = tokio::time::sleep(reply.pause) => drop(socket.send_to(&reply.bytes, from).await),
            }
        });
    }
}

async fn serve_tcp(listener: TcpListener, plan: DnsPlan, cancel: CancellationToken, tasks: TaskTracker) {
    loop {
        let accepted = tokio::select! {
            () = cancel.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let (plan, cancel) = (plan.clone(), cancel.clone());
                tasks.spawn(async move {
                    tokio::select! {
                        () = cancel.cancelled() => {}
                        _ = tcp_connection(stream, &plan) => {}
                    }
                });
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn tcp_connection(mut stream: TcpStream, plan: &DnsPlan) -> std::io::Result<()> {
    loop {
        let length = tokio::time::timeout(TCP_IDLE, stream.read_u16()).await??;
        let mut question = vec![0u8; usize::from(length)];
        tokio::time::timeout(TCP_IDLE, stream.read_exact(&mut question)).await??;
        let Some(reply) = answer(&question, false, plan) else { return Ok(()) };
        tokio::time::sleep(reply.pause).await;
        let length = u16::try_from(reply.bytes.len()).unwrap_or(u16::MAX);
        stream.write_u16(length).await?;
        stream.write_all(&reply.bytes).await?;
    }
}

/// An answer, and how long it takes.
struct Reply {
    bytes: Vec<u8>,
    pause: Duration,
}

/// The answer to one message, with the fault that is planned for it; `None` where there is to be silence.
fn answer(question: &[u8], udp: bool, plan: &DnsPlan) -> Option<Reply> {
    let kind = Message::from_vec(question).ok()?.queries.first().map(|query| query.query_type().to_string());
    let fault = kind.and_then(|kind| plan.fault(&kind));
    let right = right_answer(question, udp);
    match fault {
        Some(fault) => fault.change(right?).map(|(bytes, pause)| Reply { bytes, pause }),
        None => right.map(|bytes| Reply { bytes, pause: Duration::ZERO }),
    }
}

fn right_answer(question: &[u8], udp: bool) -> Option<Vec<u8>> {
    let asked = Message::from_vec(question).ok()?;
    if asked.metadata.message_type != MessageType::Query {
        return None;
    }
    let mut reply = Message::response(asked.metadata.id, asked.metadata.op_code);
    reply.metadata.recursion_desired = asked.metadata.recursion_desired;
    reply.metadata.recursion_available = true;
    reply.add_queries(asked.queries.iter().cloned());
    let limit = asked.edns.as_ref().map_or(PLAIN_UDP, |edns| edns.max_payload().max(PLAIN_UDP));
    if asked.edns.is_some() {
        let mut edns = Edns::new();
        edns.set_max_payload(4096);
        reply.set_edns(edns);
    }
    let Some(query) = asked.queries.first().filter(|_| asked.metadata.op_code == OpCode::Query) else {
        reply.metadata.response_code = ResponseCode::NotImp;
        return reply.to_vec().ok();
    };
    let name = query.name().to_ascii().trim_end_matches('.').to_ascii_lowercase();
    match zone::mood(&name) {
        zone::Mood::Silent => return None,
        zone::Mood::Code(code) => reply.metadata.response_code = code,
        zone::Mood::Answers => fill(&mut reply, &name, query.query_type()),
    }
    let bytes = reply.to_vec().ok()?;
    if udp && bytes.len() > usize::from(limit) {
        return reply.truncate().to_vec().ok();
    }
    Some(bytes)
}

fn fill(reply: &mut Message, name: &str, kind: RecordType) {
    let found = zone::look_up(name, kind);
    let empty = found.records.is_empty();
    for (owner, data) in found.records {
        if let Ok(owner) = Name::from_ascii(format!("{owner}.")) {
            reply.add_answer(Record::from_rdata(owner, TTL, data));
        }
    }
    if !found.exists {
        reply.metadata.response_code = ResponseCode::NXDomain;
    }
    // A negative answer carries the zone's SOA (RFC 2308 section 3).
    if empty && let (Ok(zone), Ok(host)) = (Name::from_ascii("example."), Name::from_ascii("ns.practice.example.")) {
        let soa = SOA::new(host.clone(), host, 1, 3600, 600, 86_400, TTL);
        reply.add_authority(Record::from_rdata(zone, TTL, RData::SOA(soa)));
    }
}
