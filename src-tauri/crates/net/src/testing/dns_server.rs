//! A DNS server on loopback with real packets, over UDP and TCP, that can also misbehave.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use hickory_proto::{
    op::{Message, ResponseCode},
    rr::{
        Name, RData, Record, RecordType,
        rdata::{A, CNAME, MX, SRV, TXT},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UdpSocket},
};

/// How the server behaves for a name instead of answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "each test uses some")]
pub(crate) enum Fault {
    ServFail,
    Refused,
    /// No answer at all.
    Silence,
    /// Bytes that are no DNS message.
    Garbage,
    /// An answer whose records belong to another name.
    OtherName,
    /// Over UDP only the flag "truncated"; the whole answer over TCP.
    Truncated,
}

/// The zone: records and faults by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Zone {
    records: BTreeMap<String, Vec<RData>>,
    faults: BTreeMap<(String, Option<RecordType>), Fault>,
}

#[allow(dead_code, reason = "each test uses some")]
impl Zone {
    pub(crate) fn mx(self, name: &str, preference: u16, exchange: &str) -> Self {
        let data = RData::MX(MX::new(preference, wire(exchange)));
        self.with(name, data)
    }

    pub(crate) fn txt(self, name: &str, text: &str) -> Self {
        // As real servers do it: parts of at most 255 bytes.
        let parts = text.as_bytes().chunks(255).map(|part| String::from_utf8_lossy(part).into_owned()).collect();
        self.with(name, RData::TXT(TXT::new(parts)))
    }

    pub(crate) fn cname(self, name: &str, target: &str) -> Self {
        self.with(name, RData::CNAME(CNAME(wire(target))))
    }

    pub(crate) fn srv(self, name: &str, port: u16, target: &str) -> Self {
        self.with(name, RData::SRV(SRV::new(0, 0, port, wire(target))))
    }

    pub(crate) fn a(self, name: &str, address: &str) -> Self {
        self.with(name, RData::A(A(address.parse::<Ipv4Addr>().unwrap())))
    }

    /// A fault for every type of a name.
    pub(crate) fn fault(mut self, name: &str, fault: Fault) -> Self {
        self.faults.insert((name.to_owned(), None), fault);
        self
    }

    /// A fault for one type of a name.
    pub(crate) fn fault_for(mut self, name: &str, kind: RecordType, fault: Fault) -> Self {
        self.faults.insert((name.to_owned(), Some(kind)), fault);
        self
    }

    fn with(mut self, name: &str, data: RData) -> Self {
        self.records.entry(name.to_owned()).or_default().push(data);
        self
    }

    /// The same as a running server. Ends with the test's runtime.
    pub(crate) async fn serve(self) -> DnsServer {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        let udp = UdpSocket::bind(address).await.unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let zone = Arc::new(self);
        tokio::spawn(serve_udp(udp, zone.clone(), asked.clone()));
        tokio::spawn(serve_tcp(tcp, zone, asked.clone()));
        DnsServer { address, asked }
    }

    fn answer(&self, packet: &[u8], over_tcp: bool, asked: &Mutex<Vec<String>>) -> Option<Vec<u8>> {
        let query = Message::from_vec(packet).ok()?;
        let question = query.queries.first()?.clone();
        let name = question.name.to_ascii().trim_end_matches('.').to_ascii_lowercase();
        asked.lock().unwrap().push(format!("{name} {}", question.query_type));
        let mut message = Message::response(query.metadata.id, query.metadata.op_code);
        message.metadata.recursion_available = true;
        message.metadata.recursion_desired = true;
        message.add_query(question.clone());
        let fault = self
            .faults
            .get(&(name.clone(), Some(question.query_type)))
            .or_else(|| self.faults.get(&(name.clone(), None)))
            .copied();
        match fault {
            Some(Fault::Silence) => return None,
            Some(Fault::Garbage) => return Some([&packet[..2], &[0xff; 30]].concat()),
            Some(Fault::ServFail) => message.metadata.response_code = ResponseCode::ServFail,
            Some(Fault::Refused) => message.metadata.response_code = ResponseCode::Refused,
            Some(Fault::Truncated) if !over_tcp => message.metadata.truncation = true,
            Some(Fault::OtherName) => {
                for data in self.records.get(&name).into_iter().flatten() {
                    message.add_answer(Record::from_rdata(wire("other.example"), 60, data.clone()));
                }
            }
            _ => self.fill(&mut message, &name, question.query_type),
        }
        message.to_vec().ok()
    }

    /// The records, with the CNAMEs on the way (a loop ends after some rounds, as a real server's does).
    fn fill(&self, message: &mut Message, name: &str, kind: RecordType) {
        let mut owner = name.to_owned();
        for _ in 0..12 {
            let Some(all) = self.records.get(&owner) else {
                let below = format!(".{owner}");
                if message.answers.is_empty() && !self.records.keys().any(|known| known.ends_with(&below)) {
                    message.metadata.response_code = ResponseCode::NXDomain;
                }
                return;
            };
            let right: Vec<&RData> = all.iter().filter(|data| data.record_type() == kind).collect();
            for data in &right {
                message.add_answer(Record::from_rdata(wire(&owner), 60, (*data).clone()));
            }
            let alias = all.iter().find_map(|data| match data {
                RData::CNAME(target) => Some(target.0.clone()),
                _ => None,
            });
            match alias {
                Some(target) if right.is_empty() => {
                    message.add_answer(Record::from_rdata(wire(&owner), 60, RData::CNAME(CNAME(target.clone()))));
                    owner = target.to_ascii().trim_end_matches('.').to_ascii_lowercase();
                }
                _ => return,
            }
        }
    }
}

/// A running server.
#[derive(Debug)]
pub(crate) struct DnsServer {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

#[allow(dead_code, reason = "each test uses some")]
impl DnsServer {
    /// The questions so far, as `name TYPE`.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn wire(name: &str) -> Name {
    Name::from_ascii(format!("{}.", name.trim_end_matches('.'))).unwrap()
}

async fn serve_udp(socket: UdpSocket, zone: Arc<Zone>, asked: Arc<Mutex<Vec<String>>>) {
    let mut packet = [0; 4096];
    while let Ok((length, from)) = socket.recv_from(&mut packet).await {
        if let Some(answer) = zone.answer(&packet[..length], false, &asked) {
            let _ = socket.send_to(&answer, from).await;
        }
    }
}

async fn serve_tcp(listener: TcpListener, zone: Arc<Zone>, asked: Arc<Mutex<Vec<String>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve_stream(stream, zone.clone(), asked.clone()));
    }
}

async fn serve_stream(mut stream: TcpStream, zone: Arc<Zone>, asked: Arc<Mutex<Vec<String>>>) {
    while let Ok(length) = stream.read_u16().await {
        let mut packet = vec![0; usize::from(length)];
        if stream.read_exact(&mut packet).await.is_err() {
            return;
        }
        if let Some(answer) = zone.answer(&packet, true, &asked) {
            let framed = [&u16::try_from(answer.len()).unwrap().to_be_bytes()[..], &answer].concat();
            if stream.write_all(&framed).await.is_err() {
                return;
            }
        }
    }
}
