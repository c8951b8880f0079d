//! The links that texts may name, from `data/links.toml`.
