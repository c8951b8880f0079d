//! Domains and their verdicts, against real servers on loopback.

// One DNS server for the tests of both crates: real packets are easy to get subtly wrong twice.
#[path = "../../../net/src/testing/dns_server.rs"]
mod dns_server;
mod domains;
mod faults;
mod played;

use std::time::Duration;

use inbox_model::{Discovery, Observation};
use inbox_net::{Net, NetOptions};
use tokio_util::sync::CancellationToken;

use self::{
    dns_server::{DnsServer, Zone},
    played::{Played, Running},
};
use super::{Target, discover};
use crate::{MicrosoftAddresses, Recorder};

/// A world of one test: DNS and Microsoft.
struct World {
    dns: DnsServer,
    microsoft: Running,
    recorder: Recorder,
}

impl World {
    async fn new(zone: Zone, played: Played) -> Self {
        Self { dns: zone.serve().await, microsoft: played.serve().await, recorder: Recorder::default() }
    }

    async fn discover(&self, target: &str) -> Discovery {
        self.discover_within(target, Duration::from_secs(15), &CancellationToken::new()).await
    }

    async fn discover_within(&self, target: &str, budget: Duration, cancel: &CancellationToken) -> Discovery {
        let base = &self.microsoft.base;
        let net = Net::new(&NetOptions {
            dns_server: Some(self.dns.address),
            local_hosts: vec![format!("{}:{}", base.host_str().unwrap(), base.port().unwrap())],
            ..NetOptions::default()
        })
        .unwrap();
        let addresses = MicrosoftAddresses { login: base.clone(), graph: base.clone(), autodiscover: base.clone() };
        let target = Target::parse(target).unwrap();
        discover(&target, &net, &addresses, &self.recorder, budget, cancel).await
    }

    fn of_probe(&self, probe: &str) -> Vec<Observation> {
        self.recorder.observations().into_iter().filter(|observation| observation.probe == probe).collect()
    }
}
