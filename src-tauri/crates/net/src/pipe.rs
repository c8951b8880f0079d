//! A connection of any kind: plain, through a proxy, inside TLS.

use tokio::io::{AsyncRead, AsyncWrite};

/// What can be read from and written to.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A connection of any kind.
pub(crate) type Pipe = Box<dyn Stream>;
