//! How connections to services are opened: past the guard, like all others.

use std::time::Duration;

use async_trait::async_trait;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
};
use url::{Host, Url};

use crate::outbound::{Destinations, OutboundFault, guarded_client};

/// How long the next bytes of a reply may take.
const READ: Duration = Duration::from_secs(60);

/// Lends a guarded client to the adapters of services.
#[derive(Debug)]
pub(super) struct GuardedConnector {
    destinations: Destinations,
    client: reqwest::Client,
}

impl GuardedConnector {
    pub fn new(destinations: Destinations) -> Result<Self, OutboundFault> {
        Ok(Self { destinations, client: guarded_client(destinations, Some(READ))? })
    }

    pub fn lend(&self) -> Self {
        Self { destinations: self.destinations, client: self.client.clone() }
    }
}

impl HttpConnector for GuardedConnector {
    fn connect(&self, _options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Guarded(self.lend())))
    }
}

#[derive(Debug)]
struct Guarded(GuardedConnector);

fn refused(fault: OutboundFault) -> HttpError {
    HttpError::new(HttpErrorKind::Unknown, fault)
}

#[async_trait]
impl HttpService for Guarded {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        // Addresses are written in many ways; what the client makes of them is looked at. Names are
        // checked when they are looked up.
        let url = Url::parse(&request.uri().to_string()).map_err(|_| refused(OutboundFault::Address))?;
        match url.host() {
            Some(Host::Domain(_)) => {}
            Some(address) => {
                let port = url.port_or_known_default().unwrap_or_default();
                self.0.destinations.resolve(&address.to_string(), port).await.map_err(refused)?;
            }
            None => return Err(refused(OutboundFault::Address)),
        }
        self.0.client.call(request).await
    }
}
