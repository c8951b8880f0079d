//! Google (placeholder while the Microsoft side is laid down).
use crate::{
    reply::{Incoming, Reply},
    world::World,
};
pub(crate) fn accounts(_: &Incoming, _: &World) -> Reply {
    Reply::not_found()
}
pub(crate) fn oauth2(_: &Incoming, _: &World) -> Reply {
    Reply::not_found()
}
pub(crate) fn openid(_: &Incoming, _: &World) -> Reply {
    Reply::not_found()
}
pub(crate) fn gmail(_: &Incoming, _: &World) -> Reply {
    Reply::not_found()
}
pub(crate) fn apis(_: &Incoming, _: &World) -> Reply {
    Reply::not_found()
}
